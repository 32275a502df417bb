"""Loading the books into DuckDB: schema `books`, derived from segments, values and ledger. Nothing is judged here.

Tables: `sealed_decisions` (grain change: DECISION_COLUMNS, run_id, sealed_sequence, sealed_at, has_erased_values),
`sealed_batches` (grain sealed batch), `actor_switches` (grain switch event), `breaker_events` (grain event of a
breaker), `change_standings` (grain change and event about it). Times are UTC without zone.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wb_pipeline.canonical import canonical_json, file_hash
from wb_pipeline.errors import AuditError
from wb_pipeline.home import Home
from wb_pipeline.ledger.breakers import breaker_events
from wb_pipeline.ledger.decision_columns import DECISION_COLUMNS, PERSONAL_COLUMNS
from wb_pipeline.ledger.erasures import latest_values_hashes
from wb_pipeline.ledger.kinds import BatchReceived, payload_of
from wb_pipeline.ledger.manifests import SealedBatch, sealed_batches
from wb_pipeline.ledger.segment_files import segment_path, values_path
from wb_pipeline.ledger.standings import change_standings
from wb_pipeline.ledger.store import Ledger
from wb_pipeline.ledger.switches import actor_switches
from wb_pipeline.ledger.times import naive_utc

if TYPE_CHECKING:
    import duckdb

_SEALED_COLUMNS = {"run_id": "VARCHAR", "sealed_sequence": "BIGINT", "sealed_at": "TIMESTAMP"}
_BATCH_COLUMNS = (
    "segment_name VARCHAR, manifest_id VARCHAR, batch_key VARCHAR, sealed_sequence BIGINT, sealed_at TIMESTAMP, "
    "run_id VARCHAR, rows BIGINT, lanes VARCHAR, segment_hash VARCHAR, values_hash VARCHAR, file_name VARCHAR"
)
_SWITCH_COLUMNS = (
    "sequence BIGINT, actor_id VARCHAR, is_on BOOLEAN, switched_by VARCHAR, reason VARCHAR, switched_at TIMESTAMP"
)
_BREAKER_COLUMNS = (
    "sequence BIGINT, breaker_key VARCHAR, is_open BOOLEAN, recorded_by VARCHAR, reason VARCHAR, recorded_at TIMESTAMP"
)

_STANDING_COLUMNS = "sequence BIGINT, change_id VARCHAR, standing VARCHAR, fields VARCHAR[]"


@dataclass(frozen=True, slots=True)
class LoadReport:
    """How many sealed batches were loaded, found loaded before, and removed because the ledger has no such batch."""

    loaded: int
    kept: int
    removed: int


def load_sealed(con: duckdb.DuckDBPyConnection, home: Home, ledger: Ledger, schema: str = "books") -> LoadReport:
    """Bring the schema up to the ledger, loading only segments that are missing; all or nothing.

    Raises AuditError if a file that is to be loaded is missing or not the one that the ledger cites; ValueError for a
    schema name that is not an identifier.
    """
    if not schema.isidentifier():
        message = f"{schema!r} is not a schema name"
        raise ValueError(message)
    values_hashes = latest_values_hashes(ledger)
    wanted = {
        (batch.name, batch.seal.segment_hash, values_hashes[batch.name]): batch for batch in sealed_batches(ledger)
    }
    with transaction(con):
        _create_tables(con, schema)
        query = f"select segment_name, segment_hash, values_hash from {schema}.sealed_batches"  # noqa: S608 - our own names; values are parameters
        known = set(con.execute(query).fetchall())
        gone = known - wanted.keys()
        for key in gone:
            _remove(con, schema, key[0])
        missing = [key for key in wanted if key not in known]
        for key in missing:
            _load(con, home, schema, wanted[key], key[2], _file_name(ledger, wanted[key]))
        _load_switches(con, schema, ledger)
        _load_breakers(con, schema, ledger)
        _load_standings(con, schema, ledger)
    return LoadReport(loaded=len(missing), kept=len(wanted) - len(missing), removed=len(gone))


def _create_tables(con: duckdb.DuckDBPyConnection, schema: str) -> None:
    columns = ", ".join(f"{name} {kind}" for name, kind in (DECISION_COLUMNS | _SEALED_COLUMNS).items())
    con.execute(f"create schema if not exists {schema}")
    con.execute(f"create table if not exists {schema}.sealed_decisions ({columns}, has_erased_values BOOLEAN)")
    con.execute(f"create table if not exists {schema}.sealed_batches ({_BATCH_COLUMNS})")
    con.execute(f"create table if not exists {schema}.actor_switches ({_SWITCH_COLUMNS})")
    con.execute(f"create table if not exists {schema}.breaker_events ({_BREAKER_COLUMNS})")
    con.execute(f"create table if not exists {schema}.change_standings ({_STANDING_COLUMNS})")


def _remove(con: duckdb.DuckDBPyConnection, schema: str, name: str) -> None:
    key = f"from {schema}.sealed_batches where segment_name = $name"
    con.execute(
        f"delete from {schema}.sealed_decisions where sealed_sequence in (select sealed_sequence {key})",  # noqa: S608 - our own names; values are parameters
        {"name": name},
    )
    con.execute(f"delete {key}", {"name": name})


def _file_name(ledger: Ledger, batch: SealedBatch) -> str | None:
    """Return what the batch's file was called when it came in, where the ledger knows: a label, never a key."""
    received = ledger.events(BatchReceived.kind, subject=batch.seal.batch_key)
    return payload_of(received[0], BatchReceived).file_name if received else None


