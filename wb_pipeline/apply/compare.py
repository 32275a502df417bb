"""Are two values of a field the same, as judging reads them (OVW-1, FLD-8)? And what a part makes of what stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from wb_pipeline.apply.model import Part
from wb_pipeline.errors import InputError, PolicyError
from wb_pipeline.normalize.fields import FieldRule, Invalid, check_value, is_empty
from wb_pipeline.policy.store import read_policy
from wb_pipeline.review.rule_book import rule_book

if TYPE_CHECKING:
    from wb_pipeline.home import Home

Rules = Mapping[tuple[str, str], FieldRule]
_NO_RULE = FieldRule()
# Capitals are part of a name, not of an address.
_WITHOUT_CAPITALS = ("email", "domain")


class PolicyRules:
    """The policies' rules for values, read once per policy. A policy that is gone has none: values compare as given."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._read: dict[str, Rules] = {}

    def of(self, policy_hash: str) -> Rules:
        """Return the rules of a policy. Raises AuditError if its file was changed."""
        if policy_hash not in self._read:
            self._read[policy_hash] = self._rules(policy_hash)
        return self._read[policy_hash]

    def _rules(self, policy_hash: str) -> Rules:
        try:
            return rule_book(read_policy(self._home, policy_hash).document).rules
        except (InputError, PolicyError):
            return {}


def is_same(left: Any, right: Any, rule: FieldRule | None = None) -> bool:
    """Say whether two values mean the same: equal, both empty, or equal in normal form."""
    rule = rule or _NO_RULE
    if is_empty(left) or is_empty(right):
        return is_empty(left) and is_empty(right)
    if left == right and isinstance(left, bool) == isinstance(right, bool):
        return True
    forms = [check_value(value, rule) for value in (left, right)]
    if any(isinstance(form, Invalid) for form in forms):
        return False
    first, second = (form.normalized for form in forms if not isinstance(form, Invalid))
    if rule.format in _WITHOUT_CAPITALS:
        return str(first).lower() == str(second).lower()
    return bool(first == second) and isinstance(first, bool) == isinstance(second, bool)


@dataclass(frozen=True, slots=True)
class Standing:
    """What a part makes of the record as it is: write `wanted`, nothing to do, or somebody changed it."""

    state: Literal["write", "so", "conflict"]
    wanted: Any


def standing(part: Part, value: Any, current: Mapping[str, Any], rule: FieldRule | None) -> Standing:
    """Compare one part, whose value is `value`, with the record's fields as they are now."""
    now = current.get(part.checked)
    if part.operation == "append":
        return _appended(part, now)
    if is_same(now, value, rule):
        return Standing("so", value)
    if not is_same(now, part.base, rule):
        return Standing("conflict", value)
    if part.is_suggestion and is_same(current.get(part.field), value, rule):
        return Standing("so", value)
    return Standing("write", value)


def _appended(part: Part, now: Any) -> Standing:
    """Add to a list what is not in it. What a person approved is held to the list that was seen (RVW-2)."""
    if is_empty(now) and not isinstance(part.value, list):
        return Standing("write" if is_empty(part.base) else "conflict", part.value)
    listed, seen = _as_list(now), _as_list(part.base)
    wanted = listed + [item for item in _as_list(part.value) if item not in listed]
    if wanted == listed:
        return Standing("so", now)
    is_gone = any(item not in listed for item in seen)
    is_text = not is_empty(now) and not isinstance(now, list)
    is_other = bool(part.approvals) and any(item not in seen for item in listed)
    return Standing("conflict" if is_gone or is_text or is_other else "write", wanted)


def _as_list(value: Any) -> list[Any]:
    if is_empty(value):
        return []
    return list(value) if isinstance(value, list) else [value]
