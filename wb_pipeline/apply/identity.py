"""Which values make a new record the same as one that is there: keys of people, firms, activities (IDN-3, LOG-1). Pure.

They are the keys by which proposals are matched. Here they are asked of the CRM as it is, not of a snapshot.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from wb_pipeline.apply.model import Write
from wb_pipeline.connectors.search_keys import keys_in

_KEY_FIELDS: dict[str, tuple[str, ...]] = {
    "contact": ("email", "external_id"),
    "lead": ("email", "external_id"),
    "company": ("domain", "additional_domains", "external_id"),
}
_ANY_OBJECT = ("external_id",)
_SAME_AS = {"additional_domains": "domain"}
# Tools call one conversation a call or a meeting; a note or a task only mentions the ids of what it is about.
_TALK = ("message_id", "calendar_event_id", "recording_id")
_TELLING: dict[str, tuple[str, tuple[str, ...]]] = {
    "call": ("talk", _TALK),
    "meeting": ("talk", _TALK),
    "email": ("email", ("message_id",)),
}


class Claim(NamedTuple):
    """One value that only one record of an object should have. `family`: of an activity, what kind it is."""

    object: str
    family: str
    field: str
    key: str


def claims(object_name: str, fields: Mapping[str, Any]) -> frozenset[Claim]:
    """Return what a record with these fields claims for itself."""
    family, names = "", _KEY_FIELDS.get(object_name, _ANY_OBJECT)
    if object_name == "activity":
        family, telling = _TELLING.get(str(fields.get("type")).strip().lower(), ("", ()))
        names = (*_ANY_OBJECT, *telling)
    return frozenset(
        Claim(object_name, family, _SAME_AS.get(name, name), key)
        for name in names
        for key in keys_in(name, fields.get(name))
    )


def claims_of(write: Write) -> frozenset[Claim]:
    """Return what the record that a write makes will claim; nothing for any other write."""
    return _claimed(write) if write.action in ("create", "log") else frozenset()


def searches(wanted: Iterable[Claim]) -> dict[str, dict[str, set[str]]]:
    """Return by object which keys to search in which fields, to find whoever holds one of the claims."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for claim in wanted:
        for name in (claim.field, *(other for other, same in _SAME_AS.items() if same == claim.field)):
            found[claim.object][name].add(claim.key)
    return found


def touched(write: Write) -> frozenset[tuple[str, ...]]:
    """Return what no two writes may share that are under way at once: records, and what makes two of them the same.

    An update claims too what it gives to its record: a create of the same waits, and finds it there.
    """
    return write.records | _claimed(write)


def _claimed(write: Write) -> frozenset[Claim]:
    return claims(write.made_object, {part.field: part.value for part in write.parts})