def _load(
    con: duckdb.DuckDBPyConnection, home: Home, schema: str, batch: SealedBatch, values_hash: str, file_name: str | None
) -> None:
    paths = {"segment": segment_path(home, batch.name), "values": values_path(home, batch.name)}
    for path, cited in zip(paths.values(), (batch.seal.segment_hash, values_hash), strict=True):
        if not path.is_file() or file_hash(path) != cited:
            message = f"{path.parent.name}/{path.name} is missing or not the file that the ledger cites"
            raise AuditError(message, hint="run `wb audit verify`; restore it from a backup")
    sealed = (batch.seal.run_id, batch.sealed_sequence, naive_utc(batch.sealed_at))
    given: dict[str, object] = {name: str(path) for name, path in paths.items()}
    given |= zip(("run_id", "sequence", "at_time"), sealed, strict=True)
    columns = ", ".join(f"{'v' if name in PERSONAL_COLUMNS else 's'}.{name}" for name in DECISION_COLUMNS)
    con.execute(
        f"insert into {schema}.sealed_decisions by position "  # noqa: S608 - our own names; values are parameters
        f"select {columns}, $run_id, $sequence, $at_time, v.erased_sequence is not null "
        "from read_parquet($segment) s join read_parquet($values) v using (change_id)",
        given,
    )
    lanes = canonical_json(batch.seal.lanes)
    row = [batch.name, batch.seal.manifest_id, batch.seal.batch_key, sealed[1], sealed[2], sealed[0]]
    row += [batch.seal.rows, lanes, batch.seal.segment_hash, values_hash, file_name]
    con.execute(f"insert into {schema}.sealed_batches values ({', '.join('?' * len(row))})", row)  # noqa: S608 - our own names; values are parameters


def _load_switches(con: duckdb.DuckDBPyConnection, schema: str, ledger: Ledger) -> None:
    con.execute(f"delete from {schema}.actor_switches")  # noqa: S608  (few rows: loaded anew)
    for switch in actor_switches(ledger):
        row = [switch.sequence, switch.actor_id, switch.is_on, switch.switched_by, switch.reason]
        con.execute(
            f"insert into {schema}.actor_switches values (?, ?, ?, ?, ?, ?)",  # noqa: S608 - our own names; values are parameters
            [*row, naive_utc(switch.switched_at)],
        )


def _load_breakers(con: duckdb.DuckDBPyConnection, schema: str, ledger: Ledger) -> None:
    con.execute(f"delete from {schema}.breaker_events")  # noqa: S608  (few rows: loaded anew)
    for event in breaker_events(ledger):
        row = [event.sequence, event.breaker_key, event.is_open, event.recorded_by, event.reason]
        con.execute(
            f"insert into {schema}.breaker_events values (?, ?, ?, ?, ?, ?)",  # noqa: S608 - our own names; values are parameters
            [*row, naive_utc(event.recorded_at)],
        )


def _load_standings(con: duckdb.DuckDBPyConnection, schema: str, ledger: Ledger) -> None:
    con.execute(f"delete from {schema}.change_standings")  # noqa: S608  (our own name)
    rows = change_standings(ledger)
    if rows:
        # As lists, not row by row: a year of decisions is hundreds of thousands.
        columns: dict[str, object] = dict(zip("abcd", map(list, zip(*rows, strict=True)), strict=True))
        con.execute(
            f"insert into {schema}.change_standings select unnest($a), unnest($b), unnest($c), unnest($d::varchar[][])",
            columns,
        )


@contextmanager
def transaction(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Let the block take effect as a whole, or not at all."""
    con.begin()
    try:
        yield
    except BaseException:
        con.rollback()
        raise
    con.commit()
