"""What a policy says of each field's values and class, looked up by field. Judging an edit is in `edits`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wb_pipeline.normalize.fields import FieldRule
from wb_pipeline.policy.expanded import field_entries, format_entries, inherited, marked_fields, picklists

if TYPE_CHECKING:
    from wb_pipeline.policy.models import PolicyDocument


@dataclass(frozen=True, slots=True)
class RuleBook:
    """What holds for fields, by (object, field) or (object, action, field).

    `rules` for values, `classes`, what a record needs (`required`), what is never replaced (`append_only`).
    """

    rules: Mapping[tuple[str, str], FieldRule]
    classes: Mapping[tuple[str, str, str], str]
    required: frozenset[tuple[str, str, str]]
    append_only: frozenset[tuple[str, str, str]]


def rule_book(document: PolicyDocument) -> RuleBook:
    """Return the rules of a policy."""
    options, words = picklists(document), dict(_words(document))
    rules = {}
    for entry in format_entries(document):
        key = (entry.object, entry.field)
        rules[key] = FieldRule(
            entry.format, entry.max_length, frozenset(options.get(key, ())), words.get(key, frozenset())
        )
    classes = {(entry.object, entry.action, entry.field): entry.field_class for entry in field_entries(document)}
    required, append_only = (frozenset(marked_fields(document, mark)) for mark in ("required", "append_only"))
    return RuleBook(rules, classes, required, append_only)


def _words(document: PolicyDocument) -> Iterator[tuple[tuple[str, str], frozenset[tuple[str, str]]]]:
    section = {str(key): value for key, value in document.picklist_mappings.items()}
    for name, _, fields in inherited(document, section):
        for field, words in fields.items():
            yield (name, field), frozenset(words.items())
