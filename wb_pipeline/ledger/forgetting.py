"""Which kept values a person's words stand in, and erasing them for good (AUD-6). Where else they stand: `remains`."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from wb_pipeline.canonical import canonical_json
from wb_pipeline.errors import InputError
from wb_pipeline.ledger import tables
from wb_pipeline.ledger.kinds import payload_of
from wb_pipeline.ledger.kinds_review import ItemDecided
from wb_pipeline.ledger.kinds_writes import (
    MOST_CHANGES,
    ChangeSeenAround,
    KeptValuesErased,
    WritePlanned,
    WriteSettled,
)
from wb_pipeline.ledger.sealed_changes import sealed_changes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wb_pipeline.home import Home
    from wb_pipeline.ledger.chain import Event
    from wb_pipeline.ledger.store import Ledger

SHORTEST = 3
"""So long a text has to be: a shorter one stands in everything."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be forgotten: all about one record (`object`, `record_id`), or all that holds one of `texts`."""

    object: str = ""
    record_id: str = ""
    texts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what would erase everything, or nothing."""
        if not (self.object and self.record_id) and not self.texts:
            raise InputError("to forget needs a record or a value", hint="--record contact:con-1, or --value TEXT")
        if any(len(text.strip()) < SHORTEST for text in self.texts):
            raise InputError(
                f"a value to forget has at least {SHORTEST} characters", hint="a shorter one is everywhere"
            )

    def refuse_in(self, words: str) -> None:
        """Raise InputError if words that stay for ever say what is to be forgotten."""
        if any(needle.strip().casefold() in words.casefold() for needle in self.texts):
            raise InputError("the reason says what is to be forgotten", hint="it stays for ever: name a case")

    @property
    def needles(self) -> tuple[str, ...]:
        """What to look for in files: the texts, and the record's id."""
        return (*self.texts, *filter(None, [self.record_id]))


def kept_digests(home: Home, ledger: Ledger, wanted: Wanted) -> dict[str, str]:
    """Return {digest: kind of the event that cites it} of the kept values that are there still."""
    citing = dict(_citing(ledger))
    found = _holding(ledger, wanted.texts) if wanted.texts else set()
    if wanted.record_id:
        found |= _about_record(home, ledger, wanted)
    return {digest: citing.get(digest, "") for digest in sorted(_there(ledger, found))}


def forget(ledger: Ledger, digests: Collection[str], *, by: str, reason: str) -> list[Event]:
    """Erase kept values for good, all or none, with their tombstones; the chain still verifies.

    Raises InputError without a named person, a reason or values, or where one of them was erased meanwhile.
    """
    listed = sorted(set(digests))
    if not (by.strip() and reason.strip() and listed):
        raise InputError("an erasure needs a named person, a reason, and something to erase")
    made: list[Event] = []
    with ledger.writing(by) as book:
        for start in range(0, len(listed), MOST_CHANGES):
            some = listed[start : start + MOST_CHANGES]
            if book.erase(some) != len(some):
                raise InputError("some of it was erased meanwhile: nothing is erased", hint="start it again")
            made += book.append([KeptValuesErased(digests=some, reason=reason).about("kept_values")])
    return made


def _citing(ledger: Ledger) -> Iterator[tuple[str, str]]:
    for kind in (ItemDecided.kind, WritePlanned.kind, WriteSettled.kind, ChangeSeenAround.kind):
        for event in ledger.events(kind):
            yield from ((digest, kind) for digest in _digests(event))


def _digests(event: Event) -> Iterator[str]:
    """Yield the kept values that an event cites: whatever its payload calls a digest and kept values have."""
    for name, value in event.payload.items():
        if name.endswith("_digest") and isinstance(value, str):
            yield value


def _holding(ledger: Ledger, texts: Iterable[str]) -> set[str]:
    """Return the kept values that hold one of the texts, whatever its capitals, as it is or as JSON writes it."""
    forms = {form.casefold() for text in texts for form in (text, canonical_json(text)[1:-1], json.dumps(text)[1:-1])}
    with ledger.reading() as connection:
        rows = connection.execute(select(tables.kept_values).execution_options(yield_per=1_000))
        return {row.digest for row in rows if any(form in row.value.casefold() for form in forms)}


def _about_record(home: Home, ledger: Ledger, wanted: Wanted) -> set[str]:
    """Return the kept values of decisions on the record, of writes to it, and of changes around us."""
    found: set[str] = set()
    keys: set[str] = set()
    changes: set[str] = set()
    nameless: set[str] = set()  # Changes of a record that nobody knew: a person picks one.
    for each in sealed_changes(home, ledger):
        if each.row["object"] == wanted.object and each.row["record_id"] in (None, wanted.record_id):
            (nameless if each.row["record_id"] is None else changes).add(each.change_id)
    settled = ledger.events(WriteSettled.kind)
    made = {event.subject for event in settled if payload_of(event, WriteSettled).record_id == wanted.record_id}
    for event in ledger.events(WritePlanned.kind):
        planned = payload_of(event, WritePlanned)
        is_named = planned.record_id == wanted.record_id or event.subject in made
        if (planned.object == wanted.object and is_named) or not changes.isdisjoint(planned.change_ids):
            keys.add(event.subject)
            changes |= set(planned.change_ids)
            found |= set(_digests(event))
    found |= {digest for event in settled if event.subject in keys for digest in _digests(event)}
    for event in ledger.events(ItemDecided.kind):
        is_picked = event.subject in nameless and event.payload.get("record_id") == wanted.record_id
        found |= set(_digests(event)) if is_picked or event.subject in changes else set()
    for event in ledger.events(ChangeSeenAround.kind):
        is_it = json.loads(event.subject)[:2] == [wanted.object, wanted.record_id]
        found |= set(_digests(event)) if is_it else set()
    return found


def _there(ledger: Ledger, digests: Iterable[str]) -> set[str]:
    return set(ledger.kept(digests))
