"""facts.person_standing: may the person whom a proposal is about be written to (HIA-2, TRG-1)? Stops nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyarrow as pa

from wb_pipeline.facts.current_run import count_rows
from wb_pipeline.facts.distinct_values import lent, lent_keys
from wb_pipeline.facts.participants import person_key
from wb_pipeline.normalize.emails import mailbox_key

if TYPE_CHECKING:
    import duckdb

LEAST_LIKELY = 0.5
"""From here a record that is only like a new person counts as that person: more likely than not."""
_ABOUT = """
create or replace temp table persons_meant as
with meant as (
    select manifest_id, proposal_key, object, record_id
    from facts.match_candidates
    where match_method is distinct from 'likeness' or match_probability >= getvariable('least_likely')
    union
    select manifest_id, proposal_key, object, target_id from run_proposals
    where target_id is not null and action is distinct from 'create'
    union
    select manifest_id, proposal_key, object, unnest([
        trim(json_extract_string(try_cast(payload as json), '$.survivor')),
        trim(json_extract_string(try_cast(payload as json), '$.loser'))
    ])
    from run_proposals where action = 'merge'
)
select distinct meant.manifest_id, meant.proposal_key,
    if(meant.object = 'deal', 'contact', meant.object) as object,
    case when meant.object = 'deal' then json_extract_string(try_cast(deals.fields as json), '$.primary_contact_id')
        else meant.record_id end as record_id
from meant
inner join run_snapshots as runs on runs.manifest_id = meant.manifest_id
left join raw.crm_records as deals
    on deals.snapshot_hash = runs.snapshot_hash and deals.object = 'deal' and meant.object = 'deal'
        and deals.record_id = meant.record_id
where meant.object in ('contact', 'lead', 'deal')
"""
_MAILBOXES = """
create or replace temp table mailboxes_meant as
with reached as (
    select persons.manifest_id, persons.proposal_key, mailboxes.mailbox
    from persons_meant as persons
    inner join run_snapshots as runs on runs.manifest_id = persons.manifest_id
    inner join people_mailboxes as mailboxes
        on mailboxes.snapshot_hash = runs.snapshot_hash and mailboxes.object = persons.object
            and mailboxes.record_id = persons.record_id
    union
    select given.manifest_id, given.proposal_key, keys.key
    from facts.proposal_key_values as given
    inner join given_mailboxes as keys on keys.given = given.key
    where given.key_kind = 'email'
)
select manifest_id, proposal_key, mailbox from reached
union
select manifest_id, proposal_key, '@' || split_part(mailbox, '@', 2) from reached
union
select manifest_id, proposal_key, split_part(mailbox, '@', 2) from reached
"""
# The same name at the same firm, under another address.
_NAMED_ALIKE = """
select distinct created.manifest_id, created.proposal_key
from created_names as created inner join opted_out_names as out using (manifest_id, name, domain)
"""
_CREATED = """
select keys.manifest_id, keys.proposal_key, keys.email_domain_key,
    min(json_extract_string(try_cast(changes.new_value as json), '$')) filter (changes.field = 'first_name'),
    min(json_extract_string(try_cast(changes.new_value as json), '$')) filter (changes.field = 'last_name')
from facts.proposal_keys as keys
inner join named_changes as changes
    on changes.manifest_id = keys.manifest_id and changes.proposal_key = keys.proposal_key
where changes.action = 'create' and changes.object in ('contact', 'lead') and keys.email_domain_key is not null
    and keys.email_domain_key not in (
        select domain from policy.mail_domains as listed
        where listed.kind = 'personal' and listed.policy_hash = changes.policy_hash
    )
group by all
"""
_OUT_NAMES = """
select outs.manifest_id, split_part(outs.mailbox, '@', 2), records.fields ->> '$.first_name',
    records.fields ->> '$.last_name', null
from facts.opt_outs as outs
inner join run_snapshots as runs on runs.manifest_id = outs.manifest_id
inner join (select * replace (try_cast(fields as json) as fields) from raw.crm_records) as records
    on records.snapshot_hash = runs.snapshot_hash and records.object in ('contact', 'lead')
        and records.record_id = outs.record_id
