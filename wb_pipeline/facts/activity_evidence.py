"""facts.activity_evidence: did whom a log names take part, and did it take place (LOG-2, LOG-3)? Stops nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, TypeAlias

import pyarrow as pa

from wb_pipeline.contract.times import read_time
from wb_pipeline.facts.activity_people import open_activity_people
from wb_pipeline.facts.activity_relations import open_unrelated_records
from wb_pipeline.facts.current_run import count_rows
from wb_pipeline.facts.distinct_values import lent
from wb_pipeline.facts.logged_activities import PLAIN_ID, open_logged_activities
from wb_pipeline.facts.participants import HELD, is_not_reached, participants, parts_of
from wb_pipeline.normalize.domains import registrable_domain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import duckdb

Columns: TypeAlias = "Mapping[str, tuple[pa.DataType, Sequence[object]]]"
CLOCK_TOLERANCE = timedelta(minutes=5)
"""Clocks differ by so much: a call that is noted while it ends is none of the future."""

# What a log names by its id decides; where it names nothing that is found, what it cites.
_ITEMS = """
create or replace temp table activity_items as
with named as (
    select manifest_id, proposal_key, evidence_hash, 'email' as evidence_type, unnest(message_ids) as id
    from logged_activities
    union all
    select manifest_id, proposal_key, evidence_hash, 'calendar_event', unnest(event_ids) from logged_activities
    union all
    select manifest_id, proposal_key, evidence_hash, 'call_recording', unnest(recording_ids) from logged_activities
),
items as (
    select evidence_hash, evidence_id, evidence_type, evidence_state, happened_at, is_duplicated_id,
        json_extract_string(try_cast(payload as json), case evidence_type
            when 'email' then '$.message_id' when 'calendar_event' then '$.event_id' else '$.recording_id'
        end) as id
    from raw.evidence_items
    where evidence_type in ('email', 'calendar_event', 'call_recording')
        and evidence_hash in (select evidence_hash from logged_activities)
)
select named.manifest_id, named.proposal_key, named.id as named_id, items.* exclude (id)
from named
left join items
    on items.evidence_hash = named.evidence_hash and items.evidence_type = named.evidence_type
        and plain_id(items.id) = plain_id(named.id)
union all
select logs.manifest_id, logs.proposal_key, null, items.* exclude (id)
from logged_activities as logs
inner join raw.proposal_citations as citations
    on citations.batch_key = logs.batch_key and citations.proposal_key = logs.proposal_key
inner join items on items.evidence_hash = logs.evidence_hash and items.evidence_id = citations.evidence_id
"""
# A transcript of 20 MB stays where it is: only the lists of people are taken out.
_PARTS = """
select distinct items.evidence_hash, items.evidence_id, items.evidence_type,
    json_object('from', part[1], 'to', part[2], 'cc', part[3], 'organizer', part[4], 'attendees', part[5],
        'participants', part[6])::varchar as parts
from activity_items as items
inner join (
    select evidence_hash, evidence_id, evidence_type, json_extract(
        try_cast(payload as json), ['$.from', '$.to', '$.cc', '$.organizer', '$.attendees', '$.participants']
    ) as part
    from raw.evidence_items
    where (evidence_hash, evidence_id) in (select (evidence_hash, evidence_id) from activity_items)
) as store
    on store.evidence_hash = items.evidence_hash and store.evidence_id = items.evidence_id
        and store.evidence_type = items.evidence_type
"""
_TIMES = """
select logs.manifest_id, logs.proposal_key, lines.submitted_at, manifests.clock_at, logs.occurred_at, logs.outcome
from logged_activities as logs
inner join raw.proposal_lines as lines
    on lines.batch_key = logs.batch_key and lines.proposal_key = logs.proposal_key
