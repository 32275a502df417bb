"""What happened to a write since: fields taken back before, later writes of ours over them (AUD-4). Plans nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from wb_pipeline.apply.entries import Entry
from wb_pipeline.apply.outbox import Outbox
from wb_pipeline.apply.references import CREATABLE

_Place = tuple[str, str | None, str]


class History:
    """The undos that ended for good, by write and field, and the writes that stand, by record and field.

    `meant`: keys of the writes that are taken back now, the latest first: they do not stand in one another's way.
    """

    def __init__(self, outbox: Outbox, kept: Mapping[str, Mapping[str, Any]], meant: Iterable[str]) -> None:
        self._meant = frozenset(meant)
        self._ended: dict[str, dict[str, str]] = defaultdict(dict)
        self._standing: dict[_Place, list[Entry]] = defaultdict(list)
        for entry in sorted(outbox.entries.values(), key=lambda entry: entry.settled_sequence):
            if entry.planned.undoes is not None:
                self._note_undo(entry, entry.planned.undoes, kept)
            elif entry.settled is not None and entry.settled.outcome == "written":
                for name in entry.planned.fields:
                    self._standing[_place(entry, name)].append(entry)

    def ended(self, entry: Entry, name: str) -> str:
        """Return how taking back a field of a write ended, "" if it may still be tried."""
        ended = self._ended.get(entry.key, {})
        return ended.get(name, "") or ended.get("", "")

    def is_written_again(self, entry: Entry, name: str) -> bool:
        """Say whether a later write of ours, not taken back, set the field: its value is that one's now."""
        later = (each for each in self._standing[_place(entry, name)] if each.settled_sequence > entry.settled_sequence)
        return any(self._stands(each, name) for each in later)

    def _stands(self, entry: Entry, name: str) -> bool:
        """Say whether a write is neither taken back nor going to be."""
        ended = self.ended(entry, name)
        return ended not in ("written", "already_so") and (bool(ended) or entry.key not in self._meant)

    def _note_undo(self, undo: Entry, of: str, kept: Mapping[str, Mapping[str, Any]]) -> None:
        if undo.settled is None or not undo.is_done:
            return
        # Of an undo whose values were erased nobody knows the fields: it counts for all of them.
        names = kept[undo.key]["base"] if undo.key in kept else [""]
        self._ended[of] |= dict.fromkeys(names, undo.settled.outcome)


def _place(entry: Entry, name: str) -> _Place:
    return entry.planned.object, entry.settled.record_id if entry.settled else None, name


def pointing_writes(outbox: Outbox) -> list[Entry]:
    """Return the writes that set a reference to another record."""
    return [
        each
        for each in outbox.entries.values()
        if each.planned.undoes is None and each.settled is not None and each.settled.outcome == "written"
        if not CREATABLE.keys().isdisjoint(each.planned.fields)
    ]


def referrers(entries: Iterable[Entry], kept: Mapping[str, Mapping[str, Any]]) -> dict[str, frozenset[tuple[str, str]]]:
    """Return {record id: the records that these writes let point to it}."""
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for entry in entries:
        fields = kept.get(entry.key, {}).get("fields", {})
        if entry.settled is not None and entry.settled.record_id is not None:
            for value in (fields[name] for name in CREATABLE if isinstance(fields.get(name), str)):
                found[value].add((entry.planned.object, entry.settled.record_id))
    return {record_id: frozenset(places) for record_id, places in found.items()}


def undos_of(outbox: Outbox, entries: Iterable[Entry]) -> list[Entry]:
    """Return the entries that took some of these writes back, or tried to."""
    keys = {entry.key for entry in entries}
    return [each for each in outbox.entries.values() if each.planned.undoes in keys]
