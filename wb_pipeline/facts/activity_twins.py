"""facts.activity_twins: which logs tell of one activity, and which the CRM has already (LOG-1). Stops nothing."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from wb_pipeline.contract.times import read_time
from wb_pipeline.facts.current_run import count_rows
from wb_pipeline.facts.distinct_values import lent
from wb_pipeline.facts.logged_activities import PLAIN_ID, open_logged_activities
from wb_pipeline.facts.same_activity import Report, plain_words, same_activities

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import duckdb

_ALL = """
select manifest_id, 'log' as told_by, proposal_key as teller, kind, contact_ids, company_ids, deal_ids, occurred_at,
    subject, body, attachments, message_ids, event_ids, recording_ids
from logged_activities
union all
select * from told_activities
"""
# Only what shares an id or a person with a log of the run can be the same; the rest of the books is not read.
_NAMED = """
create or replace temp table named_by_logs as
select distinct manifest_id, plain_id(name) as name
from (
    select manifest_id, unnest(
        contact_ids || company_ids || deal_ids || message_ids || event_ids || recording_ids
    ) as name
    from logged_activities
)
"""
_STANDING = """
with activities as (
    select runs.manifest_id, records.record_id, try_cast(records.fields as json) as said
    from (select distinct manifest_id, snapshot_hash from logged_activities) as runs
    inner join raw.crm_records as records
        on records.snapshot_hash = runs.snapshot_hash and records.object = 'activity'
)
select manifest_id, 'crm' as told_by, record_id as teller, lower(trim(said ->> '$.type')) as kind,
    [said ->> '$.contact_id'] as contact_ids, [said ->> '$.company_id'] as company_ids,
    [said ->> '$.deal_id'] as deal_ids, said ->> '$.occurred_at' as occurred_at,
    coalesce(said ->> '$.subject', '') as subject, coalesce(said ->> '$.body', '') as body,
    coalesce(said ->> '$.attachments', '') as attachments,
    [said ->> '$.message_id'] as message_ids, [said ->> '$.calendar_event_id'] as event_ids,
    [said ->> '$.recording_id'] as recording_ids
from activities
"""
# Approved or queued logs of earlier batches: their fields lie in the books under the CRM's own names.
_EARLIER = """
with runs as (
    select distinct logs.manifest_id, manifests.ledger_sequence
    from logged_activities as logs
    inner join raw.run_manifests as manifests on manifests.manifest_id = logs.manifest_id
),
opened as (
    select runs.manifest_id, books.proposal_key, books.manifest_id as earlier_manifest_id, books.deed_key
    from runs
    inner join books.sealed_decisions as books
        on books.sealed_sequence <= runs.ledger_sequence and books.manifest_id <> runs.manifest_id
    left join (
        select runs.manifest_id, events.change_id, arg_max(events.standing, events.sequence) as standing
        from runs
        inner join books.change_standings as events on events.sequence <= runs.ledger_sequence
        group by all
    ) as standings
        on standings.manifest_id = runs.manifest_id and standings.change_id = books.change_id
    where books.is_action_row and books.effective_action = 'log' and books.lane in ('auto', 'suggest', 'review')
        and starts_with(books.deed_key, 'log|')
        and coalesce(standings.standing not in ('rejected', 'declined', 'undone'), true)
),
said as (
    select opened.manifest_id, opened.proposal_key, opened.earlier_manifest_id, opened.deed_key,
        if(books.field = 'type', 'activity_type', books.field) as field,
        trim(json_extract_string(try_cast(books.new_value as json), '$')) as value
    from opened
    inner join books.sealed_decisions as books
        on books.manifest_id = opened.earlier_manifest_id and books.proposal_key = opened.proposal_key
    where books.is_action_row is false and books.field is not null
)
select manifest_id, 'earlier' as told_by, deed_key as teller,
    lower(min(value) filter (field = 'activity_type')) as kind,
    list(distinct value) filter (field = 'contact_id') as contact_ids,
    list(distinct value) filter (field = 'company_id') as company_ids,
    list(distinct value) filter (field = 'deal_id') as deal_ids,
    min(value) filter (field = 'occurred_at') as occurred_at,
    coalesce(min(value) filter (field = 'subject'), '') as subject,
    coalesce(min(value) filter (field = 'body'), '') as body,
    coalesce(min(value) filter (field = 'attachments'), '') as attachments,
    list(distinct value) filter (field = 'message_id') as message_ids,
    list(distinct value) filter (field = 'calendar_event_id') as event_ids,
    list(distinct value) filter (field = 'recording_id') as recording_ids
