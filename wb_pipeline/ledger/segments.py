"""Sealing: all decided batches of a manifest become final in one ledger append, exactly once (law 5).

Order: files under temporary names, flushed; then, under the ledger's write lock, final names and events; the commit is
the commit point. Killed before it, a seal leaves files that no event cites: the next one removes them. Loading is in
`loading`.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from filelock import FileLock

from wb_pipeline.errors import AuditError, OutcomeError
from wb_pipeline.home import Home
from wb_pipeline.ledger import segment_files
from wb_pipeline.ledger.chain import NewEvent
from wb_pipeline.ledger.decision_columns import DECISION_COLUMNS, LANES, OPTIONAL_COLUMNS, ROW_ORDER
from wb_pipeline.ledger.decisions_digest import EMPTY_DIGEST, table_digest
from wb_pipeline.ledger.digests import (
    SALT_EXPRESSION,
    SEED_BYTES,
    change_ids_digest,
    change_ids_digest_sql,
)
from wb_pipeline.ledger.kinds import BatchSealed, ItemsQueued
from wb_pipeline.ledger.manifests import Manifest, SealedBatch, is_standing, sealed_batches
from wb_pipeline.ledger.segment_files import WrittenSegment, segment_name, segment_path, values_path, write_segment
from wb_pipeline.ledger.store import Book, Ledger

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

    Decisions: TypeAlias = duckdb.DuckDBPyRelation | pa.Table

_INPUT = "wb_seal_input"
_TABLE = "wb_seal_decisions"
QUEUED_LANE = "review"


@dataclass(frozen=True, slots=True)
class BatchSummary:
    """What the ledger says about a batch's decisions; independent of row order, salts and run."""

    rows: int = 0
    lanes: dict[str, int] = field(default_factory=dict)
    decisions_digest: str = EMPTY_DIGEST
    queued: int = 0
    queued_digest: str = change_ids_digest(())


@dataclass(frozen=True, slots=True)
class SealOutcome:
    """What a seal did: batch keys that it sealed, found sealed with equal decisions, or found sealed with other ones.

    `differing` is filled only if the code changed since the manifest; the sealed decisions stand.
    """

    sealed: tuple[str, ...] = ()
    verified: tuple[str, ...] = ()
    differing: tuple[str, ...] = ()


def seal_run(  # noqa: PLR0913  (everything that a seal is made of)
    con: duckdb.DuckDBPyConnection,
    home: Home,
    ledger: Ledger,
    manifest: Manifest,
    decisions: Decisions,
    *,
    run_id: str,
    code_hash: str,
    recorded_by: str = "pipeline",
    beside: Sequence[NewEvent] = (),
) -> SealOutcome:
    """Seal the decisions on all batches of a committed manifest, or verify them if that was done before.

    `decisions`: DECISION_COLUMNS (optional ones may be missing, others are refused), grain change; a relation must be
    one of `con`. `beside`: events that come true with the seal, appended with it or not at all. Raises OutcomeError if
    the decisions do not fit the manifest; AuditError if the manifest does not stand, or if equal code now decides
    otherwise than what is sealed.
    """
    home.root.mkdir(parents=True, exist_ok=True)
    # One seal at a time: so leftovers differ from work in progress. The system frees the lock of a killed process.
    with FileLock(home.root / "seal.lock"), _prepared(con, decisions):
        _refuse_unfit(con, manifest)
        summaries = _summarize(con, manifest.batches)
        known = sealed_batches(ledger)
        earlier = _sealed_for(known, manifest)
        if earlier:
            return _compare(earlier, summaries, is_same_code=code_hash == manifest.code_hash)
        written = _write_all(con, home, manifest, known)
        with ledger.writing(recorded_by) as book:
            _commit(book, home, manifest, written, summaries, run_id)
            book.append(beside)
        return SealOutcome(sealed=tuple(sorted(manifest.batches)))


def decisions_digest(con: duckdb.DuckDBPyConnection, decisions: Decisions) -> str:
    """Return the digest over a set of decisions (one batch's), whatever their order, salts and run."""
    with _prepared(con, decisions):
        return table_digest(con, f"from {_TABLE}")


def _summarize(con: duckdb.DuckDBPyConnection, batches: Sequence[str]) -> dict[str, BatchSummary]:
    """Return the summary per batch key; a batch without rows has an empty one."""
    lanes = ", ".join(f"count(*) filter (where lane = '{lane}')" for lane in LANES)
    queued = f"lane = '{QUEUED_LANE}'"
    statement = (
        f"select batch_key, count(*), [{lanes}], count(*) filter (where {queued}), "  # noqa: S608 - our own names; values are parameters
        f"{change_ids_digest_sql(queued)} from {_TABLE} group by batch_key"
    )
    found = dict.fromkeys(batches, BatchSummary())
    for batch_key, rows, counts, queued_count, queued_digest in con.execute(statement).fetchall():
        per_lane = {lane: count for lane, count in zip(LANES, counts, strict=True) if count}
        digest = table_digest(con, f"from {_TABLE} where batch_key = $batch_key", {"batch_key": batch_key})
        found[batch_key] = BatchSummary(rows, per_lane, digest, queued_count, queued_digest)
    return found


@contextmanager
def _prepared(con: duckdb.DuckDBPyConnection, decisions: Decisions) -> Iterator[None]:
    """Hold the decisions, cast and salted, in a temporary table: the input is computed once and stays as it is."""
    con.register(_INPUT, decisions)
    try:
        columns = _select_list({row[0]: row[1] for row in con.execute(f"describe {_INPUT}").fetchall()})
        # The table is sorted once; DuckDB then keeps this order in every scan and file.
        con.execute("set preserve_insertion_order = true")
        statement = (
            f"create or replace temp table {_TABLE} as select {columns}, {SALT_EXPRESSION} as salt from {_INPUT} "  # noqa: S608 - our own names; values are parameters
            f"order by {ROW_ORDER}"
        )
        con.execute(statement, {"seed": secrets.token_bytes(SEED_BYTES)})
        yield
    finally:
        con.execute(f"drop table if exists temp.{_TABLE}")
        con.unregister(_INPUT)


