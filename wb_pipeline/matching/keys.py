"""Which values identify which objects, and their key form (IDN-1). Pure; reads no tables."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from wb_pipeline.normalize.domains import normalize_domain
from wb_pipeline.normalize.emails import normalize_email
from wb_pipeline.normalize.text import normalize_external_id

if TYPE_CHECKING:
    from collections.abc import Callable

NORMALIZERS: dict[str, Callable[[str], str | None]] = {
    "email": normalize_email,
    "domain": normalize_domain,
    "external_id": normalize_external_id,
}
IDENTIFIED_OBJECTS: dict[str, frozenset[str] | None] = {
    "email": frozenset({"contact", "lead"}),
    "domain": frozenset({"company"}),
    "external_id": None,
}
"""Objects that a kind of key identifies; None = all."""


class Key(NamedTuple):
    """One identifying value: kind (`email`, `domain`, `external_id`) and its key form."""

    kind: str
    key: str


def identifies(kind: str, object_name: str | None) -> bool:
    """Say whether a kind of key identifies records of this object."""
    objects = IDENTIFIED_OBJECTS.get(kind, frozenset())
    return objects is None or object_name in objects


def key_of(kind: str, value: object) -> str | None:
    """Return the key form of a JSON value, or None when it is no key of this kind."""
    if isinstance(value, int) and not isinstance(value, bool) and kind == "external_id":
        value = str(value)
    return NORMALIZERS[kind](value) if isinstance(value, str) else None


def key_of_json(kind: str, text: str) -> str | None:
    """Return the key form of a value that travels as JSON text."""
    try:
        return key_of(kind, json.loads(text))
    except (ValueError, RecursionError):
        return None


def keys_of_match(object_name: str | None, text: str) -> list[Key]:
    """Return the keys that a proposal's `target.match` names for its object. Other entries identify nothing."""
    try:
        given = json.loads(text)
    except (ValueError, RecursionError):
        return []
    if not isinstance(given, dict):
        return []
    named = ((name.strip().lower(), value) for name, value in given.items())
    found = {Key(kind, key) for kind, value in named if identifies(kind, object_name) and (key := key_of(kind, value))}
    return sorted(found)
