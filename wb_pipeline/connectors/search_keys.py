"""By which fields a CRM can be searched, and when two values of one mean the same (IDN-1). Reads no CRM."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from wb_pipeline.matching.keys import key_of

FieldKeys = Mapping[str, Collection[str]]
"""What is searched for: field -> key forms, one of which one of these fields has to hold."""


def _vendor_id(value: Any) -> str | None:
    """Message ids come with and without their angle brackets, and in any case."""
    key = key_of("external_id", value)
    return key.strip("<> ").lower() or None if key else None


def _record_id(value: Any) -> str | None:
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) and value != "" else None


_FORMS: dict[str, Callable[[Any], str | None]] = {
    "email": lambda value: key_of("email", value),
    "domain": lambda value: key_of("domain", value),
    "external_id": lambda value: key_of("external_id", value),
    "vendor_id": _vendor_id,
    "record_id": _record_id,
}
KINDS: dict[str, str] = {
    "email": "email",
    "domain": "domain",
    "additional_domains": "domain",
    "external_id": "external_id",
    "message_id": "vendor_id",
    "calendar_event_id": "vendor_id",
    "recording_id": "vendor_id",
    "company_id": "record_id",
    "contact_id": "record_id",
    "primary_contact_id": "record_id",
    "deal_id": "record_id",
}
"""The fields that can be searched, and the kind of their values."""


def keys_in(field: str, value: Any) -> frozenset[str]:
    """Return the key forms of a field's value, of each item of a list; nothing where it holds none."""
    form = _FORMS[KINDS[field]]
    given = value if isinstance(value, list) else [value]
    return frozenset(key for item in given if (key := form(item)) is not None)


def holds(fields: Mapping[str, Any], wanted: FieldKeys) -> bool:
    """Say whether a record holds in one of the fields one of the keys that are searched for there."""
    return any(not keys_in(name, fields.get(name)).isdisjoint(keys) for name, keys in wanted.items())