def _select_list(given: dict[str, str]) -> str:
    missing = DECISION_COLUMNS.keys() - given.keys() - OPTIONAL_COLUMNS
    unknown = given.keys() - DECISION_COLUMNS.keys()
    zoned = [name for name, kind in given.items() if kind == "TIMESTAMP WITH TIME ZONE"]
    for columns, why in ((missing, "are missing"), (unknown, "are not to be sealed"), (zoned, "carry a time zone")):
        if columns:
            raise OutcomeError(f"nothing is sealed: columns of the decisions {why}: {', '.join(sorted(columns))}")
    return ", ".join(
        f"{name}::{kind} as {name}" if name in given else f"null::{kind} as {name}"
        for name, kind in DECISION_COLUMNS.items()
    )


def _refuse_unfit(con: duckdb.DuckDBPyConnection, manifest: Manifest) -> None:
    """Check again in our own code what a blocking check may have been stepped over for (law 6)."""
    faults = {
        "has no change id": "change_id is null",
        "belongs to another manifest": "manifest_id is distinct from $manifest_id",
        "belongs to a batch outside the manifest": "(list_contains($batches, batch_key)) is not true",
        "has no known lane": "(list_contains($lanes, lane)) is not true",
        "is decided twice": "count(*) over (partition by change_id) > 1",
    }
    cases = " ".join(f"when {condition} then '{fault}'" for fault, condition in faults.items())
    statement = (
        f"select change_id, case {cases} end as fault from {_TABLE} qualify fault is not null order by 1 limit 1"  # noqa: S608 - our own names; values are parameters
    )
    given = {"manifest_id": manifest.manifest_id, "batches": list(manifest.batches), "lanes": list(LANES)}
    for change_id, fault in con.execute(statement, given).fetchall():
        raise OutcomeError(f"nothing is sealed: change {change_id} {fault}", hint="this is a bug: please report it")


def _sealed_for(known: Sequence[SealedBatch], manifest: Manifest) -> list[SealedBatch]:
    return [batch for batch in known if batch.seal.manifest_id == manifest.manifest_id]


def _compare(earlier: Sequence[SealedBatch], summaries: dict[str, BatchSummary], *, is_same_code: bool) -> SealOutcome:
    equal = {b.seal.batch_key: b.seal.decisions_digest == summaries[b.seal.batch_key].decisions_digest for b in earlier}
    differing = tuple(sorted(key for key, is_equal in equal.items() if not is_equal))
    if differing and is_same_code:
        message = f"batch {differing[0][:16]} is sealed with other decisions than this rerun by the same code made"
        raise AuditError(message, hint="run `wb audit verify`; if it is clean, please report a bug")
    return SealOutcome(verified=tuple(sorted(key for key, is_equal in equal.items() if is_equal)), differing=differing)


def _write_all(
    con: duckdb.DuckDBPyConnection, home: Home, manifest: Manifest, known: Sequence[SealedBatch]
) -> dict[str, WrittenSegment]:
    segment_files.remove_leftovers(home, [batch.name for batch in known])
    for folder in (home.segments, home.values):
        folder.mkdir(parents=True, exist_ok=True)
    taken = {batch.name for batch in known}
    written = {}
    for batch_key in sorted(manifest.batches):
        name = segment_name(manifest.manifest_id, batch_key)
        if name in taken:
            raise OutcomeError(f"nothing is sealed: two batches would share the name {name}")
        taken.add(name)
        written[batch_key] = write_segment(con, home, _TABLE, name, batch_key)
    return written


def _commit(
    book: Book,
    home: Home,
    manifest: Manifest,
    written: dict[str, WrittenSegment],
    summaries: dict[str, BatchSummary],
    run_id: str,
) -> None:
    """Under the ledger's write lock: nobody sealed or superseded meanwhile, then final names, then the events."""
    if not is_standing(book, manifest.manifest_id):
        raise AuditError(f"manifest {manifest.manifest_id[:16]} is not in the ledger, or was superseded")
    if _sealed_for(sealed_batches(book), manifest):
        raise AuditError(f"manifest {manifest.manifest_id[:16]} was sealed by another run meanwhile", hint="run again")
    new: list[NewEvent] = []
    for batch_key, files in written.items():
        segment_files.install(home, files)
        new += _events(home, manifest, batch_key, files, summaries[batch_key], run_id)
    book.append(new)


def _events(
    home: Home, manifest: Manifest, batch_key: str, files: WrittenSegment, summary: BatchSummary, run_id: str
) -> list[NewEvent]:
    sealed = BatchSealed(
        manifest_id=manifest.manifest_id,
        batch_key=batch_key,
        run_id=run_id,
        segment_path=segment_path(home, files.name).relative_to(home.root).as_posix(),
        segment_hash=files.segment_hash,
        values_path=values_path(home, files.name).relative_to(home.root).as_posix(),
        values_hash=files.values_hash,
        rows=summary.rows,
        lanes=summary.lanes,
        decisions_digest=summary.decisions_digest,
    )
    queued = ItemsQueued(
        manifest_id=manifest.manifest_id,
        batch_key=batch_key,
        count=summary.queued,
        change_ids_digest=summary.queued_digest,
    )
    return [sealed.about(files.name), queued.about(files.name)]
