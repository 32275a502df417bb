"""Other names of fields (CON-5) and the fields that take suggestions (CNF-1)."""

from __future__ import annotations

from wb_pipeline.policy.expanded import field_entries, inherited, known_fields
from wb_pipeline.policy.findings import Finding, KeyPath, did_you_mean
from wb_pipeline.policy.models import PolicyDocument


def check_names(document: PolicyDocument) -> list[Finding]:
    """Return what is wrong with `aliases` and `suggestion_fields`."""
    return [*_aliases(document), *_suggestions(document)]


def _aliases(document: PolicyDocument) -> list[Finding]:
    known = known_fields(document)
    meant: dict[tuple[str, str], str] = {}
    findings = []
    section = {str(key): value for key, value in document.aliases.items()}
    for name, owner, fields in inherited(document, section):
        folded = {field.lower(): field for field in known[name]}
        for field, aliases in fields.items():
            path: KeyPath = ("aliases", owner, field)
            if field not in known[name]:
                findings.append(Finding(path, f"{name} has no field {field}", did_you_mean(field, known[name])))
            for index, alias in enumerate(aliases):
                other = folded.get(alias) or meant.setdefault((name, alias), field)
                if other != field or alias in folded:
                    findings.append(
                        Finding(
                            (*path, index), f"{alias!r} is already a name of {other} ({name})", "a name has one meaning"
                        )
                    )
    return findings


def _suggestions(document: PolicyDocument) -> list[Finding]:
    writable = {
        (entry.object, entry.field)
        for entry in field_entries(document)
        if entry.action == "update" and entry.field_class != "locked"
    }
    known = known_fields(document)
    findings = []
    for name, fields in document.suggestion_fields.items():
        for field, target in fields.items():
            path: KeyPath = ("suggestion_fields", name, field)
            if (name, field) not in writable:
                findings.append(
                    Finding(
                        path,
                        f"{field} is neither safe nor sensitive for update {name}",
                        did_you_mean(field, known[name]),
                    )
                )
            if target in known[name] or list(fields.values()).count(target) > 1:
                findings.append(Finding(path, f"{target} is taken", "each suggestion has a field of its own"))
    return findings
