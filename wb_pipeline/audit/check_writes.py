"""Do decisions of people and writes refer to what came before them? Their values: `check_kept`; rows: `check_segments`.

A write that nobody allowed, an approval of nothing, an answer to nothing, one write carried out twice: all findings.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wb_pipeline.audit.check_ledger import LEDGER
from wb_pipeline.audit.findings import MOST_PER_CHECK, Finding
from wb_pipeline.home import Home
from wb_pipeline.ledger.chain import Event
from wb_pipeline.ledger.kinds import BatchSealed
from wb_pipeline.ledger.kinds_review import ItemDecided, ItemReturned
from wb_pipeline.ledger.kinds_writes import WritePlanned, WriteSettled
from wb_pipeline.ledger.segment_files import segment_path

if TYPE_CHECKING:
    import duckdb

_NAMED = "wb_named_changes"
_SEALED_SQL = f"select change_id, lane from read_parquet($path) semi join {_NAMED} using (change_id)"  # noqa: S608 - our own name
_ALLOWS = ("approve", "accept")
# Lanes out of which nothing is written unless a person allows it.
_ASKS_FIRST = ("review", "deny", "quarantine")


@dataclass(frozen=True, slots=True)
class _Sealed:
    """Where a change ended, and the event that sealed it."""

    lane: str
    sequence: int


def check_writes(con: duckdb.DuckDBPyConnection, home: Home, events: Sequence[Event]) -> list[Finding]:
    """Return what breaks the order of things, among the events about people and writes."""
    decided = [event for event in events if event.kind == ItemDecided.kind]
    planned = [event for event in events if event.kind == WritePlanned.kind]
    if not decided and not planned and not any(event.kind == WriteSettled.kind for event in events):
        return []
    named = {event.subject for event in decided} | {each for plan in planned for each in plan.payload["change_ids"]}
    sealed = _sealed(con, home, events, named)
    found = [*_of_decisions(decided, sealed), *_of_plans(events, planned, sealed), *_of_answers(events)]
    return sorted(found, key=lambda finding: finding.row or 0)[:MOST_PER_CHECK]


def _sealed(
    con: duckdb.DuckDBPyConnection, home: Home, events: Sequence[Event], named: Iterable[str]
) -> dict[str, _Sealed]:
    """Return the sealed changes among those that are named. What cannot be read is for `check_segments` to say."""
    import duckdb
    import pyarrow as pa

    found: dict[str, _Sealed] = {}
    con.register(_NAMED, pa.table({"change_id": pa.array(sorted(named), pa.string())}))
    try:
        for event in events:
            path = segment_path(home, event.subject) if event.kind == BatchSealed.kind else None
            if path is not None and path.is_file():
                with suppress(duckdb.Error):
                    rows = con.execute(_SEALED_SQL, {"path": str(path)}).fetchall()
                    found |= {change_id: _Sealed(lane, event.sequence) for change_id, lane in rows}
    finally:
        con.unregister(_NAMED)
    return found


def _of_decisions(decided: Iterable[Event], sealed: Mapping[str, _Sealed]) -> Iterator[Finding]:
    for event in decided:
        if not _is_sealed_before(event.subject, event, sealed):
            yield Finding(
                LEDGER, event.sequence, f"{event.subject} was decided on, but no such change was sealed before"
            )


def _of_plans(events: Sequence[Event], planned: Iterable[Event], sealed: Mapping[str, _Sealed]) -> Iterator[Finding]:
    by_sequence = {event.sequence: event for event in events}
    void = _void(events)
    keys = {event.subject: event.sequence for event in reversed(events) if event.kind == WritePlanned.kind}
    for plan in planned:
        undone = plan.payload["undoes"]
        problems = [f"a write of {each} was planned, but no such change was sealed" for each in _unsealed(plan, sealed)]
        problems += [
            f"the write rests on event {approval}, {problem}"
            for approval in plan.payload["approvals"]
            if (problem := _approval_problem(plan, by_sequence.get(approval), void))
        ]
        if undone is None:
            problems += _unasked(plan, sealed)
        elif keys.get(undone, plan.sequence) >= plan.sequence:
            problems.append("the write takes back a write that was never planned")
        yield from (Finding(LEDGER, plan.sequence, problem) for problem in problems)


def _unsealed(plan: Event, sealed: Mapping[str, _Sealed]) -> list[str]:
    return [each for each in plan.payload["change_ids"] if not _is_sealed_before(each, plan, sealed)]


def _unasked(plan: Event, sealed: Mapping[str, _Sealed]) -> list[str]:
    """Return what is wrong where a write rests on no approval although a person had to be asked."""
    if plan.payload["approvals"]:
        return []
    asked = [each for each in plan.payload["change_ids"] if each in sealed and sealed[each].lane in _ASKS_FIRST]
    return [f"{each} ended in lane {sealed[each].lane}; its write rests on no approval" for each in asked[:1]]


def _void(events: Iterable[Event]) -> Mapping[str, list[int]]:
    """Return the sequences at which approvals of each item became void: returned to the queue, or rejected."""
    found: dict[str, list[int]] = defaultdict(list)
    for event in events:
        is_rejected = event.kind == ItemDecided.kind and event.payload["decision"] not in _ALLOWS
        if event.kind == ItemReturned.kind or is_rejected:
            found[event.subject].append(event.sequence)
    return found


def _approval_problem(plan: Event, approval: Event | None, void: Mapping[str, list[int]]) -> str:
    if approval is None or approval.sequence >= plan.sequence or approval.kind != ItemDecided.kind:
        return "which is no decision before it"
    if approval.payload["decision"] not in _ALLOWS:
        return "which allows nothing"
    if _proposal(approval.subject) not in {_proposal(each) for each in plan.payload["change_ids"]}:
        return "which is about another proposal"
    if any(approval.sequence < sequence < plan.sequence for sequence in void[approval.subject]):
        return "which was void by then"
    return ""


def _of_answers(events: Iterable[Event]) -> Iterator[Finding]:
    planned: set[str] = set()
    written: set[str] = set()
    for event in events:
        if event.kind == WritePlanned.kind:
            planned.add(event.subject)
        elif event.kind == WriteSettled.kind:
            if event.subject not in planned:
                yield Finding(LEDGER, event.sequence, "a write was settled that was never planned")
            if event.payload["outcome"] == "written":
                if event.subject in written:
                    yield Finding(LEDGER, event.sequence, "one write was carried out twice")
                written.add(event.subject)


def _is_sealed_before(change_id: str, event: Event, sealed: Mapping[str, _Sealed]) -> bool:
    return change_id in sealed and sealed[change_id].sequence < event.sequence


def _proposal(change_id: str) -> str:
    return change_id.rpartition(":")[0]
