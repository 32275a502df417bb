"""`wb audit log`: every decision and every write as one row of a file (AUD-1). Answers about one record: `why`.

One pass over the sealed files, never all of them in memory: a million decisions have gigabytes of values.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wb_pipeline.audit.log_events import PERSON_COLUMNS, WRITE_COLUMNS, person_rows, write_rows
from wb_pipeline.canonical import file_hash
from wb_pipeline.connectors.atomic import written_atomically
from wb_pipeline.errors import AuditError, InputError
from wb_pipeline.ledger.decision_columns import DECISION_COLUMNS, PERSONAL_COLUMNS, SEGMENT_COLUMNS
from wb_pipeline.ledger.erasures import latest_values_hashes
from wb_pipeline.ledger.manifests import sealed_batches
from wb_pipeline.ledger.segment_files import segment_path, values_path
from wb_pipeline.ledger.times import naive_utc

if TYPE_CHECKING:
    import duckdb

    from wb_pipeline.home import Home
    from wb_pipeline.ledger.store import Ledger

# A spreadsheet runs a cell that starts like this; a leading quote makes it text.
_FORMULA_START = "^[=+@\\t\\r-]"
_LOG = Path(__file__).with_name("log.sql")
_OPTIONS = {".csv": "format csv, header true", ".parquet": "format parquet, compression zstd"}


def publish_log(home: Home, ledger: Ledger) -> Path:
    """Write the audit log where readers of tables look for it; return the file."""
    path = home.published / "audit_log.parquet"
    write_log(home, ledger, path)
    return path


def write_log(home: Home, ledger: Ledger, out: Path) -> int:
    """Write the audit log as CSV or Parquet, by the file's ending; return the number of rows.

    Raises InputError for another ending, AuditError for a sealed file that is not the one that the ledger cites.
    """
    options = _OPTIONS.get(out.suffix.lower())
    if options is None:
        raise InputError(f"{out.name} is neither CSV nor Parquet", hint="name a file that ends in .csv or .parquet")
    import duckdb

    with duckdb.connect() as con:
        con.execute("set TimeZone = 'UTC'")
        _sealed(con, home, ledger)
        _table(con, "people", PERSON_COLUMNS, person_rows(ledger))
        _table(con, "writes", WRITE_COLUMNS, write_rows(ledger))
        con.execute(f"create view audit_log as {_LOG.read_text(encoding='utf-8')}")
        select = "*" if out.suffix.lower() == ".parquet" else _safe_cells(con)
        with written_atomically(out) as unfinished:
            statement = (
                f"copy (select {select} from audit_log order by ledger_sequence, change_id, field) to $path ({options})"  # noqa: S608 - our own names; values are parameters
            )
            (count,) = con.execute(statement, {"path": str(unfinished)}).fetchall()[0]
    return int(count)


def _sealed(con: duckdb.DuckDBPyConnection, home: Home, ledger: Ledger) -> None:
    """Make the view `sealed`: all sealed decisions, with the run and the event that sealed them."""
    batches = [batch for batch in sealed_batches(ledger) if batch.seal.rows]
    values_hashes = latest_values_hashes(ledger)
    for batch in batches:
        _require(segment_path(home, batch.name), batch.seal.segment_hash)
        _require(values_path(home, batch.name), values_hashes[batch.name])
    kinds = {"file": "VARCHAR", "run_id": "VARCHAR", "ledger_sequence": "BIGINT", "recorded_at": "TIMESTAMP"}
    rows = [
        (str(segment_path(home, batch.name)), batch.seal.run_id, batch.sealed_sequence, naive_utc(batch.sealed_at))
        for batch in batches
    ]
    _table(con, "seals", kinds, rows)
    if not batches:
        columns = ", ".join(f"null::{kind} as {name}" for name, kind in DECISION_COLUMNS.items())
        con.execute(f"create view sealed as select {columns}, * exclude (file) from seals")  # noqa: S608 - our own names
        return
    plain = ", ".join(f"s.{name}" for name in SEGMENT_COLUMNS if name in DECISION_COLUMNS)
    personal = ", ".join(f"v.{name}" for name in PERSONAL_COLUMNS)
    # Both files of a batch have the same rows in the same order, but that is for `verify` to say: joined by id.
    con.execute(
        f"create view sealed as select {plain}, {personal}, seals.* exclude (file) "  # noqa: S608 - our own names and paths
        f"from read_parquet({_paths(row[0] for row in rows)}, filename = true, union_by_name = true) s "
        f"join read_parquet({_paths(str(values_path(home, batch.name)) for batch in batches)}) v using (change_id) "
        "join seals on s.filename = seals.file"
    )


def _paths(paths: Iterable[str]) -> str:
    """Return file names as a list in SQL: a view takes no parameters."""
    quoted = (f"'{path.replace(chr(39), chr(39) * 2)}'" for path in paths)
    return f"[{', '.join(quoted)}]"


def _require(path: Path, cited: str) -> None:
    if not path.is_file() or file_hash(path) != cited:
        message = f"{path.parent.name}/{path.name} is missing or not the file that the ledger cites"
        raise AuditError(message, hint="run `wb audit verify`; restore it from a backup")


def _table(con: duckdb.DuckDBPyConnection, name: str, columns: Mapping[str, str], rows: Iterable[Any]) -> None:
    import pyarrow as pa

    con.execute(f"create table {name} ({', '.join(f'{column} {kind}' for column, kind in columns.items())})")
    listed = list(rows)
    if listed:
        arrays = [pa.array(list(values)) for values in zip(*listed, strict=True)]
        con.register("given", pa.table(arrays, names=list(columns)))
        con.execute(f"insert into {name} by name select * from given")  # noqa: S608 - our own names
        con.unregister("given")


def _safe_cells(con: duckdb.DuckDBPyConnection) -> str:
    columns = con.execute("describe audit_log").fetchall()
    return ", ".join(
        f"case when regexp_matches({name}, '{_FORMULA_START}') then '''' || {name} else {name} end as {name}"
        if kind == "VARCHAR"
        else name
        for name, kind, *_ in columns
    )
