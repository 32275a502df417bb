"""Ids of records that a person writes into an item: each has to be there, live and of the right object (IDN-9)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from wb_pipeline.facts.payload_references import REFERENCED_OBJECTS
from wb_pipeline.normalize.fields import is_empty

if TYPE_CHECKING:
    from wb_pipeline.review.kept_files import KeptFiles


def broken_reference(edits: Mapping[str, Any], files: KeptFiles) -> str:
    """Return which edited value points to no live record of the latest snapshot, with the field's name; "" if none."""
    named = {
        field: (REFERENCED_OBJECTS[field], str(value).strip())
        for field, value in edits.items()
        if field in REFERENCED_OBJECTS and not is_empty(value)
    }
    records = files.kept_records(files.latest("crm"), named.values()) if named else {}
    for field, key in named.items():
        name, record_id = key
        if key not in records:
            return f"{field}: the CRM has no {name} {record_id[:80]!r}"
        if not records[key].is_live:
            return f"{field}: the {name} {record_id[:80]!r} is archived or merged into another one"
    return ""
