"""Source precedence: every safe field of an update is ranked once, by every source that may write it (OVW-4, OVW-6)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from wb_pipeline.policy.expanded import field_entries, known_fields
from wb_pipeline.policy.findings import Finding, KeyPath, did_you_mean
from wb_pipeline.policy.models import PolicyDocument
from wb_pipeline.policy.models_people import Precedence
from wb_pipeline.policy.precedence import ranked_fields, steps
from wb_pipeline.policy.rights import Right, parse_right


def check_precedence(document: PolicyDocument) -> list[Finding]:
    """Return fields that are ranked twice or not at all, and sources that are missing, unknown or repeated."""
    findings = [*_unranked_fields(document)]
    for index, group in enumerate(document.source_precedence):
        path: KeyPath = ("source_precedence", index)
        findings += [*_unknown_fields(document, path, group), *_sources(document, path, group)]
    return findings


def _unranked_fields(document: PolicyDocument) -> Iterator[Finding]:
    ranked = Counter((name, field) for name, field, _ in ranked_fields(document))
    known = known_fields(document)
    for entry in field_entries(document):
        is_safe = entry.action == "update" and entry.field_class == "safe" and entry.field in known[entry.object]
        if is_safe and not ranked[entry.object, entry.field]:
            message = f"{entry.field} of {entry.object} is not ranked"
            yield Finding(("source_precedence",), message, "OVW-4: say which source is believed first")
    for (name, field), count in ranked.items():
        if count > 1:
            yield Finding(("source_precedence",), f"{field} of {name} is ranked {count} times", "keep one")


def _unknown_fields(document: PolicyDocument, path: KeyPath, group: Precedence) -> Iterator[Finding]:
    known = known_fields(document)
    for name, fields in group.fields.items():
        for index, field in enumerate(fields):
            if field not in known[name]:
                yield Finding(
                    (*path, "fields", name, index), f"{name} has no field {field}", did_you_mean(field, known[name])
                )


def _sources(document: PolicyDocument, path: KeyPath, group: Precedence) -> Iterator[Finding]:
    named = Counter(source for step in steps(group) for source in step)
    for source, count in named.items():
        if source not in document.sources:
            yield Finding(
                (*path, "strongest_first"), f"there is no source {source}", did_you_mean(source, document.sources)
            )
        if count > 1:
            yield Finding((*path, "strongest_first"), f"{source} stands {count} times")
    for source in _writers(document, group) - set(named):
        yield Finding(
            (*path, "strongest_first"),
            f"{source} may write these fields and is not ranked",
            "add it, last if it is the weakest",
        )


def _writers(document: PolicyDocument, group: Precedence) -> set[str]:
    fields: list[tuple[str, str]] = [(name, field) for name, names in group.fields.items() for field in names]
    return {
        name
        for name, source in document.sources.items()
        if any(_may_update(right, fields) for right in map(parse_right, source.rights))
    }


def _may_update(right: Right | None, fields: list[tuple[str, str]]) -> bool:
    return right is not None and any(right.covers(name, "update", field) for name, field in fields)
