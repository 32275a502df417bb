"""facts.opt_outs, facts.consent_changes: who must not be written to, by whose word (HIA-2, TRG-1). Stops nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from wb_pipeline.facts.current_run import count_rows, open_named_changes
from wb_pipeline.facts.distinct_values import lent, lent_keys
from wb_pipeline.facts.opt_out_words import is_consent_field, stance
from wb_pipeline.facts.people import json_pointer, open_people
from wb_pipeline.normalize.emails import mailbox_key

if TYPE_CHECKING:
    import duckdb

_RUN_SNAPSHOTS = """
create or replace temp view run_snapshots as select distinct manifest_id, snapshot_hash from run_inputs
"""
_RECORD_NAMES = """
select distinct unnest(json_keys(try_cast(fields as json))) as name from raw.crm_records
where object in ('contact', 'lead') and snapshot_hash in (select snapshot_hash from run_inputs)
"""
_PROPOSED_NAMES = """
select distinct coalesce(field, field_as_given) as name from named_changes where object in ('contact', 'lead')
union
select distinct field from books.sealed_decisions where object in ('contact', 'lead')
"""
_ON_RECORDS = """
insert into consent_values
select 'record', snapshot_hash, object, record_id, $name, json_extract(try_cast(fields as json), $pointer)::varchar
from raw.crm_records
where object in ('contact', 'lead') and snapshot_hash in (select snapshot_hash from run_inputs)
    and json_extract(try_cast(fields as json), $pointer) is not null
"""
# Who proposes or proposed it counts as little as what became of it: a wish to be left alone holds from now on.
_PROPOSED = """
insert into consent_values
select 'proposal', manifest_id, object, proposal_key, coalesce(field, field_as_given), new_value
from named_changes
where object in ('contact', 'lead') and new_value is not null
    and coalesce(field, field_as_given) in (select name from consent_names)
"""
_EARLIER = """
insert into consent_values
select 'earlier', runs.manifest_id, books.object,
    coalesce(books.record_id, books.manifest_id || '|' || books.proposal_key), books.field, books.new_value
from (select distinct manifest_id from run_inputs) as runs
inner join raw.run_manifests as manifests on manifests.manifest_id = runs.manifest_id
inner join books.sealed_decisions as books
    on books.sealed_sequence <= manifests.ledger_sequence and books.manifest_id <> runs.manifest_id
where books.is_action_row is false and books.object in ('contact', 'lead')
    and books.field in (select name from consent_names)
    and books.new_value is not null and books.lane in ('auto', 'suggest', 'review')
"""
# The mailbox of somebody who was created with an opt-out, while the record is still queued.
_EARLIER_MAILBOXES = """
select runs.manifest_id, books.manifest_id || '|' || books.proposal_key as holder,
    json_extract_string(try_cast(books.new_value as json), '$') as address
from (select distinct manifest_id from run_inputs) as runs
inner join books.sealed_decisions as books on books.manifest_id <> runs.manifest_id
where books.is_action_row is false and books.field = 'email'
    and books.manifest_id || '|' || books.proposal_key in (select holder from consent_values where told_by = 'earlier')
"""
_OWN_MAILBOXES = """
select manifest_id, proposal_key as holder, json_extract_string(try_cast(new_value as json), '$') as address
from named_changes where field = 'email' and object in ('contact', 'lead') and action = 'create'
"""
_SUPPRESSED = """
select snapshot_hash, record_id, lower(trim(json_extract_string(try_cast(fields as json), '$.email'))) as address
from raw.crm_records
where object = 'suppression' and is_archived is not true and snapshot_hash in (select snapshot_hash from run_inputs)
"""
_OPT_OUTS = """
create or replace table facts.opt_outs as
with out as (
    select given.*, values.field as said_in from consent_values as given
    inner join out_values as values on values.field = given.field and values.value is not distinct from given.value
),
on_records as (
    select distinct runs.manifest_id, out.object, out.holder as record_id, out.said_in, runs.snapshot_hash
    from out inner join run_snapshots as runs on runs.snapshot_hash = out.scope
    where out.told_by = 'record'
),
-- An opt-out goes along when a record is merged away.
carried as (
    select manifest_id, object, record_id, said_in, snapshot_hash from on_records
    union
    select mine.manifest_id, mine.object, records.merged_into_id, mine.said_in, mine.snapshot_hash
    from on_records as mine
    inner join raw.crm_records as records
        on records.snapshot_hash = mine.snapshot_hash and records.object = mine.object
            and records.record_id = mine.record_id
    where records.merged_into_id <> ''
),
pending as (
    select out.scope as manifest_id, out.object, out.holder, out.said_in, out.told_by
    from out where out.told_by <> 'record'
),
pending_records as (
    select pending.manifest_id, pending.object, candidates.record_id, pending.said_in, pending.holder
    from pending
    inner join facts.match_candidates as candidates
        on candidates.manifest_id = pending.manifest_id and candidates.proposal_key = pending.holder
            and candidates.match_method is distinct from 'likeness'
    where pending.told_by = 'proposal'
    union
    select manifest_id, object, holder, said_in, null from pending where told_by = 'earlier'
)
select distinct manifest_id, 'record' as told_by, object, record_id, null as mailbox, said_in, null as proposal_key
from carried
union all
select distinct mine.manifest_id, 'record', null, mine.record_id, mailboxes.mailbox, mine.said_in, null
from carried as mine
inner join people_mailboxes as mailboxes
    on mailboxes.snapshot_hash = mine.snapshot_hash and mailboxes.object = mine.object
        and mailboxes.record_id = mine.record_id
