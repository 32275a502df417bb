"""What became of changes after they were decided on: people, writes, the CRM's answers, undoing (AUD-3). No words.

A step is an event of the ledger with the values that it cites, as far as they were not erased.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from wb_pipeline.audit.ledger_search import LedgerSearch
from wb_pipeline.ledger.chain import Event
from wb_pipeline.ledger.kinds_writes import WritePlanned
from wb_pipeline.ledger.store import Ledger

# Payload key that cites a kept value -> what the value is called here.
_KEPT = {
    "edited_digest": "edited",
    "values_digest": "planned",
    "before_digest": "before",
    "after_digest": "after",
    "value_digest": "value",
    "answer_digest": "answer",
}


@dataclass(frozen=True, slots=True)
class KeptValue:
    """A value that an event cites: JSON as it was kept; None where it was erased on request."""

    value: Any
    is_erased: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened. `kept`: cited values by name, as `_KEPT` calls them.

    `plan`: for a settled write, the payload of its plan.
    """

    sequence: int
    at: str
    by: str
    kind: str
    subject: str
    payload: Mapping[str, Any]
    kept: Mapping[str, KeptValue] = field(default_factory=dict)
    plan: Mapping[str, Any] | None = None

    @property
    def is_undo(self) -> bool:
        """Whether it belongs to a write that takes another one back."""
        return bool((self.plan or self.payload).get("undoes"))


def steps_of_changes(ledger: Ledger, change_ids: Iterable[str]) -> dict[str, tuple[Step, ...]]:
    """Return the steps of each change, in the order of the ledger: decisions of people, writes, what undid them."""
    ids = set(change_ids)
    search = LedgerSearch(ledger)
    people, plans = search.about_changes(ids), search.plans_of(ids)
    undoing = search.undone_by(plan.subject for plan in plans)
    settled = search.settled(event.subject for event in (*plans, *undoing))
    of_write = _changes_of_writes(plans, undoing)
    by_change: dict[str, dict[int, Event]] = defaultdict(dict)
    for event in people:
        by_change[event.subject][event.sequence] = event
    for event in (*plans, *undoing, *settled):
        for change_id in of_write[event.subject] & ids:
            by_change[change_id][event.sequence] = event
    every = {event.sequence: event for events in by_change.values() for event in events.values()}
    steps = {step.sequence: step for step in as_steps(ledger, every.values(), _plans(plans, undoing))}
    return {change_id: tuple(steps[sequence] for sequence in sorted(events)) for change_id, events in by_change.items()}


def as_steps(
    ledger: Ledger, events: Iterable[Event], plans: Mapping[str, Mapping[str, Any]] | None = None
) -> list[Step]:
    """Return events as steps, with the values that they cite. Raises AuditError for a value that was changed."""
    listed = list(events)
    digests = {event.payload[key] for event in listed for key in _KEPT if event.payload.get(key)}
    kept = ledger.kept(digests)
    return [
        Step(
            event.sequence,
            event.recorded_at,
            event.recorded_by,
            event.kind,
            event.subject,
            event.payload,
            {name: _kept(kept, event.payload[key]) for key, name in _KEPT.items() if event.payload.get(key)},
            (plans or {}).get(event.subject) if event.kind != WritePlanned.kind else None,
        )
        for event in listed
    ]


def _changes_of_writes(plans: Iterable[Event], undoing: Iterable[Event]) -> dict[str, set[str]]:
    """Return the changes that each write is about; an undo is about those of the write that it takes back."""
    found: dict[str, set[str]] = defaultdict(set)
    for plan in plans:
        found[plan.subject] |= set(plan.payload["change_ids"])
    for plan in undoing:
        found[plan.subject] |= set(plan.payload["change_ids"]) | found[plan.payload["undoes"]]
    return found


def _plans(*planned: Iterable[Event]) -> dict[str, Mapping[str, Any]]:
    return {event.subject: event.payload for events in planned for event in events}


def _kept(kept: Mapping[str, str], digest: str) -> KeptValue:
    text = kept.get(digest)
    return KeptValue(None, is_erased=True) if text is None else KeptValue(json_or_text(text))


def json_or_text(text: str) -> Any:
    """Return the value of a JSON text; text that is not JSON stays as it is: an answer must not fail on it."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
