"""Formats, picklists and the words that stand for picklist values (FLD-5)."""

from __future__ import annotations

from wb_pipeline.normalize.picklists import spelling
from wb_pipeline.policy.expanded import FormatEntry, format_entries, picklists
from wb_pipeline.policy.findings import Finding, KeyPath, did_you_mean
from wb_pipeline.policy.models import PolicyDocument


def check_values(document: PolicyDocument) -> list[Finding]:
    """Return what is wrong with `formats`, `picklists` and `picklist_mappings`."""
    return [*_two_formats(document), *_repeated_values(document), *_mappings(document)]


def _two_formats(document: PolicyDocument) -> list[Finding]:
    first: dict[tuple[str, str], FormatEntry] = {}
    findings = []
    for entry in format_entries(document):
        other = first.setdefault((entry.object, entry.field), entry)
        if other is not entry:
            message = f"{entry.field} of {entry.object} has two formats: {other.format} and {entry.format}"
            findings.append(Finding(entry.path, message, "keep one; a lead has the contact's already"))
    return findings


def _repeated_values(document: PolicyDocument) -> list[Finding]:
    findings = []
    for name, fields in document.picklists.items():
        for field, values in fields.items():
            folded = [value.casefold() for value in values]
            for index, value in enumerate(values):
                if folded.index(value.casefold()) != index:
                    findings.append(
                        Finding(("picklists", name, field, index), f"{value!r} stands twice in the picklist")
                    )
    return findings


def _mappings(document: PolicyDocument) -> list[Finding]:
    lists = picklists(document)
    findings = []
    for name, fields in document.picklist_mappings.items():
        for field, words in fields.items():
            path: KeyPath = ("picklist_mappings", name, field)
            if (name, field) not in lists:
                findings.append(Finding(path, f"{field} of {name} has no picklist"))
                continue
            for word, value in words.items():
                findings += _mapping((*path, word), word, value, lists[name, field])
            findings += _one_spelling(path, words)
    return findings


def _one_spelling(path: KeyPath, words: dict[str, str]) -> list[Finding]:
    """Two words that are spelled alike mean one value, or neither would count."""
    first: dict[str, str] = {}
    findings = []
    for word, value in words.items():
        other = first.setdefault(spelling(word), word)
        if words[other] != value:
            message = f"{word!r} and {other!r} are one word in other letters, with two values"
            findings.append(Finding((*path, word), message, "keep one of them"))
    return findings


def _mapping(path: KeyPath, word: str, value: str, values: list[str]) -> list[Finding]:
    if value not in values:
        return [Finding(path, f"{value!r} is not in the picklist", did_you_mean(value, values))]
    if word in values:
        return [Finding(path, f"{word!r} is itself a value of the picklist", "leave it out")]
    return []