where outs.told_by = 'record' and outs.mailbox is not null
union
select manifest_id, split_part(mailbox, '@', 2), null, null, split_part(mailbox, '@', 1)
from facts.opt_outs where told_by = 'suppression' and mailbox like '_%@%'
"""
_FACTS = """
create or replace table facts.person_standing as
with words as (
    select persons.manifest_id, persons.proposal_key, outs.told_by, outs.said_in, persons.record_id
    from persons_meant as persons
    inner join facts.opt_outs as outs
        on outs.manifest_id = persons.manifest_id and outs.object = persons.object
            and outs.record_id = persons.record_id
            and outs.proposal_key is distinct from persons.proposal_key
    union
    select mailboxes.manifest_id, mailboxes.proposal_key, outs.told_by, outs.said_in, null
    from mailboxes_meant as mailboxes
    inner join facts.opt_outs as outs
        on outs.manifest_id = mailboxes.manifest_id and outs.mailbox = mailboxes.mailbox
            and outs.proposal_key is distinct from mailboxes.proposal_key
),
counted as (
    select manifest_id, proposal_key,
        bool_or(told_by <> 'pending') as is_opted_out,
        bool_or(told_by = 'pending') as is_pending,
        count(distinct record_id) as records_out,
        list(distinct told_by || ': ' || said_in order by told_by || ': ' || said_in) as words
    from words group by all
),
people as (
    select manifest_id, proposal_key, count(distinct record_id) as records from persons_meant group by all
),
alike as ({alike})
select
    proposals.manifest_id,
    proposals.proposal_key,
    coalesce(counted.is_opted_out, false) as is_opted_out,
    coalesce(counted.is_pending, false)
        and not (proposals.action is not distinct from 'create' and proposers.proposal_key is not null)
        as is_opt_out_pending,
    alike.proposal_key is not null as is_like_opted_out,
    proposals.action is not distinct from 'merge' and coalesce(counted.records_out, 0) > 0
        and counted.records_out < people.records as is_opt_out_split,
    to_json(coalesce(counted.words, [])) as words
from run_proposals as proposals
left join counted
    on counted.manifest_id = proposals.manifest_id and counted.proposal_key = proposals.proposal_key
left join people
    on people.manifest_id = proposals.manifest_id and people.proposal_key = proposals.proposal_key
left join opt_out_proposers as proposers
    on proposers.manifest_id = proposals.manifest_id and proposers.proposal_key = proposals.proposal_key
left join alike
    on alike.manifest_id = proposals.manifest_id and alike.proposal_key = proposals.proposal_key
"""
_PARTS = re.compile(r"[._-]+")


def write_person_standing(con: duckdb.DuckDBPyConnection) -> int:
    """Write facts.person_standing and return its rows. Reads what `write_opt_outs` leaves, right after it.

    Grain: readable proposal: manifest_id, proposal_key, is_opted_out (a record or the suppression list says so, of the
    person by any address; the primary contact stands for a deal), is_opt_out_pending (another proposal, or an open
    earlier one, says so), is_like_opted_out (it would create somebody of the same name at the same firm),
    is_opt_out_split (a merge of one who opted out with one who did not), words (JSON: who says it, in which field).
    """
    con.execute("set variable least_likely = ?", [LEAST_LIKELY])
    con.execute(_ABOUT)
    given = "select distinct key as given from facts.proposal_key_values where key_kind = 'email'"
    with lent_keys(con, "given_mailboxes", given, mailbox_key):
        con.execute(_MAILBOXES)
    created: list[tuple[str | None, ...]] = [
        (manifest_id, proposal_key, person_key(first, last), domain)
        for manifest_id, proposal_key, domain, first, last in con.execute(_CREATED).fetchall()
    ]
    with (
        lent(con, "created_names", _columns(("manifest_id", "proposal_key", "name", "domain"), created)),
        lent(con, "opted_out_names", _columns(("manifest_id", "domain", "name"), _out_names(con))),
    ):
        con.execute(_FACTS.format(alike=_NAMED_ALIKE))
    return count_rows(con, "facts.person_standing")


def _out_names(con: duckdb.DuckDBPyConnection) -> list[tuple[str | None, ...]]:
    names: list[tuple[str | None, ...]] = []
    for manifest_id, domain, first, last, local_part in con.execute(_OUT_NAMES).fetchall():
        name = person_key(first, last) if local_part is None else person_key(" ".join(_PARTS.split(local_part)), None)
        if name:
            names.append((manifest_id, domain, name))
    return names


def _columns(names: tuple[str, ...], rows: list[tuple[str | None, ...]]) -> dict[str, tuple[pa.DataType, list[object]]]:
    return {name: (pa.string(), [row[i] for row in rows]) for i, name in enumerate(names)}
