"""Temporary table of the state that a cited item is really in (EVD-4): the stated one, held against the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

# Notices that a message came back name it as what they answer.
_RETURNED = """
create or replace temp table returned_messages as
select distinct evidence_hash, payload ->> '$.in_reply_to' as message_id
from raw.evidence_items
where
    evidence_hash in (select evidence_hash from run_inputs)
    and evidence_type = 'email'
    and regexp_matches(payload, '(?i)"(mailer-daemon|postmaster)@')
    and regexp_matches(
        lower(coalesce(payload ->> '$.from.email', payload ->> '$.from', '')), '^(mailer-daemon|postmaster)@'
    )
    and (payload ->> '$.in_reply_to') is not null
"""
# A meeting to which only our own people came was not held with anybody. Who was seen there proves a confirmed one held.
_ATTENDANCE = """
create or replace temp table attendance as
select inputs.policy_hash, mentions.evidence_hash, mentions.evidence_id, bool_or(mentions.has_attended) as has_attended
from mentions
inner join address_keys as keys on keys.given = mentions.given
inner join registered_hosts as registered on registered.host = split_part(keys.key, '@', -1)
inner join (select distinct evidence_hash, policy_hash from run_inputs) as inputs
    on inputs.evidence_hash = mentions.evidence_hash
anti join policy.mail_domains as own
    on
        own.policy_hash = inputs.policy_hash
        and own.kind = 'own'
        and own.domain in (registered.host, registered.domain)
where not mentions.is_absent
group by all
"""
_STATES = """
create or replace temp table item_states as
with told as (
    select
        inputs.policy_hash, items.*, attendance.evidence_id is not null as is_attended, attendance.has_attended,
        lower(trim(items.payload ->> '$.status')) as status,
        lower(trim(coalesce(items.payload ->> '$.auto_submitted', ''))) as automatic,
        lower(trim(coalesce(items.payload ->> '$.auth.dmarc', ''))) as dmarc,
        returned.message_id is not null as is_returned
    from cited_items as items
    inner join (select distinct evidence_hash, policy_hash from run_inputs) as inputs
        on inputs.evidence_hash = items.evidence_hash
    left join attendance
        on
            attendance.policy_hash = inputs.policy_hash
            and attendance.evidence_hash = items.evidence_hash
            and attendance.evidence_id = items.evidence_id
    left join returned_messages as returned
        on
            items.evidence_type = 'email'
            and returned.evidence_hash = items.evidence_hash
            and returned.message_id = items.payload ->> '$.message_id'
)
select policy_hash, evidence_hash, evidence_id,
    case
        when evidence_type = 'email' and (status = 'draft' or stored_state = 'draft') then 'draft'
        when evidence_type = 'email' and (is_returned or status in ('bounced', 'failed', 'undelivered')) then 'bounced'
        when evidence_type = 'email' and stored_state = 'inbound' and dmarc = 'fail' then 'forged'
        when evidence_type = 'email' and stored_state = 'inbound' and automatic not in ('', 'no', 'false')
            then 'automatic'
        when evidence_type = 'calendar_event' and stored_state in ('held', 'confirmed') and not is_attended
            then 'unattended'
        when evidence_type = 'calendar_event' and stored_state = 'confirmed' and has_attended then 'held'
        else stored_state
    end as evidence_state
from told
"""


def open_item_states(con: duckdb.DuckDBPyConnection) -> None:
    """Make item_states. Needs cited_items, mentions, and the lent tables address_keys and registered_hosts.

    Grain: (policy, cited item): evidence_state, the stated one, or `draft`, `bounced`, `forged` (the sender's own
    domain disowns it) or `automatic` for an email, `unattended` or `held` for a meeting.
    """
    for statement in (_RETURNED, _ATTENDANCE, _STATES):
        con.execute(statement)
    con.execute("drop table returned_messages; drop table attendance")
