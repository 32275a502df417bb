"""`wb bench audit`: how long an answer and a verification take over a million rows. Figures, no verdicts.

The rows are sealed decisions, made by DuckDB, and as many events about writes as a busy year has. Each question runs in
a process of its own, so that nothing is cached between two of them and the start of Python is counted.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from wb_pipeline.benchmarks.measure import measure
from wb_pipeline.canonical import content_hash, text_hash
from wb_pipeline.errors import InputError
from wb_pipeline.home import Home
from wb_pipeline.ledger.chain import NewEvent
from wb_pipeline.ledger.decision_columns import DECISION_COLUMNS
from wb_pipeline.ledger.manifests import Manifest, commit_manifest
from wb_pipeline.ledger.segments import seal_run
from wb_pipeline.ledger.store import Ledger

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

_BATCH_ROWS = 20_000
_AT_ONCE = 5_000
_CLOCK = datetime(2026, 3, 2, 9, tzinfo=UTC)
_RECORD = "con-77"
"""A record whose changes stand in every batch."""

# A decision as SQL over its number i within the batch; what is missing is NULL.
_ROW = {
    "line_number": "i + 1",
    "proposal_key": "$batch_key[1:16] || ':' || (i + 1)",
    "proposal_id": "'p-' || $number || '-' || i",
    "change_id": "$batch_key[1:16] || ':' || (i + 1) || ':' || (i % 2)",
    "ordinal": "i % 2",
    "is_action_row": "i % 2 = 0",
    "content_hash": "sha256($number || ' line ' || i)",
    "actor_type": "'ai_agent'",
    "actor_id": "'agent-' || i % 7",
    "source": "['linkedin', 'email', 'call'][1 + i % 3]",
    "action": "'update'",
    "effective_action": "'update'",
    "object": "'contact'",
    "record_id": "'con-' || i",
    "field": "if(i % 2 = 0, null, 'title')",
    "operation": "'set'",
    "lane": "['auto', 'review', 'deny', 'auto'][1 + i % 4]",
    "proposal_lane": "['auto', 'review', 'deny', 'auto'][1 + i % 4]",
    "reason_codes": "'[\"field_needs_approval\"]'",
    "objections": '\'[{"gate":"gate_policy__field_needs_approval","reason":"field_needs_approval"}]\'',
    "labels": "'[]'",
    "evidence": "'[\"ev-' || i || '\"]'",
    "causation": "if(i % 5 = 0, json_object('root', 'p-' || $number || '-' || (i // 2), 'parent', 'ev-1'), null)",
    "confidence": "80 + i % 20",
    "policy_hash": "sha256('policy')",
    "snapshot_hash": "sha256('crm')",
    "submitted_at": "timestamp '2026-03-02 08:59:00'",
    "decided_at": "timestamp '2026-03-02 09:00:00' + to_days($number::integer)",
    "old_value": "'\"Head of IT ' || i || '\"'",
    "new_value": "'\"VP IT ' || i || '\"'",
    "rationale": "'profile ' || i || ' shows a new title'",
}
_QUESTIONS = {
    "by record": ("--record", _RECORD),
    "by record and field": ("--record", _RECORD, "--field", "title"),
    "by proposal": ("--proposal", "p-3-77"),
    "by actor in an hour": ("--actor", "agent-3", "--from", "2026-03-04T08:30:00Z", "--to", "2026-03-04T09:30:00Z"),
}


@dataclass(frozen=True)
class AuditReport:
    """Sizes and seconds: medians of the repeats."""

    decisions: int
    events: int
    why: dict[str, float]
    verify: float
    made_in: float

    def as_json(self) -> dict[str, object]:
        """Return the figures for a file."""
        return asdict(self)

    def render(self) -> str:
        """Return the figures as text."""
        lines = [f"{self.decisions:,} decisions, {self.events:,} ledger events (made in {self.made_in:.0f} s)"]
        lines += [f"  wb audit why {name:<22} {seconds:6.2f} s" for name, seconds in self.why.items()]
        return "\n".join([*lines, f"  wb audit verify {'':<19} {self.verify:6.2f} s"])


def bench_audit(folder: Path, *, rows: int, repeats: int, echo: Callable[[str], None]) -> AuditReport:
    """Make books of `rows` decisions and a tenth as many writes below `folder`, ask, verify; return the medians.

    Books that an earlier call made there with the same number of rows are used again.
    """
    if rows < _BATCH_ROWS or repeats < 1:
        raise InputError(f"give at least {_BATCH_ROWS:,} rows and one repeat")
    home, started = Home((folder / f"audit-{rows}").resolve()), time.monotonic()
    done = home.root / "made"
    if not done.is_file():
        make_books(home, rows, echo)
        done.touch()
    made_in = time.monotonic() - started
    why = {name: _seconds(home, ["why", *asked], repeats, echo) for name, asked in _QUESTIONS.items()}
    events = Ledger.open(home).head().sequence
    return AuditReport(rows, events, why, _seconds(home, ["verify"], 1, echo), made_in)


def make_books(home: Home, rows: int, echo: Callable[[str], None]) -> None:
    """Seal the decisions batch by batch, and put a write of every tenth one on the books."""
    import duckdb

    ledger = Ledger.open(home)
    with duckdb.connect() as con:
        for number in range(rows // _BATCH_ROWS):
            key = text_hash(f"batch {number}")
            head = ledger.head()
            clock = _CLOCK + timedelta(days=number)
            made = Manifest((key,), "crm", "evidence", "policy", "", "code", head.sequence, head.event_hash, clock)
            commit_manifest(ledger, made)
            decisions = _decisions(con, made, key, number)
            seal_run(con, home, ledger, made, decisions, run_id=f"run-{number}", code_hash="code")
            _write_some(ledger, key)
            echo(f"made {(number + 1) * _BATCH_ROWS:,} of {rows:,}")


def _decisions(con: duckdb.DuckDBPyConnection, made: Manifest, key: str, number: int) -> pa.Table:
    columns = ", ".join(
        f"({_ROW.get(name, 'null')})::{kind} as {name}"
        for name, kind in DECISION_COLUMNS.items()
        if name not in ("manifest_id", "batch_key")
    )
    query = f"select $manifest_id as manifest_id, $batch_key as batch_key, {columns} from range($rows) t(i)"  # noqa: S608 - our own words; values are parameters
    given = {"manifest_id": made.manifest_id, "batch_key": key, "rows": _BATCH_ROWS, "number": number}
    return con.sql(query, params=given).to_arrow_table()


def _write_some(ledger: Ledger, batch_key: str) -> None:
    """Put writes of automatic decisions on the books as events, without the models: a million take minutes."""
    lines = range(3, _BATCH_ROWS, 5)
    for start in range(0, len(lines), _AT_ONCE):
        with ledger.writing("bench") as book:
            events: list[NewEvent] = []
            for line in lines[start : start + _AT_ONCE]:
                if line % 4 in (0, 3):
                    values = book.keep('{"fields":{"title":"VP IT"},"base":{"title":"Head of IT"}}')
                    events += _write(batch_key, line, values, book.keep('{"title":"VP IT"}'))
            book.append(events)


def _write(batch_key: str, line: int, values: str, after: str) -> Iterator[NewEvent]:
    key, record_id = content_hash([batch_key, line]), f"con-{line}"
    plan = {
        "change_ids": [f"{batch_key[:16]}:{line + 1}:{line % 2}"],
        "approvals": [],
        "batch_key": batch_key,
        "proposal_key": f"{batch_key[:16]}:{line + 1}",
        "actor_id": f"agent-{line % 7}",
        "action": "update",
        "object": "contact",
        "record_id": record_id,
        "fields": ["title"],
        "values_digest": values,
        "crm": "files",
        "undoes": None,
        "attempt": 1,
    }
    settled = {
        "outcome": "written",
        "record_id": record_id,
        "before_digest": None,
        "after_digest": after,
        "attempts": 1,
    }
    yield NewEvent("write_planned", key, plan)
    yield NewEvent("write_settled", key, settled | {"answer": "written", "reconciled": False})


def _seconds(home: Home, asked: list[str], repeats: int, echo: Callable[[str], None]) -> float:
    command = [sys.executable, "-m", "wb_pipeline.cli", "audit", *asked, "--home", str(home.root)]
    taken = [measure(command, log=home.root.with_suffix(".log")).wall_seconds for _ in range(repeats)]
    echo(f"audit {' '.join(asked)}: {', '.join(f'{each:.2f}' for each in taken)} s")
    return median(taken)
