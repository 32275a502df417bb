"""The typed model of a CRM record (contract section 1). Field names per object stand in fields.py."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from wb_pipeline.contract.model_types import ContractModel, Identifier, Key, OpenObject, RequiredText, ShortText


class FieldWriter(ContractModel):
    """Who wrote a field last, and when: `user:<id>`, `agent:<id>` or `integration:<name>`."""

    by: Identifier | None = None
    at: ShortText | None = None


class HistoryEntry(ContractModel):
    """One earlier change of a field, as far back as the CRM tells."""

    field: Key
    old: Any = None
    new: Any = None
    by: Identifier | None = None
    at: ShortText | None = None


class CrmRecord(ContractModel):
    """One record of the CRM as pulled. Custom fields stand in `fields` under their own names."""

    object: RequiredText
    id: Identifier
    fields: OpenObject
    meta: Annotated[dict[Key, FieldWriter], Field(description="Last writer per field.")] | None = None
    created_at: ShortText | None = None
    updated_at: ShortText | None = None
    archived: bool | None = None
    merged_into: Identifier | None = None
    history: list[HistoryEntry] | None = None
