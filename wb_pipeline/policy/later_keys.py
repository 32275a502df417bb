"""What a kept policy lacks because its release did not know it yet, as strict as it goes (OPS-6).

For files of the books only: a new file states every key, and `wb policy check` asks for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from wb_pipeline.policy.gates import RULES
from wb_pipeline.policy.vocabulary import VERDICTS

# Whoever adds a required key after 0.1.0 names it here with the value that lets least pass. Gates need no line.
LATER_KEYS: Mapping[tuple[str, ...], object] = {
    # Not every action: a release that knew no second approver asked for one person, and every title would wait for two.
    ("second_approver",): {"for_actions": ["merge"], "for_gates": ["gate_policy__opt_out_undone"]},
}


def completed(values: Any, later_keys: Mapping[tuple[str, ...], object] = LATER_KEYS) -> Any:
    """Return a kept policy's values with every later key and gate in its place; what it says itself stays.

    Values of another shape come back as they are: the check that follows says what is wrong with them.
    """
    if not isinstance(values, dict) or not isinstance(values.get("gates"), dict):
        return values
    made = deepcopy(values)
    made["gates"] = {gate: _strictest(rule.allowed) for gate, rule in RULES.items()} | made["gates"]
    for path, value in later_keys.items():
        _put(made, path, value)
    return made


def _put(values: Any, path: tuple[str, ...], value: object) -> None:
    """Put a value in its place where nothing stands there; sections on the way that are missing are made."""
    *sections, name = path
    for section in sections:
        if not isinstance(values, dict):
            return
        values = values.setdefault(section, {})
    if isinstance(values, dict):
        values.setdefault(name, deepcopy(value))


def _strictest(allowed: tuple[str, ...]) -> str:
    return min(allowed, key=VERDICTS.index)
