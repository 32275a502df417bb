"""The hash chain as pure functions: what an event is and how it seals the one before. No storage here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from wb_pipeline.canonical import canonical_json, content_hash

GENESIS_HASH = "0" * 64


@dataclass(frozen=True, slots=True)
class Head:
    """The newest event of a chain; sequence 0 with `GENESIS_HASH` stands before the first one."""

    sequence: int
    event_hash: str


GENESIS = Head(0, GENESIS_HASH)


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event before the ledger gave it a sequence, a time and a hash. `payload` holds JSON values only."""

    kind: str
    subject: str
    payload: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Event:
    """An event of the ledger. `recorded_at` is UTC text (`times.utc_text`)."""

    sequence: int
    kind: str
    recorded_at: str
    recorded_by: str
    subject: str
    payload: Mapping[str, Any]
    previous_hash: str
    event_hash: str


def storable(text: str) -> str:
    """Return `text` with "?" for lone surrogates and NUL: not every database stores them; file names may hold them."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", "?")


def payload_text(payload: Mapping[str, Any]) -> str:
    """Return the canonical JSON of a payload, as it is stored and hashed."""
    return storable(canonical_json(dict(payload)))


def event_hash(row: Mapping[str, Any]) -> str:
    """Return the hash that seals a stored row (its columns as stored, `payload` as text) and all rows before it."""
    columns = ("previous_hash", "sequence", "kind", "recorded_at", "recorded_by", "subject", "payload")
    return content_hash([row[column] for column in columns])


def sealed_row(event: NewEvent, after: Head, *, recorded_at: str, recorded_by: str) -> dict[str, Any]:
    """Return the row of table `events` that puts `event` behind the head `after`."""
    row: dict[str, Any] = {
        "sequence": after.sequence + 1,
        "kind": event.kind,
        "recorded_at": recorded_at,
        "recorded_by": storable(recorded_by),
        "subject": storable(event.subject),
        "payload": payload_text(event.payload),
        "previous_hash": after.event_hash,
    }
    return row | {"event_hash": event_hash(row)}