inner join raw.run_manifests as manifests on manifests.manifest_id = logs.manifest_id
"""
_HELD_STATES: Columns = {
    "of_type": (pa.string(), [kind for kind, states in HELD.items() for _ in states]),
    "state": (pa.string(), [state for states in HELD.values() for state in states]),
}
_DECIDING = """
create or replace temp table deciding_items as
with found as (
    select items.*, bool_or(items.named_id is not null and items.evidence_id is not null)
        over (partition by items.manifest_id, items.proposal_key) as names_one
    from activity_items as items
)
select * from found where evidence_id is not null and (named_id is not null or not names_one)
"""
_FACTS = """
create or replace table facts.activity_evidence as
with met as (
    select distinct items.manifest_id, items.proposal_key, items.evidence_id
    from deciding_items as items
    inner join item_people as people
        on people.evidence_hash = items.evidence_hash and people.evidence_id = items.evidence_id
    inner join activity_people as about
        on about.manifest_id = items.manifest_id and about.proposal_key = items.proposal_key
            and (about.mailbox = people.mailbox or about.domain = people.domain)
    union
    select items.manifest_id, items.proposal_key, items.evidence_id
    from deciding_items as items
    inner join item_people as people
        on people.evidence_hash = items.evidence_hash and people.evidence_id = items.evidence_id
    inner join activity_names as about
        on about.manifest_id = items.manifest_id and about.proposal_key = items.proposal_key
            and about.name = people.name
),
judged as (
    select deciding.manifest_id, deciding.proposal_key, deciding.named_id, deciding.evidence_id,
        deciding.evidence_type, deciding.evidence_state, deciding.happened_at, deciding.names_one,
        -- Which of two items with one id was meant, nobody knows: the better one least of all.
        met.evidence_id is not null and deciding.is_duplicated_id is not true as is_met
    from deciding_items as deciding
    left join met
        on met.manifest_id = deciding.manifest_id and met.proposal_key = deciding.proposal_key
            and met.evidence_id = deciding.evidence_id
),
by_name as (
    select manifest_id, proposal_key, named_id, bool_or(is_met) as is_met from judged group by all
),
counted as (
    select manifest_id, proposal_key, count(*) as items,
        -- Each message or meeting that it names must fit, or any that it cites.
        bool_and(is_met) filter (named_id is not null) as named_fit, bool_or(is_met) as any_fits
    from by_name group by all
),
-- What keeps an event or call from having taken place by the time of the proposal.
problems as (
    select manifest_id, proposal_key, names_one, evidence_state,
        case
            when happened_at is null or submitted_at is null then 'time_unknown'
            when happened_at > submitted_at then 'in_the_future'
            when (evidence_type, evidence_state) in (select (of_type, state) from held_states) then null
            when evidence_type = 'calendar_event' then 'not_held'
            else 'nobody_reached'
        end as problem
    from judged
    inner join log_times using (manifest_id, proposal_key)
    where evidence_type in ('calendar_event', 'call_recording')
),
states as (
    select manifest_id, proposal_key, list(distinct evidence_state order by evidence_state) as states,
        case when bool_or(names_one) or bool_and(problem is not null) then min(problem) end as problem
    from problems group by all
),
unknown as (
    select manifest_id, proposal_key, list(distinct named_id order by named_id) as ids
    from activity_items where named_id is not null and evidence_id is null group by all
)
select
    logs.manifest_id,
    logs.proposal_key,
    logs.kind,
    len(logs.contact_ids) + len(logs.company_ids) + len(logs.deal_ids) > 0 as is_about_somebody,
    to_json(coalesce(unknown.ids, [])) as unknown_ids,
    coalesce(counted.items, 0) as item_count,
    coalesce(counted.named_fit, counted.any_fits, true) as has_part_taken,
    to_json(coalesce(states.states, [])) as states,
    case
        when times.is_to_come and logs.kind is distinct from 'task' then 'in_the_future'
        when coalesce(logs.kind not in ('email', 'note', 'task'), true) and not times.says_not_reached
            then states.problem
    end as not_held_because,
    to_json(coalesce(unrelated.ids, [])) as unrelated_ids
from logged_activities as logs
inner join log_times as times
    on times.manifest_id = logs.manifest_id and times.proposal_key = logs.proposal_key
left join counted
    on counted.manifest_id = logs.manifest_id and counted.proposal_key = logs.proposal_key
left join states
    on states.manifest_id = logs.manifest_id and states.proposal_key = logs.proposal_key
left join unknown
    on unknown.manifest_id = logs.manifest_id and unknown.proposal_key = logs.proposal_key
left join unrelated_records as unrelated
    on unrelated.manifest_id = logs.manifest_id and unrelated.proposal_key = logs.proposal_key
"""


def write_activity_evidence(con: duckdb.DuckDBPyConnection) -> int:
    """Write facts.activity_evidence and return its rows. Reads facts.field_names, raw.* and the evidence store.

    Grain: readable log: manifest_id, proposal_key, kind (as said, small letters), is_about_somebody, unknown_ids (JSON:
    ids of messages, meetings and recordings that it names and nobody has), item_count (found ones that decide),
    has_part_taken (true where there is none to ask), states (JSON), not_held_because (`not_held`, `nobody_reached`,
    `in_the_future`; NULL = it took place, or nothing says otherwise), unrelated_ids (JSON: companies and deals that it
    names and nobody of it has to do with).
    """
    open_logged_activities(con)
    open_activity_people(con)
    con.execute(f"create or replace temp macro plain_id(name) as {PLAIN_ID.format(text='name')}")
    con.execute(_ITEMS)
    with (
        lent(con, "item_people", _item_people(con)),
        lent(con, "log_times", _log_times(con)),
        lent(con, "held_states", _HELD_STATES),
    ):
        con.execute(_DECIDING)
        open_unrelated_records(con)
        con.execute(_FACTS)
    return count_rows(con, "facts.activity_evidence")


def _item_people(con: duckdb.DuckDBPyConnection) -> Columns:
    rows: list[tuple[object, ...]] = []
    for evidence_hash, evidence_id, evidence_type, parts in con.execute(_PARTS).fetchall():
        for each in participants(evidence_type, parts_of(parts)):
            domain = registrable_domain(each.domain) if each.domain else None
            rows.append((evidence_hash, evidence_id, each.mailbox, domain, each.name))
    return _text_columns(("evidence_hash", "evidence_id", "mailbox", "domain", "name"), rows)


def _log_times(con: duckdb.DuckDBPyConnection) -> Columns:
    rows = con.execute(_TIMES).fetchall()
    to_come = []
    for _, _, submitted_at, clock_at, occurred_text, _ in rows:
        occurred, limits = read_time(occurred_text).at, [at for at in (submitted_at, clock_at) if at]
        to_come.append(bool(occurred and limits and occurred > min(limits) + CLOCK_TOLERANCE))
    return {
        **_text_columns(("manifest_id", "proposal_key"), [row[:2] for row in rows]),
        "submitted_at": (pa.timestamp("us"), [row[2] for row in rows]),
        "is_to_come": (pa.bool_(), to_come),
        "says_not_reached": (pa.bool_(), [is_not_reached(row[5]) for row in rows]),
    }


def _text_columns(names: Sequence[str], rows: Sequence[tuple[object, ...]]) -> Columns:
    return {name: (pa.string(), [row[i] for row in rows]) for i, name in enumerate(names)}