union all
select distinct runs.manifest_id, 'suppression', null, listed.record_id, coalesce(keys.key, listed.address), 'email',
    null
from suppressed as listed
inner join run_snapshots as runs on runs.snapshot_hash = listed.snapshot_hash
left join suppressed_keys as keys on keys.given = listed.address
where listed.address <> ''
union all
select distinct manifest_id, 'pending', object, record_id, null, said_in, holder from pending_records
union all
select distinct mine.manifest_id, 'pending', null, mine.record_id, mailboxes.mailbox, mine.said_in, mine.holder
from pending_records as mine
inner join run_snapshots as runs on runs.manifest_id = mine.manifest_id
inner join people_mailboxes as mailboxes
    on mailboxes.snapshot_hash = runs.snapshot_hash and mailboxes.object = mine.object
        and mailboxes.record_id = mine.record_id
union all
select distinct pending.manifest_id, 'pending', null, null, keys.key, pending.said_in,
    if(pending.told_by = 'proposal', pending.holder, null)
from pending
inner join pending_mailboxes as mailboxes
    on mailboxes.manifest_id = pending.manifest_id and mailboxes.holder = pending.holder
inner join pending_keys as keys on keys.given = mailboxes.address
"""
# Every field of a person: what is not here was not looked at (law 1).
_CONSENT_CHANGES = """
create or replace table facts.consent_changes as
select changes.manifest_id, changes.change_id,
    coalesce(changes.field, changes.field_as_given) in (select name from consent_names) as is_consent_field,
    out.field is not null as says_opted_out
from named_changes as changes
left join out_values as out
    on out.field = coalesce(changes.field, changes.field_as_given) and out.value = changes.new_value
where changes.object in ('contact', 'lead')
"""
# Who proposes to leave somebody alone is not stopped by another who does.
_PROPOSERS = """
create or replace temp table opt_out_proposers as
select distinct given.scope as manifest_id, given.holder as proposal_key
from consent_values as given
inner join out_values as out on out.field = given.field and out.value = given.value
where given.told_by = 'proposal'
"""


def write_opt_outs(con: duckdb.DuckDBPyConnection) -> int:
    """Write facts.opt_outs and facts.consent_changes; return the opt-outs.

    Leaves people_mailboxes, run_snapshots and opt_out_proposers, temporary, for `write_person_standing`.
    Reads facts.field_names, facts.match_candidates, raw.crm_records and books.
    consent_changes grain: field of a contact or lead: manifest_id, change_id, is_consent_field, says_opted_out.
    opt_outs grain: (manifest, word against writing, record or mailbox it holds for): manifest_id, told_by (`record`,
    `suppression`, or `pending`: proposed or queued, whatever becomes of it), object and record_id, or mailbox (key
    form; `@domain` for a whole domain), said_in (the field), proposal_key (who proposes it in this run; else NULL).
    """
    open_named_changes(con)
    open_people(con)
    con.execute(_RUN_SNAPSHOTS)
    _gather(con)
    with (
        lent(con, "out_values", _out_values(con)),
        lent_keys(con, "suppressed_keys", "select distinct address as given from suppressed", mailbox_key),
        lent_keys(con, "pending_keys", "select distinct address as given from pending_mailboxes", mailbox_key),
    ):
        con.execute(_OPT_OUTS)
        con.execute(_CONSENT_CHANGES)
        con.execute(_PROPOSERS)
    return count_rows(con, "facts.opt_outs")


def _gather(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(
        "create or replace temp table consent_values "
        "(told_by varchar, scope varchar, object varchar, holder varchar, field varchar, value varchar)"
    )
    for name in _consent_fields(con, _RECORD_NAMES):
        con.execute(_ON_RECORDS, {"name": name, "pointer": json_pointer(name)})
    con.execute(
        "create or replace temp table consent_names as select unnest($names::varchar[]) as name",
        {"names": _consent_fields(con, _PROPOSED_NAMES)},
    )
    con.execute(_PROPOSED)
    con.execute(_EARLIER)
    con.execute(f"create or replace temp table pending_mailboxes as {_OWN_MAILBOXES} union {_EARLIER_MAILBOXES}")
    con.execute(f"create or replace temp table suppressed as {_SUPPRESSED}")


def _consent_fields(con: duckdb.DuckDBPyConnection, query: str) -> list[str]:
    return [name for (name,) in con.execute(query).fetchall() if name and is_consent_field(name)]


def _out_values(con: duckdb.DuckDBPyConnection) -> dict[str, tuple[pa.DataType, list[object]]]:
    pairs = con.execute("select distinct field, value from consent_values").fetchall()
    out = [(field, value) for field, value in pairs if stance(field, value) == "out"]
    return {name: (pa.string(), [pair[i] for pair in out]) for i, name in enumerate(("field", "value"))}
