"""Nothing is exempt from evidence by being forgotten: each grant has its statement, and EVD-1's list is complete."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from wb_pipeline.policy.expanded import (
    RequirementEntry,
    field_entries,
    granted_actions,
    known_fields,
    requirement_entries,
)
from wb_pipeline.policy.findings import Finding
from wb_pipeline.policy.models import PolicyDocument
from wb_pipeline.policy.vocabulary import ACTION_ROW

Key = tuple[str, str, str]
_HINT = "add what it needs, or `none: because ...`"


@dataclass(frozen=True)
class LeastEvidence:
    """A line of EVD-1: what must have a statement of its own, and how many lines of `needs` it asks for."""

    key: Key
    lines: int = 1
    when: dict[str, str] = field(default_factory=dict)


EVD_1 = (
    LeastEvidence(("contact", "create", ACTION_ROW), lines=2),
    LeastEvidence(("deal", "create", ACTION_ROW)),
    LeastEvidence(("activity", "log", ACTION_ROW), when={"activity_type": "meeting"}),
    LeastEvidence(("contact", "update", "title")),
    LeastEvidence(("deal", "update", "stage")),
    LeastEvidence(("deal", "create", "stage")),
)


def check_coverage(document: PolicyDocument) -> list[Finding]:
    """Return what has no statement about evidence, two of them, or less than EVD-1 asks for."""
    by_key: dict[Key, list[RequirementEntry]] = defaultdict(list)
    for entry in requirement_entries(document):
        by_key[entry.key].append(entry)
    granted = _granted(document)
    return [*_uncovered(by_key, granted), *_stated_twice(by_key), *_less_than_evd_1(by_key, granted)]


def _granted(document: PolicyDocument) -> set[Key]:
    """Return the granted actions, and every field that may be written."""
    actions = granted_actions(document)
    known = known_fields(document)
    keys = {(name, action, ACTION_ROW) for name, action in actions}
    return keys | {
        (entry.object, entry.action, entry.field)
        for entry in field_entries(document)
        if entry.field_class != "locked"
        and entry.field in known[entry.object]
        and (entry.object, entry.action) in actions
    }


def _uncovered(by_key: dict[Key, list[RequirementEntry]], granted: set[Key]) -> Iterator[Finding]:
    """Yield what lacks a statement. The fields of a create or a log share their action's."""
    for name, action, name_of_field in sorted(granted):
        asked = name_of_field == ACTION_ROW or action == "update"
        stated = any(not entry.requirement.when for entry in by_key[name, action, name_of_field])
        if asked and not stated:
            what = f"{action} {name}" + ("" if name_of_field == ACTION_ROW else f".{name_of_field}")
            yield Finding(("evidence", "requirements"), f"nothing is said about the evidence for {what}", _HINT)


def _stated_twice(by_key: dict[Key, list[RequirementEntry]]) -> Iterator[Finding]:
    for (name, action, name_of_field), entries in by_key.items():
        seen: dict[tuple[tuple[str, str], ...], str] = {}
        for entry in entries:
            other = seen.setdefault(tuple(entry.requirement.when.items()), entry.requirement.name)
            if other != entry.requirement.name:
                what = f"{action} {name}.{name_of_field}"
                yield Finding(
                    entry.path, f"{what} is stated twice: by {other} and {entry.requirement.name}", "keep one"
                )


def _less_than_evd_1(by_key: dict[Key, list[RequirementEntry]], granted: set[Key]) -> Iterator[Finding]:
    for least in EVD_1:
        name, action, name_of_field = least.key
        if least.key not in granted:
            continue
        what = f"{action} {name}.{name_of_field}" + "".join(
            f" when {key} is {value}" for key, value in least.when.items()
        )
        own = [
            entry
            for entry in by_key[least.key]
            if entry.requirement.when == least.when or (not entry.requirement.when and entry.requirement.needs)
        ]
        if not own:
            yield Finding(("evidence", "requirements"), f"{what} has no statement of its own", f"EVD-1: {_HINT}")
        for entry in own:
            needs = entry.requirement.needs
            if needs and len(needs) < least.lines and not entry.requirement.loosened:
                message = f"{what} needs {least.lines} lines, not {len(needs)}"
                yield Finding(
                    (*entry.path, "needs"), message, "EVD-1: put the line back, or add `loosened: because ...`"
                )
