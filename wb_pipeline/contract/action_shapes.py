"""What each action must state beside the common keys, once as a check and once as JSON Schema. No types of values."""

from __future__ import annotations

from typing import Any

from wb_pipeline.contract.reasons import Reason

_FIELDS_BY_ACTION = {
    "update": "changes",
    "create": "payload",
    "log": "payload",
    "trigger": "payload",
    "merge": "payload",
}
_OTHER = {"changes": "payload", "payload": "changes"}
_EXAMPLES = {
    "update": '[{"field": "title", "value": "VP IT", "seen": "Head of IT"}]',
    "create": '{"email": "ana@example.com"}',
    "log": '{"activity_type": "call", "contact_id": "con-17"}',
    "trigger": '{"workflow_id": "wf-3"}',
    "merge": '{"survivor": "con-17", "loser": "con-18"}',
}
_IDS_BY_ACTION = {"merge": ("survivor", "loser")}


def shape_reasons(proposal: dict[str, Any]) -> list[Reason]:
    """Return what a proposal lacks for its action, or states in the wrong place. Unknown actions need nothing here."""
    given = proposal.get("action")
    action = given.strip().lower() if isinstance(given, str) else ""
    key = _FIELDS_BY_ACTION.get(action)
    if key is None:
        return []
    reasons = []
    if _is_absent(proposal.get(key)):
        message = f"A {action} states what it wants in {key}. Add it: {_EXAMPLES[action]}."
        reasons.append(Reason("missing", key, message))
    other = _OTHER[key]
    if not _is_absent(proposal.get(other)):
        message = f"A {action} states what it wants in {key}, not in {other}. Move it there, or send two proposals."
        reasons.append(Reason("misplaced", other, message))
    return reasons + _id_reasons(action, proposal.get(key))


def _id_reasons(action: str, payload: Any) -> list[Reason]:
    if not isinstance(payload, dict):
        return []
    return [
        Reason("missing", f"payload.{key}", f"A {action} names the record id of its {key}. Add it to the payload.")
        for key in _IDS_BY_ACTION.get(action, ())
        if not _is_id(payload.get(key))
    ]


def _is_absent(value: Any) -> bool:
    return value is None or (isinstance(value, dict | list) and not value)


def _is_id(value: Any) -> bool:
    return type(value) is int or (isinstance(value, str) and bool(value.strip()))


def _rule(action: str, key: str) -> dict[str, Any]:
    other = _OTHER[key]
    filled: dict[str, Any] = {"minItems": 1} if key == "changes" else {"minProperties": 1}
    filled["type"] = "array" if key == "changes" else "object"
    if ids := _IDS_BY_ACTION.get(action):
        filled["required"] = list(ids)
    empty: dict[str, Any] = {"enum": [None, [], {}]}
    spelled = "".join(f"[{letter}{letter.upper()}]" for letter in action)
    return {
        "if": {"properties": {"action": {"type": "string", "pattern": rf"^\s*{spelled}\s*$"}}, "required": ["action"]},
        "then": {"properties": {key: filled, other: empty}, "required": [key]},
    }


JSON_SCHEMA_RULES: list[Any] = [_rule(action, key) for action, key in _FIELDS_BY_ACTION.items()]
"""The same rules as `shape_reasons`, for the published schema."""
