"""What a write leaves on the record beside its values: confidence, evidence, source, labels, its key (CNF-2). Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from wb_pipeline.apply.model import Part, Write
from wb_pipeline.canonical import canonical_json, content_hash
from wb_pipeline.connectors.writing import KEY_FIELD

CONFIDENCE = "ai_writeback_confidence"
EVIDENCE = "ai_writeback_evidence"
SOURCE = "ai_writeback_source"
BY_FIELD = "ai_writeback_fields"
LABELS = "ai_writeback_labels"
PREFIX = "ai_writeback_"
UNVERIFIED = "unverified"
_DIGEST_CHARACTERS = 16
# CRMs cut long text: the first pieces of evidence stand on the record, all of them in the books.
_MOST_EVIDENCE = 20


def marks(write: Write, key: str, fields: Mapping[str, Any], current: Mapping[str, Any]) -> dict[str, Any]:
    """Return the marks of a write that sets `fields` on a record whose fields are `current` (empty for a new one).

    The confidence is the lowest of all values of ours that still stand on the record; the values per field lie beside.
    """
    after = {**current, **fields}
    kept = _still_standing(current, after)
    written = {part.field: part for part in write.parts if part.field in fields}
    told = kept | {name: _entry(part, fields[name]) for name, part in written.items() if write.undoes is None}
    found = {KEY_FIELD: key, BY_FIELD: canonical_json(told) if told else None, CONFIDENCE: _lowest(write, told)}
    if write.undoes is None:
        found |= {EVIDENCE: ", ".join(write.evidence[:_MOST_EVIDENCE]) or None, SOURCE: write.source}
        if write.labels:
            found[LABELS] = ", ".join(write.labels)
    elif not told:
        found |= {EVIDENCE: None, SOURCE: None}
    return found


def verified(write: Write) -> bool:
    """Say whether a logged activity is more than somebody's word: evidence, and no label against it (EVD-8)."""
    return bool(write.evidence) and not any(UNVERIFIED in label for label in write.labels)


def told_fields(current: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return what a record says about values of ours, by field; nothing if somebody wrote something else there."""
    try:
        loaded = json.loads(current.get(BY_FIELD) or "{}")
    except (TypeError, ValueError, RecursionError):
        return {}
    if not isinstance(loaded, dict):
        return {}
    return {name: entry for name, entry in loaded.items() if isinstance(entry, dict)}


def ours(current: Mapping[str, Any]) -> set[str]:
    """Return the fields of a record whose value is one that we wrote."""
    return set(_still_standing(current, current))


def _still_standing(current: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        name: entry for name, entry in told_fields(current).items() if entry.get("value") == _short(after.get(name))
    }


def _entry(part: Part, value: Any) -> dict[str, Any]:
    evidence = list(part.evidence[:_MOST_EVIDENCE])
    return {"confidence": part.confidence, "evidence": evidence, "source": part.source, "value": _short(value)}


def _lowest(write: Write, told: Mapping[str, Mapping[str, Any]]) -> float | None:
    values: Sequence[Any] = [entry.get("confidence") for entry in told.values()]
    if write.undoes is None and not write.parts:
        values = [*values, write.confidence]
    return min((float(value) for value in values if isinstance(value, int | float)), default=None)


def _short(value: Any) -> str:
    return content_hash(value)[:_DIGEST_CHARACTERS]
