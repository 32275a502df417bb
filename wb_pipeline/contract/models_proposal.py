"""The typed model of a proposal (contract section 3). What an action needs beside it stands in action_shapes.py."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from wb_pipeline.contract.action_shapes import JSON_SCHEMA_RULES
from wb_pipeline.contract.limits import DEFAULT_LIMITS
from wb_pipeline.contract.model_types import (
    ContractModel,
    Identifier,
    Key,
    LongText,
    OpenObject,
    RequiredText,
    ShortText,
)


class Actor(ContractModel):
    """Who proposes: its kind, its registered id, and the model or provider behind it."""

    type: Literal["ai_agent", "integration", "user"]
    id: Identifier
    model: ShortText | None = None
    provider: ShortText | None = None


class Target(ContractModel):
    """Which record is meant: its id in the CRM, or values that identify it."""

    id: Identifier | None = None
    match: OpenObject | None = None


class Change(ContractModel):
    """One field of an update: the value wanted, and the value that the actor saw."""

    field: Annotated[Key, Field(min_length=1)]
    value: Any = Field(description="The value wanted; null empties the field.")
    op: ShortText | None = Field(default=None, description="`set` (default) or `append`.")
    seen: Any = Field(default=None, description="What the actor read before; left out if it read nothing.")


class Citation(ContractModel):
    """One piece of evidence, and the passage in it that is meant."""

    ref: Identifier
    quote: LongText | None = None
    at: ShortText | None = Field(default=None, description="Where in a recording: hh:mm:ss.")


class Causation(ContractModel):
    """What led to this proposal: an earlier proposal or CRM event, through which workflows."""

    root: Identifier | None = None
    parent: Identifier | None = None
    depth: Annotated[int, Field(strict=True, ge=0, le=1_000_000)] | None = None
    path: list[Identifier] | None = None


class Proposal(ContractModel):
    """One action that an actor wants on one CRM record.

    Action, object, field names and times are any text here: gates judge them, so that each gets its reason.
    """

    model_config = ConfigDict(json_schema_extra={"allOf": JSON_SCHEMA_RULES})

    proposal_id: Identifier
    submitted_at: RequiredText
    actor: Actor
    action: RequiredText
    object: RequiredText
    confidence: Annotated[float, Field(strict=True, ge=0, le=100, allow_inf_nan=False)]
    batch_id: Identifier | None = Field(default=None, description="A label, never a key.")
    idempotency_key: Identifier | None = None
    read_at: ShortText | None = None
    workflow_id: Identifier | None = None
    target: Target | None = None
    changes: Annotated[list[Change], Field(max_length=DEFAULT_LIMITS.max_changes)] | None = None
    payload: Annotated[OpenObject, Field(max_length=DEFAULT_LIMITS.max_changes)] | None = None
    source: ShortText | None = None
    evidence: Annotated[list[Citation], Field(max_length=DEFAULT_LIMITS.max_changes)] | None = None
    rationale: LongText | None = None
    causation: Causation | None = None
