"""The sections of a policy file that speak of fields: classes, formats, picklists. Other sections: `models`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from wb_pipeline.policy.section import FieldName, Section
from wb_pipeline.policy.value_types import Word
from wb_pipeline.policy.vocabulary import ActionName, ObjectName

# A suggestion goes to a field of its own kind of name, so that it can never reach a real field (CNF-1).
SuggestionField = Annotated[str, StringConstraints(pattern=r"^ai_suggested_[a-z0-9_]+$", max_length=80)]
Length = Annotated[int, Field(ge=1, le=65_536)]
Names = list[FieldName]


class FieldLists(Section):
    """The classes of fields for one object and action (FLD-2)."""

    safe: Names
    sensitive: Names
    locked: Names
    append_only: Names

    def classed(self) -> list[tuple[str, str]]:
        """Return every (field, class) as listed, overlaps included."""
        by_class = {"safe": self.safe, "sensitive": self.sensitive, "locked": self.locked}
        return [(field, name) for name, fields in by_class.items() for field in fields]


class NewRecordLists(FieldLists):
    """The same where something is made: a create or a log."""

    required: Names


class RecordFields(Section):
    """The fields of an object that is created and updated."""

    create: NewRecordLists
    update: FieldLists


class InheritingFields(RecordFields):
    """The same beside what another object's lists say already."""

    inherits: Literal["contact", "nothing"]


class ActivityFields(Section):
    """The fields of an object that is only logged."""

    log: NewRecordLists


class FieldsSection(Section):
    """The field classes of every object."""

    contact: RecordFields
    lead: InheritingFields
    company: RecordFields
    deal: RecordFields
    activity: ActivityFields


class HighImpact(Section):
    """What a person always approves (HIA-1)."""

    actions: list[ActionName]
    fields: dict[ObjectName, Names]


class Unlock(Section):
    """A locked field that a kind of evidence opens for a person's approval (FLD-4)."""

    object: ObjectName
    action: Literal["create", "update"]
    field: FieldName
    kind: str
    field_class: Literal["sensitive"] = Field(alias="class")


class ObjectFormats(Section):
    """Fields by what their values have to look like (FLD-5). A number = most characters."""

    text: dict[FieldName, Length] = Field(default_factory=dict)
    list_of_text: dict[FieldName, Length] = Field(default_factory=dict, alias="list")
    note: Names = Field(default_factory=list)
    email: Names = Field(default_factory=list)
    domain: Names = Field(default_factory=list)
    url: Names = Field(default_factory=list)
    phone: Names = Field(default_factory=list)
    number: Names = Field(default_factory=list)
    date: Names = Field(default_factory=list)
    datetime: Names = Field(default_factory=list)
    boolean: Names = Field(default_factory=list)
    id: Names = Field(default_factory=list)


FormatsSection = dict[ObjectName, ObjectFormats]
Picklists = dict[ObjectName, dict[FieldName, Annotated[list[Word], Field(min_length=1)]]]
PicklistMappings = dict[ObjectName, dict[FieldName, dict[Word, Word]]]
SuggestionFields = dict[ObjectName, dict[FieldName, SuggestionField]]
