"""Record ids as agents give them, right ones and wrong ones, made from labelled proposals. Judges none of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wb_pipeline.benchmarks.matching.proposal_metrics import TargetFigures, target_figures

if TYPE_CHECKING:
    import duckdb

BATCHES = ("right", "look-alike", "namesake", "stranger")
"""Where a given id comes from: one of the entity's own records; a record that is known to be mistaken for it; one of
another entity with the same surname or company name; any record of another entity."""

# Ids are drawn by the order of a hash: at random, but the same whatever the order of the rows.
_CASES = """
create or replace table labelled.target_cases as
with names as (
    select
        object, record_id,
        lower(coalesce(json_extract_string(fields, '$.last_name'), json_extract_string(fields, '$.name'))) as name
    from raw.crm_records
),
records as (
    select
        truth.object, truth.entity_id, truth.record_id, names.name, md5($seed || truth.record_id) as lot,
        row_number() over (partition by truth.object order by md5($seed || truth.record_id)) as place,
        count(*) over (partition by truth.object) as places
    from labelled.truth as truth
    inner join names on names.object = truth.object and names.record_id = truth.record_id
),
given as (
    select
        proposals.proposal_id, proposals.object, proposals.fields, meant.entity_id, meant.trap_record_ids,
        lower(coalesce(
            json_extract_string(proposals.fields, '$.last_name'), json_extract_string(proposals.fields, '$.name')
        )) as name,
        row_number() over (order by md5($seed || proposals.proposal_id)) as place
    from labelled.proposals as proposals
    inner join labelled.proposal_truth as meant on meant.proposal_id = proposals.proposal_id
    inner join labelled.proposal_halves as halves on halves.proposal_id = proposals.proposal_id
    where halves.half = 'held_out'
),
cases as (
    select given.proposal_id, 'right' as batch, records.record_id, records.lot
    from given inner join records on records.object = given.object and records.entity_id = given.entity_id
    union all
    select given.proposal_id, 'look-alike', records.record_id, records.lot
    from given inner join records on records.object = given.object
        and list_contains(given.trap_record_ids, records.record_id) and records.entity_id <> given.entity_id
    union all
    select given.proposal_id, 'namesake', records.record_id, records.lot
    from given inner join records
        on records.object = given.object and records.name = given.name and records.entity_id <> given.entity_id
    union all
    select given.proposal_id, 'stranger', records.record_id, records.lot
    from given inner join records
        on records.object = given.object and records.place = 1 + given.place % records.places
        and records.entity_id <> given.entity_id
)
select
    cases.batch, cases.proposal_id, given.object, given.fields, cases.batch <> 'right' as is_wrong,
    arg_min(cases.record_id, cases.lot) as target_id
from cases
inner join given on given.proposal_id = cases.proposal_id
group by all
"""
_JUDGED = """
select cases.is_wrong, coalesce(verdicts.is_let_through, false)
from labelled.target_cases as cases
left join labelled.target_verdicts as verdicts
    on verdicts.batch = cases.batch and verdicts.proposal_id = cases.proposal_id
where cases.batch in ('right', $batch) or $batch = 'all'
"""
_VERDICTS = """
create or replace table labelled.target_verdicts (batch varchar, proposal_id varchar, is_let_through boolean)
"""


def make_target_cases(con: duckdb.DuckDBPyConnection, *, seed: int) -> int:
    """Give every held-out proposal a right id, if there is one, and wrong ids of three kinds; return their number.

    Writes labelled.target_cases, grain: proposal per batch: batch (one of `BATCHES`; a proposal stands in each at most
    once), proposal_id, object, fields, is_wrong, target_id. Empties labelled.target_verdicts.
    """
    con.execute(_CASES, {"seed": f"{seed}:"})
    con.execute(_VERDICTS)
    return int(con.execute("select count(*) from labelled.target_cases").fetchall()[0][0])


def keep_verdicts(con: duckdb.DuckDBPyConnection, batch: str, query: str) -> None:
    """Keep for a batch what became of the given ids: `query` gives (proposal id, whether the id was let through)."""
    con.execute(f"insert into labelled.target_verdicts select ?, * from ({query})", [batch])  # noqa: S608 - our own query


def target_report(con: duckdb.DuckDBPyConnection) -> dict[str, TargetFigures]:
    """Return the figures over all cases, and per kind of wrong id. A case without a verdict was not let through."""
    return {batch: target_figures(con.execute(_JUDGED, {"batch": batch}).fetchall()) for batch in ("all", *BATCHES[1:])}
