"""Field classes: one class per field, known names, marks that fit, unlocks that unlock something (FLD-2)."""

from __future__ import annotations

from wb_pipeline.policy.expanded import FieldEntry, field_entries, field_lists, known_fields
from wb_pipeline.policy.findings import Finding, KeyPath, did_you_mean
from wb_pipeline.policy.models import PolicyDocument


def check_fields(document: PolicyDocument) -> list[Finding]:
    """Return what is wrong with `fields`, `high_impact.fields` and `unlocks`."""
    return [*_overlaps(document), *_unknown(document), *_marks(document), *_high_impact(document), *_unlocks(document)]


def _overlaps(document: PolicyDocument) -> list[Finding]:
    first: dict[tuple[str, str, str], FieldEntry] = {}
    findings = []
    for entry in field_entries(document):
        other = first.setdefault((entry.object, entry.action, entry.field), entry)
        if other is not entry:
            what = f"{entry.field} is classed twice for {entry.action} {entry.object}"
            message = f"{what}: {other.field_class} and {entry.field_class}"
            findings.append(Finding(entry.path, message, "keep one; a lead has the contact's lists already"))
    return findings


def _unknown(document: PolicyDocument) -> list[Finding]:
    known = known_fields(document)
    return [
        Finding(
            entry.path,
            f"{entry.object} has no field {entry.field} in `formats` or `picklists`",
            did_you_mean(entry.field, known[entry.object]),
        )
        for entry in field_entries(document)
        if entry.field not in known[entry.object] and entry.object == entry.path[1]
    ]


def _marks(document: PolicyDocument) -> list[Finding]:
    findings = []
    for name, owner, action, lists in field_lists(document):
        writable = {*lists.safe, *lists.sensitive}
        for mark in ("required", "append_only"):
            for index, field in enumerate(getattr(lists, mark, ())):
                path: KeyPath = ("fields", owner, action, mark, index)
                if name == owner and field not in writable:
                    message = f"{field} is {mark} but neither safe nor sensitive for {action} {owner}"
                    findings.append(Finding(path, message, did_you_mean(field, writable)))
    return findings


def _high_impact(document: PolicyDocument) -> list[Finding]:
    known = known_fields(document)
    return [
        Finding(
            ("high_impact", "fields", name, index), f"{name} has no field {field}", did_you_mean(field, known[name])
        )
        for name, fields in document.high_impact.fields.items()
        for index, field in enumerate(fields)
        if field not in known[name]
    ]


def _unlocks(document: PolicyDocument) -> list[Finding]:
    locked = {
        (entry.object, entry.action, entry.field) for entry in field_entries(document) if entry.field_class == "locked"
    }
    findings = []
    for index, unlock in enumerate(document.unlocks):
        path: KeyPath = ("unlocks", index)
        if (unlock.object, unlock.action, unlock.field) not in locked:
            message = f"{unlock.field} is not locked for {unlock.action} {unlock.object}: there is nothing to unlock"
            findings.append(Finding((*path, "field"), message))
        if unlock.kind not in document.evidence.kinds:
            message = f"there is no kind of evidence {unlock.kind!r}"
            findings.append(Finding((*path, "kind"), message, did_you_mean(unlock.kind, document.evidence.kinds)))
    return findings
