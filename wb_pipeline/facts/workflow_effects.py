"""What starting a workflow would do, through everything it starts in turn (TRG-4). Pure; judges nothing."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wb_pipeline.canonical import canonical_json

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_DEPTH = 10
MAX_EFFECTS = 200
KNOWN_EFFECTS = frozenset({"enroll_sequence", "create_task", "notify", "set_field", "create_record"})
_QUIET_EFFECTS = KNOWN_EFFECTS - {"enroll_sequence"} | {"start_workflow"}


@dataclass(frozen=True, slots=True)
class Effect:
    """One thing that happens. `object` None = the object that the trigger is about; `value` is JSON text."""

    kind: str
    object: str | None = None
    field: str | None = None
    value: str | None = None


UNKNOWN = Effect("unknown")


@dataclass(frozen=True, slots=True)
class Workflow:
    """A workflow record of the CRM. `effects` is what its record says, unread; `personas`: for whom it is."""

    status: str | None
    effects: Any
    personas: tuple[str, ...] = ()
    sends_email: bool = False


def effects_of_workflow(workflow_id: str | None, workflows: Mapping[str, Workflow]) -> list[Effect]:
    """Return every effect of a workflow and of those it starts; what cannot be known is `UNKNOWN`. Never empty."""
    found: list[Effect] = []
    visited: set[str] = set()
    waiting: list[tuple[Any, int]] = [(workflow_id, 0)]
    while waiting and len(found) < MAX_EFFECTS and len(visited) < MAX_EFFECTS:
        started, depth = waiting.pop(0)
        if isinstance(started, str) and started in visited:
            continue
        workflow = workflows.get(started) if isinstance(started, str) else None
        if workflow is None or depth > MAX_DEPTH or not isinstance(workflow.effects, list) or not workflow.effects:
            found.append(UNKNOWN)
            continue
        visited.add(str(started))
        if len(workflow.effects) > MAX_EFFECTS:
            found.append(UNKNOWN)
        for given in workflow.effects[:MAX_EFFECTS]:
            if isinstance(given, dict) and given.get("do") == "start_workflow":
                waiting.append((given.get("workflow_id", given.get("workflow")), depth + 1))
            else:
                found.append(read_effect(given))
    return _bounded([*found, UNKNOWN] if waiting else found)


def writes_to_people(workflow: Workflow | None) -> bool:
    """Say whether a workflow by itself writes to somebody, or may: nobody knows what an unread effect does."""
    if workflow is None or workflow.sends_email or not isinstance(workflow.effects, list) or not workflow.effects:
        return True
    kinds = [each.get("do") if isinstance(each, dict) else None for each in workflow.effects[:MAX_EFFECTS]]
    plain = [kind.strip().lower() if isinstance(kind, str) else None for kind in kinds]
    return len(workflow.effects) > MAX_EFFECTS or any(kind not in _QUIET_EFFECTS for kind in plain)


def _bounded(found: list[Effect]) -> list[Effect]:
    effects = list(dict.fromkeys(found))
    if not effects:
        return [UNKNOWN]
    return effects if len(effects) <= MAX_EFFECTS else [*effects[:MAX_EFFECTS], UNKNOWN]


def stated_effects(effect_text: str | None, params_text: str | None) -> list[Effect]:
    """Return what a trigger's payload itself says it does: `effect` (a name, an object or a list of them), `params`."""
    effect, params = _loaded(effect_text), _loaded(params_text)
    if effect is None:
        return []
    details = params if isinstance(params, dict) else {}
    stated = effect if isinstance(effect, list) else [effect]
    named = [{**details, "do": item} if isinstance(item, str) else item for item in stated]
    return _bounded([read_effect(item) for item in named])


def read_effect(given: Any) -> Effect:
    """Return the effect that one entry (`{"do": "set_field", "object", "field", "value"}`) describes, or `UNKNOWN`."""
    kind = given.get("do") if isinstance(given, dict) else None
    if not isinstance(kind, str) or (kind := kind.strip().lower()) not in KNOWN_EFFECTS:
        return UNKNOWN
    object_name, field = _text(given.get("object")), _text(given.get("field"))
    if (kind == "set_field" and field is None) or (kind == "create_record" and object_name is None):
        return UNKNOWN
    value = given.get("value", given.get("fields"))
    return Effect(kind, object_name.lower() if object_name else None, field, _json_or_none(value))


def _text(value: Any) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _json_or_none(value: Any) -> str | None:
    return None if value is None else canonical_json(value)


def _loaded(text: str | None) -> Any:
    try:
        return None if text is None else json.loads(text)
    except (ValueError, RecursionError):
        return "unreadable"
