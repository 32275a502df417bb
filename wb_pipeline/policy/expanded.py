"""What the document says per object, once leads have inherited the contact's lists, with paths. No judgement here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from wb_pipeline.policy.findings import KeyPath
from wb_pipeline.policy.models import PolicyDocument
from wb_pipeline.policy.models_evidence import Requirement
from wb_pipeline.policy.models_fields import FieldLists, ObjectFormats
from wb_pipeline.policy.models_matching import MatchingOfObject
from wb_pipeline.policy.vocabulary import ACTION_ROW, OBJECTS, SurvivorshipRule

Value = TypeVar("Value")
_SIMPLE_FORMATS = ("email", "domain", "url", "phone", "number", "date", "datetime", "boolean", "id")


@dataclass(frozen=True, slots=True)
class FieldEntry:
    """A field's class for an object and action."""

    object: str
    action: str
    field: str
    field_class: str
    path: KeyPath


@dataclass(frozen=True, slots=True)
class FormatEntry:
    """A field's format; `max_length` in characters, None = the format's own limit."""

    object: str
    field: str
    format: str
    max_length: int | None
    path: KeyPath


@dataclass(frozen=True, slots=True)
class RequirementEntry:
    """A requirement for one object and field ('*' = the action as a whole)."""

    object: str
    field: str
    requirement: Requirement
    path: KeyPath

    @property
    def key(self) -> tuple[str, str, str]:
        """What the requirement is about: object, action, field."""
        return self.object, self.requirement.action, self.field


def owners(document: PolicyDocument, name: str) -> tuple[str, ...]:
    """Return the objects whose lists hold for an object: itself, and what it inherits from."""
    if name == "lead" and document.fields.lead.inherits != "nothing":
        return ("lead", document.fields.lead.inherits)
    return (name,)


def inherited(document: PolicyDocument, section: Mapping[str, Value]) -> Iterator[tuple[str, str, Value]]:
    """Yield (object, object that states it, what is stated) of a section that is keyed by object."""
    for name in OBJECTS:
        for owner in owners(document, name):
            if owner in section:
                yield name, owner, section[owner]


def field_lists(document: PolicyDocument) -> Iterator[tuple[str, str, str, FieldLists]]:
    """Yield (object, object that states it, action, lists), inherited ones included."""
    stated: dict[str, dict[str, FieldLists]] = {"activity": {"log": document.fields.activity.log}}
    for name in ("contact", "lead", "company", "deal"):
        record = getattr(document.fields, name)
        stated[name] = {"create": record.create, "update": record.update}
    for name, owner, actions in inherited(document, stated):
        for action, lists in actions.items():
            yield name, owner, action, lists


def field_entries(document: PolicyDocument) -> list[FieldEntry]:
    """Return every classed field of every object and action, overlaps included."""
    return [
        FieldEntry(name, action, field, field_class, ("fields", owner, action, field_class, index))
        for name, owner, action, lists in field_lists(document)
        for field_class in ("safe", "sensitive", "locked")
        for index, field in enumerate(getattr(lists, field_class))
    ]


def marked_fields(document: PolicyDocument, mark: str) -> set[tuple[str, str, str]]:
    """Return (object, action, field) of the list `required` or `append_only`."""
    return {
        (name, action, field) for name, _, action, lists in field_lists(document) for field in getattr(lists, mark, ())
    }


def high_impact_fields(document: PolicyDocument) -> set[tuple[str, str]]:
    """Return (object, field) of the list of HIA-1."""
    section: Mapping[str, list[str]] = {str(key): value for key, value in document.high_impact.fields.items()}
    return {(name, field) for name, _, fields in inherited(document, section) for field in fields}


def suggestion_fields(document: PolicyDocument) -> dict[tuple[str, str], str]:
    """Return the suggestion field of each (object, field) that has one."""
    section: Mapping[str, dict[str, str]] = {str(key): value for key, value in document.suggestion_fields.items()}
    return {(name, field): to for name, _, fields in inherited(document, section) for field, to in fields.items()}


def picklists(document: PolicyDocument) -> dict[tuple[str, str], list[str]]:
    """Return the values of each (object, field) with a picklist."""
    section: Mapping[str, dict[str, list[str]]] = {str(key): value for key, value in document.picklists.items()}
    return {
        (name, field): values for name, _, fields in inherited(document, section) for field, values in fields.items()
    }


def format_entries(document: PolicyDocument) -> list[FormatEntry]:
    """Return every field with its format, overlaps included; a field in `picklists` has the format picklist."""
    note = document.limits.note_max_characters
    formats: Mapping[str, ObjectFormats] = {str(key): value for key, value in document.formats.items()}
    entries = [
        entry for name, owner, group in inherited(document, formats) for entry in _formats_of(name, owner, group, note)
    ]
    section: Mapping[str, dict[str, list[str]]] = {str(key): value for key, value in document.picklists.items()}
    for name, owner, fields in inherited(document, section):
        entries += [FormatEntry(name, field, "picklist", None, ("picklists", owner, field)) for field in fields]
    return entries


def _formats_of(name: str, owner: str, group: ObjectFormats, note: int) -> Iterator[FormatEntry]:
    path: KeyPath = ("formats", owner)
    for field, length in group.text.items():
        yield FormatEntry(name, field, "text", length, (*path, "text", field))
    for field, length in group.list_of_text.items():
        yield FormatEntry(name, field, "list", length, (*path, "list", field))
    for index, field in enumerate(group.note):
        yield FormatEntry(name, field, "text", note, (*path, "note", index))
    for kind in _SIMPLE_FORMATS:
        for index, field in enumerate(getattr(group, kind)):
            yield FormatEntry(name, field, kind, None, (*path, kind, index))


def known_fields(document: PolicyDocument) -> dict[str, set[str]]:
    """Return the field names of every object: those with a format."""
    known: dict[str, set[str]] = {name: set() for name in OBJECTS}
    for entry in format_entries(document):
        known[entry.object].add(entry.field)
    return known


def requirement_entries(document: PolicyDocument) -> list[RequirementEntry]:
    """Return the requirements one object and field at a time.

    A lead inherits those of the contact's fields, not of its actions.
    """
    entries = []
    heirs = [name for name in OBJECTS if "contact" in owners(document, name)]
    for index, requirement in enumerate(document.evidence.requirements):
        path: KeyPath = ("evidence", "requirements", index)
        for field in requirement.fields:
            names = dict.fromkeys(requirement.objects)
            if "contact" in names and field != ACTION_ROW:
                names |= dict.fromkeys(heirs)  # type: ignore[arg-type]  # the heirs are literals of the same kind
            entries += [RequirementEntry(name, field, requirement, path) for name in names]
    return entries


def granted_actions(document: PolicyDocument) -> dict[tuple[str, str], str]:
    """Return the class of each granted (object, action)."""
    actions = document.actions.model_dump()
    return {(name, action): granted for action, objects in actions.items() for name, granted in objects.items()}


def matching_sections(document: PolicyDocument) -> list[tuple[str, MatchingOfObject]]:
    """Return (object that states it, section). A lead is matched like a contact, whatever it inherits otherwise."""
    return [("contact", document.matching.contact), ("company", document.matching.company)]


def survivorship_lists(document: PolicyDocument) -> Iterator[tuple[KeyPath, list[SurvivorshipRule]]]:
    """Yield every list of survivorship rules with its path: each object's default, then its fields."""
    for owner, section in matching_sections(document):
        path: KeyPath = ("matching", owner, "survivorship")
        yield (*path, "default"), section.survivorship.default
        for field, rules in section.survivorship.fields.items():
            yield (*path, "fields", field), rules