from said
group by manifest_id, earlier_manifest_id, proposal_key, deed_key
"""
_TOLD = """
create or replace temp table told_activities as
with told as ({told}),
numbered as (select row_number() over () as number, * from told),
names as (
    select number, manifest_id, plain_id(unnest(
        flatten([contact_ids, company_ids, deal_ids, message_ids, event_ids, recording_ids])
    )) as name
    from numbered
)
select * exclude (number) from numbered
where number in (select number from names semi join named_by_logs using (manifest_id, name))
"""
_SHARE = """
update facts.proposal_keys as keys set create_key = twins.activity_key
from facts.activity_twins as twins
where twins.manifest_id = keys.manifest_id and twins.proposal_key = keys.proposal_key
"""


def write_activity_twins(con: duckdb.DuckDBPyConnection) -> int:
    """Write facts.activity_twins and return its rows. Reads facts.field_names, raw.crm_records and books.

    Grain: readable log: manifest_id, proposal_key, activity_key (equal for all logs of one activity, also for those of
    open earlier batches), crm_activity_id (the activity of the CRM that is the same; NULL = none). The key becomes the
    create_key of facts.proposal_keys: what the log would make.
    """
    open_logged_activities(con)
    con.execute(f"create or replace temp macro plain_id(name) as {PLAIN_ID.format(text='name')}")
    con.execute(_NAMED)
    con.execute(_TOLD.format(told=" union all ".join(f"({told})" for told in (_STANDING, _EARLIER))))
    told = con.execute(_ALL).fetchall()
    by_manifest: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for manifest_id, *row in told:
        by_manifest[manifest_id].append(tuple(row))
    rows = [(manifest_id, *row) for manifest_id, mine in by_manifest.items() for row in _twins(mine)]
    names = ("manifest_id", "proposal_key", "activity_key", "crm_activity_id")
    with lent(con, "twin_rows", {name: (pa.string(), [row[i] for row in rows]) for i, name in enumerate(names)}):
        con.execute("create or replace table facts.activity_twins as from twin_rows")
    con.execute(_SHARE)
    return count_rows(con, "facts.activity_twins")


def _twins(told: list[tuple[Any, ...]]) -> Iterator[tuple[str, str, str | None]]:
    reports = [_report(row) for row in told]
    first = same_activities(reports)
    keys: dict[int, str] = {place: f"activity:{reports[place].content_key}" for place in set(first)}
    standing: Mapping[tuple[int, str], list[str]] = defaultdict(list)
    for row, head in zip(told, first, strict=True):
        standing[head, row[0]].append(row[1])
    for (told_by, teller, *_), head in zip(told, first, strict=True):
        if told_by == "log":
            earlier, crm = standing.get((head, "earlier")), standing.get((head, "crm"))
            key = min(earlier).removeprefix("log|") if earlier else keys[head]
            yield teller, key, min(crm) if crm else None


def _report(row: tuple[Any, ...]) -> Report:
    _, _, kind, contacts, companies, deals, occurred_at, *texts, messages, events, recordings = row
    # What hangs on a note is what it says; two tools need not keep the same files of a call.
    text = " ".join(texts if kind not in ("call", "meeting", "email") else texts[:2])
    people = _pairs("contact", contacts) or _pairs("deal", deals) or _pairs("company", companies)
    ids = {*_ids("message", messages), *_ids("event", events), *_ids("recording", recordings)}
    return Report(kind or "", frozenset(ids), people, read_time(occurred_at).at, plain_words(text))


def _pairs(kind: str, values: list[str | None] | None) -> frozenset[tuple[str, str]]:
    return frozenset((kind, value) for value in values or () if value)


def _ids(kind: str, values: list[str | None] | None) -> frozenset[tuple[str, str]]:
    plain = (value.strip().lstrip("<").rstrip(">").strip().lower() for value in values or () if value)
    return frozenset((kind, value) for value in plain if value)
