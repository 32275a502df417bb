"""Labelled data of any form, read into one: the project's own CRM records, and beside them what is true of them.

The forms themselves are in `labelled_crm` and `labelled_real`. Nothing is matched or measured here.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from wb_pipeline.benchmarks.matching import labelled_crm, labelled_real
from wb_pipeline.canonical import content_hash, file_hash
from wb_pipeline.connectors.snapshot_sql import EMPTY_TABLES
from wb_pipeline.errors import InputError

if TYPE_CHECKING:
    import duckdb

    from wb_pipeline.matching.inputs import ObjectName

KINDS = ("crm", "sites", "senzing")

_TABLES = """
create schema if not exists labelled;
create or replace table labelled.truth (
    object varchar, record_id varchar, entity_id varchar, variants varchar[], look_alike_types varchar[]
);
create or replace table labelled.look_alikes (
    object varchar, group_id varchar, entity_id varchar, look_alike_type varchar
);
create or replace table labelled.proposals (proposal_id varchar, object varchar, fields varchar, target_id varchar);
create or replace table labelled.proposal_truth (
    proposal_id varchar, object varchar, entity_id varchar, is_in_crm boolean, case_type varchar, variants varchar[],
    look_alike_types varchar[], is_ambiguous boolean, trap_record_ids varchar[], is_target_wrong boolean
);
"""


@dataclass(frozen=True)
class LabelledData:
    """What was read: the name of the snapshot in raw.crm_records, and rows per object and of proposals."""

    kind: str
    snapshot_hash: str
    records: dict[ObjectName, int]
    proposals: int

    @property
    def objects(self) -> list[ObjectName]:
        """The objects that have records, in alphabetical order."""
        return sorted(self.records)


def load_labelled(
    con: duckdb.DuckDBPyConnection, crm: Path, *, truth: Path | None = None, kind: str = "crm"
) -> LabelledData:
    """Replace raw.crm_records and the tables of schema `labelled` by the data in folder `crm`.

    `truth` is the folder of the truth tables where they lie apart. Kinds: `crm` (Parquet tables as `wb sample` writes
    them), `sites` (sites_with_true_ids.csv: early-childhood sites, as companies), `senzing` (three CSVs and a key).

    truth grain: record: object, record_id, entity_id (equal: same), variants (how it was altered), look_alike_types.
    look_alikes grain: entity of a group whose entities look alike: object, group_id, entity_id, look_alike_type.
    proposals grain: proposal: proposal_id, object, fields (JSON, contract names), target_id (given by the agent).
    proposal_truth grain: proposal: object, entity_id (meant), is_in_crm, case_type, variants, look_alike_types,
      is_ambiguous (nobody could tell), trap_record_ids (records that it must not match), is_target_wrong.
    Raises InputError for an unknown kind, a missing file or column, or truth that does not fit the records.
    """
    import duckdb

    if kind not in KINDS:
        raise InputError(f"There is no kind of labelled data called {kind}.", hint=f"Known: {', '.join(KINDS)}.")
    files = sorted(path for path in crm.glob("*") if path.suffix in {".parquet", ".csv"})
    snapshot_hash = content_hash([kind, {path.name: file_hash(path) for path in files}])
    con.execute(EMPTY_TABLES)
    con.execute(_TABLES)
    try:
        if kind == "crm":
            labelled_crm.load(con, crm, truth or crm, snapshot_hash)
        else:
            labelled_real.load(con, kind, crm, snapshot_hash)
    except duckdb.Error as error:
        reason = str(error).split("\n", 1)[0]
        raise InputError(f"{crm} cannot be read as labelled data of kind {kind}.", hint=reason) from error
    _check_truth(con)
    counts = con.execute("select object, count(*) from raw.crm_records group by object order by object").fetchall()
    proposals = con.execute("select count(*) from labelled.proposals").fetchall()[0][0]
    return LabelledData(kind, snapshot_hash, dict(counts), proposals)


def _check_truth(con: duckdb.DuckDBPyConnection) -> None:
    """Every record and every proposal needs exactly one truth: a figure over the others would be of another set."""
    lacking = con.execute(
        """
        select
            (select count(*) from raw.crm_records), count(distinct (object, record_id)), count(*),
            (
                select count(*) from labelled.proposals as given
                anti join labelled.proposal_truth as known on known.proposal_id = given.proposal_id
            ),
            count(*) filter (where entity_id is null)
        from labelled.truth inner join raw.crm_records using (object, record_id)
        """
    ).fetchall()[0]
    records, known, rows, proposals, nameless = lacking
    if not records:
        raise InputError("The labelled data has no records.", hint="Is it the right folder?")
    if not records == known == rows or proposals or nameless:
        hint = f"{records} records, {known} of them with truth in {rows} rows; {proposals} proposals without."
        raise InputError("The truth does not fit the records.", hint=hint)
