"""Do the values that events cite stand beside the chain as cited, or was their erasure recorded? Rows: elsewhere.

Reads the table raw, like `check_ledger`. What the events mean is in `check_writes`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from wb_pipeline.audit.check_ledger import LEDGER
from wb_pipeline.audit.findings import MOST_PER_CHECK, Finding
from wb_pipeline.audit.raw_ledger import UnreadableError, raw_ledger
from wb_pipeline.home import Home
from wb_pipeline.ledger.chain import Event
from wb_pipeline.ledger.kept_values import value_digest
from wb_pipeline.ledger.kinds_review import ItemDecided
from wb_pipeline.ledger.kinds_writes import ChangeSeenAround, KeptValuesErased, WritePlanned, WriteSettled
from wb_pipeline.ledger.place import has_ledger

# Kind of event -> keys of its payload that cite kept values.
CITING_KEYS: Mapping[str, tuple[str, ...]] = {
    ItemDecided.kind: ("edited_digest",),
    WritePlanned.kind: ("values_digest",),
    WriteSettled.kind: ("before_digest", "after_digest", "answer_digest"),
    ChangeSeenAround.kind: ("value_digest",),
}


def check_kept(home: Home, events: Sequence[Event]) -> tuple[list[Finding], list[str]]:
    """Return what is wrong with the kept values, and notes: values that no event of ours cites. Nothing reads those."""
    try:
        rows = _rows(home)
    except UnreadableError as error:
        return [Finding(LEDGER, None, f"the kept values cannot be read: {error}")], []
    uncited = len(rows.keys() - _cited(events).keys())
    notes = [f"{LEDGER}: {uncited:,} kept values that no event cites"] if uncited else []
    return list(_findings(rows, events))[:MOST_PER_CHECK], notes


def _rows(home: Home) -> dict[str, tuple[Any, Any]]:
    """Return digest -> salt and value, as stored."""
    if not has_ledger(home):
        return {}
    with raw_ledger(home) as raw:
        found = raw.rows("kept_values", ("digest", "salt", "value"), "digest")
        return {digest: (salt, value) for digest, salt, value in found}


def _findings(rows: Mapping[str, tuple[Any, Any]], events: Sequence[Event]) -> Iterator[Finding]:
    erased = _erased(events)
    for digest, (salt, value) in rows.items():
        if not (isinstance(salt, str) and isinstance(value, str)) or value_digest(salt, value) != digest:
            yield Finding(LEDGER, None, f"the kept value {str(digest)[:16]} was changed: its digest does not fit")
    for digest, sequence in _cited(events).items():
        if digest in erased and digest in rows:
            what = f"the kept value {digest[:16]} is there, but event {erased[digest]} says that it was erased"
            yield Finding(LEDGER, sequence, what)
        elif digest not in erased and digest not in rows:
            yield Finding(LEDGER, sequence, f"the kept value {digest[:16]} is gone, and no event says it was erased")


def _cited(events: Iterable[Event]) -> dict[str, int]:
    """Return which event cites each kept value."""
    return {
        event.payload[key]: event.sequence
        for event in events
        for key in CITING_KEYS.get(event.kind, ())
        if isinstance(event.payload.get(key), str)
    }


def _erased(events: Iterable[Event]) -> dict[str, int]:
    return {
        digest: event.sequence
        for event in events
        if event.kind == KeptValuesErased.kind
        for digest in event.payload["digests"]
    }
