"""Do the rows of a sealed batch agree with each other and with the ledger? Bytes of files: `check_files`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from wb_pipeline.audit.findings import MOST_PER_CHECK, Finding
from wb_pipeline.home import Home
from wb_pipeline.ledger.chain import Event
from wb_pipeline.ledger.decision_columns import LANES, PERSONAL_COLUMNS, digest_column
from wb_pipeline.ledger.digests import change_ids_digest_sql, value_digest
from wb_pipeline.ledger.kinds import BatchSealed, ItemsQueued, payload_of
from wb_pipeline.ledger.segment_files import segment_path, values_path

if TYPE_CHECKING:
    import duckdb


class SegmentChecker:
    """Checks sealed batches one by one. `erased`: (segment name, sequence) -> rows that the ledger says were erased."""

    def __init__(self, con: duckdb.DuckDBPyConnection, home: Home, erased: dict[tuple[str, int], int]) -> None:
        self._con = con
        self._home = home
        self._erased = erased

    def check(self, event: Event, queued: Event | None) -> Iterator[Finding]:
        """Yield what is wrong with the batch of a `batch_sealed` event; `queued` is its `items_queued` event."""
        import duckdb

        segment, values = segment_path(self._home, event.subject), values_path(self._home, event.subject)
        if not (segment.is_file() and values.is_file()):
            return  # `check_files` has said so.
        given = {"segment": str(segment), "values": str(values)}
        try:
            yield from self._rows(event, given)
            yield from self._totals(event, queued, given)
        except (duckdb.Error, RuntimeError, MemoryError) as error:
            what = f"the rows cannot be read: {str(error).splitlines()[0][:200]}"
            yield Finding(f"segments/{event.subject}.parquet", None, what)

    def _rows(self, event: Event, given: dict[str, str]) -> Iterator[Finding]:
        """Lay both files side by side, row by row, and compare digests with values; a tombstone must be a known one."""
        name = f"values/{event.subject}.parquet"
        sequences = [sequence for (subject, sequence) in self._erased if subject == event.subject]
        found = self._con.execute(_ROWS_SQL, {**given, "erasures": sequences, "most": MOST_PER_CHECK}).fetchall()
        for row, change_id, problem in found:
            yield Finding(name, row, f"change {change_id}: {problem}")
        tombstones = dict(self._con.execute(_TOMBSTONES_SQL, {"values": given["values"]}).fetchall())
        for sequence in sequences:
            if tombstones.get(sequence, 0) != self._erased[event.subject, sequence]:
                yield Finding(name, None, f"the tombstones are not those of ledger event {sequence}")

    def _totals(self, event: Event, queued: Event | None, given: dict[str, str]) -> Iterator[Finding]:
        """Compare counts and queue with the ledger."""
        name = f"segments/{event.subject}.parquet"
        sealed = payload_of(event, BatchSealed)
        totals = self._con.execute(_TOTALS_SQL, {"segment": given["segment"]}).fetchall()[0]
        rows, strangers, lane_counts, queued_count, queued_digest, is_sorted = totals
        if rows != sealed.rows or {n: c for n, c in zip(LANES, lane_counts, strict=True) if c} != sealed.lanes:
            what = f"{rows} rows or their lanes are not those that the ledger cites ({sealed.rows} rows)"
            yield Finding(name, None, what)
        if strangers != [f"{sealed.manifest_id} {sealed.batch_key}"] and rows:
            yield Finding(name, None, "rows of another manifest or batch are in it")
        if not is_sorted:
            yield Finding(name, None, "the rows are not in their order")
        expected = payload_of(queued, ItemsQueued) if queued is not None else None
        if expected is None or (expected.count, expected.change_ids_digest) != (queued_count, queued_digest):
            yield Finding(name, None, "the changes in lane review are not those that the ledger queued")


def _problem_cases() -> str:
    is_tombstone = "v.erased_sequence is not null"
    holds_something = " or ".join(f"v.{column} is not null" for column in ("salt", *PERSONAL_COLUMNS))
    cases = {
        "it has no value row": "v.change_id is null",
        "a value row has no decision": "s.change_id is null",
        "the values of another change stand in its place": "v.change_id <> s.change_id",
        "erased, but no ledger event says so": f"{is_tombstone} and not list_contains($erasures, v.erased_sequence)",
        "marked as erased, but values are left": f"{is_tombstone} and ({holds_something})",
        "the salt is missing": "v.erased_sequence is null and v.salt is null",
    }
    cases |= {
        f"{column} is not the value that was sealed": (
            f"v.erased_sequence is null and {value_digest(column, 'v')} is distinct from s.{digest_column(column)}"
        )
        for column in PERSONAL_COLUMNS
    }
    return " ".join(f"when {condition} then '{problem}'" for problem, condition in cases.items())


_QUEUED = "lane = 'review'"
_LANE_COUNTS = ", ".join(f"count(*) filter (where lane = '{lane}')" for lane in LANES)

_ROWS_SQL = f"""
    select row_number, change_id, problem
    from (
        select
            coalesce(s.file_row_number, v.file_row_number) + 1 as row_number,
            coalesce(s.change_id, v.change_id) as change_id,
            case {_problem_cases()} end as problem
        from read_parquet($segment, file_row_number = true) s
        positional join read_parquet($values, file_row_number = true) v
    )
    where problem is not null
    limit $most
"""  # noqa: S608 - our own names; values are parameters
_TOMBSTONES_SQL = """
    select erased_sequence, count(*)
    from read_parquet($values)
    where erased_sequence is not null
    group by all
"""
_TOTALS_SQL = f"""
    select
        count(*),
        list(distinct manifest_id || ' ' || batch_key),
        [{_LANE_COUNTS}],
        count(*) filter (where {_QUEUED}),
        {change_ids_digest_sql(_QUEUED)},
        coalesce(bool_and(is_behind), true)
    from (
        select
            manifest_id, batch_key, lane, change_id,
            row(line_number, ordinal, change_id) as place,
            coalesce(place > lag(place) over (order by file_row_number), true) as is_behind
        from read_parquet($segment, file_row_number = true)
    )
"""  # noqa: S608 - our own names; values are parameters
