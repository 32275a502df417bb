"""What can still be said of a proposal that is quarantined: names for people to find it by. Nothing here is trusted."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from wb_pipeline.contract.flatten import folded
from wb_pipeline.contract.limits import ID_CHARACTERS
from wb_pipeline.contract.tables import PROPOSAL_LINES

if TYPE_CHECKING:
    from wb_pipeline.contract.rows import Row

_COLUMNS = PROPOSAL_LINES.names[PROPOSAL_LINES.get_field_index("proposal_id") :]
_PROPOSAL_ID = re.compile(r'(?<!\\)"proposal_id"\s*:\s*("(?:[^"\\]|\\.){1,200}")')
_PATHS = {
    "proposal_id": ("proposal_id",),
    "batch_label": ("batch_id",),
    "idempotency_key": ("idempotency_key",),
    "submitted_at_text": ("submitted_at",),
    "read_at_text": ("read_at",),
    "actor_type": ("actor", "type"),
    "actor_id": ("actor", "id"),
    "actor_model": ("actor", "model"),
    "workflow_id": ("workflow_id",),
    "action": ("action",),
    "object": ("object",),
    "target_id": ("target", "id"),
    "source": ("source",),
}
_FOLDED = frozenset({"action", "object"})


def refused_columns(row: Row) -> tuple[Any, ...]:
    """Return the columns of PROPOSAL_LINES from `proposal_id` on: short texts only, everything else empty."""
    named = {column: _text_at(row.mapping, path) for column, path in _PATHS.items()}
    if row.mapping is None:
        named["proposal_id"] = _guessed_id(row.text)
    named |= {column: folded(text) for column in _FOLDED if (text := named[column]) is not None}
    flags = {"has_time_without_zone": False, "has_unreadable_time": False, "payload": "{}", "extra": "{}"}
    return tuple((named | flags).get(column) for column in _COLUMNS)


def _text_at(mapping: Any, path: tuple[str, ...]) -> str | None:
    value = mapping
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    if type(value) is int:
        value = str(value)
    if not isinstance(value, str) or len(value) > ID_CHARACTERS:
        return None
    return value.encode("utf-8", "replace").decode()


def _guessed_id(text: str) -> str | None:
    """Return the first proposal id that the broken text shows."""
    found = _PROPOSAL_ID.search(text)
    if not found:
        return None
    try:
        return str(json.loads(found.group(1))).encode("utf-8", "replace").decode()
    except ValueError:
        return None
