"""Does the chain verify? Reads the ledger raw and believes nothing of it. Cited files: `check_files`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from wb_pipeline.audit.findings import MOST_PER_CHECK, Finding
from wb_pipeline.audit.raw_ledger import UnreadableError, raw_ledger
from wb_pipeline.errors import AuditError
from wb_pipeline.home import Home
from wb_pipeline.ledger import head_file
from wb_pipeline.ledger.chain import GENESIS_HASH, Event, event_hash
from wb_pipeline.ledger.kinds import KINDS

_COLUMNS = ("sequence", "kind", "recorded_at", "recorded_by", "subject", "payload", "previous_hash", "event_hash")
LEDGER = "ledger.sqlite"
"""What findings call the ledger; `verify` puts its name there where it lies in another database."""


@dataclass(frozen=True, slots=True)
class LedgerCheck:
    """The events that could be read, in order, and what is wrong with the ledger."""

    events: list[Event]
    findings: list[Finding]

    @property
    def head(self) -> str:
        """The hash of the newest event that could be read."""
        return self.events[-1].event_hash if self.events else GENESIS_HASH


def check_ledger(home: Home, expected_head: str | None) -> LedgerCheck:
    """Check chain, guards, head file and, where given, a head hash that was exported earlier."""
    try:
        with raw_ledger(home) as raw:
            rows = [dict(zip(_COLUMNS, row, strict=True)) for row in raw.rows("events", _COLUMNS, "sequence")]
            guards = raw.missing_guards()
    except UnreadableError as error:
        return LedgerCheck([], [Finding(LEDGER, None, f"cannot be read: {error}")])
    findings = list(_chain_findings(rows))[:MOST_PER_CHECK]
    findings += [Finding(LEDGER, None, f"the guard {name} was removed or changed") for name in guards]
    findings += _head_file_findings(home, rows)
    if expected_head is not None and expected_head not in {GENESIS_HASH, *(row["event_hash"] for row in rows)}:
        findings.append(Finding(LEDGER, None, "the exported head is not in the chain: it was cut or written anew"))
    events, unreadable = _events(rows)
    return LedgerCheck(events, findings + unreadable)


def _chain_findings(rows: Sequence[dict[str, Any]]) -> Iterator[Finding]:
    previous = GENESIS_HASH
    for position, row in enumerate(rows, start=1):
        if row["sequence"] != position:
            yield Finding(LEDGER, position, f"event {position} is missing; {row['sequence']!r} stands in its place")
            return
        if row["previous_hash"] != previous:
            yield Finding(LEDGER, position, "the event does not follow the one before it")
        if _hash_of(row) != row["event_hash"]:
            yield Finding(LEDGER, position, "the event was changed: its hash does not fit")
        previous = row["event_hash"]


def _hash_of(row: dict[str, Any]) -> str:
    try:
        return event_hash(row)
    except (TypeError, ValueError):
        return ""  # A blob, or a number that JSON does not know: no event of ours.


def _head_file_findings(home: Home, rows: Sequence[dict[str, Any]]) -> list[Finding]:
    """Return nothing for a head file behind the chain (a crash after the commit); one ahead or beside is wrong."""
    try:
        head = head_file.read_head(home.root / head_file.FILE_NAME)
    except AuditError as error:
        return [Finding(head_file.FILE_NAME, None, error.message)]
    if head is None:
        return [Finding(head_file.FILE_NAME, None, "the file is missing")]
    if head.sequence > len(rows):
        return [Finding(LEDGER, head.sequence, f"the tail was cut: events {len(rows) + 1} to {head.sequence} are gone")]
    known = rows[head.sequence - 1]["event_hash"] if head.sequence else GENESIS_HASH
    if known != head.event_hash:
        return [Finding(LEDGER, head.sequence, "the event is not the one that the head file names")]
    return []


def _events(rows: Sequence[dict[str, Any]]) -> tuple[list[Event], list[Finding]]:
    events, findings = [], []
    for position, row in enumerate(rows, start=1):
        try:
            event = Event(**(row | {"payload": json.loads(row["payload"])}))
            if event.kind in KINDS:
                KINDS[event.kind].model_validate(event.payload)
            events.append(event)
        except (TypeError, ValueError, RecursionError, ValidationError):
            findings.append(Finding(LEDGER, position, f"the payload does not read as {row['kind']!r}"))
    return events, findings[:MOST_PER_CHECK]
