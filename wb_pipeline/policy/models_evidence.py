"""The policy's section about evidence: which kinds there are, and who must cite which. Checked in `checks.evidence`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from wb_pipeline.policy.section import FieldName, Section
from wb_pipeline.policy.value_types import Because, Days, State
from wb_pipeline.policy.vocabulary import (
    ActionName,
    DerivedKind,
    EvidenceType,
    ObjectName,
)


class EvidenceKind(Section):
    """Types of evidence with the states that count; `any` = the state does not matter."""

    evidence: Annotated[
        dict[EvidenceType, Annotated[list[State], Field(min_length=1)] | Literal["any"]], Field(min_length=1)
    ]
    max_age_days: Days


class Requirement(Section):
    """What an action, or a field of it, must cite: every line of `needs`, by any kind in it; or `none: because ...`.

    `when` = only where the payload's field has the value. `loosened` = the reason for asking less than EVD-1 does.
    """

    name: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
    action: ActionName
    objects: Annotated[list[ObjectName], Field(min_length=1)]
    fields: Annotated[list[FieldName | Literal["*"]], Field(min_length=1)]
    when: Annotated[dict[FieldName, str], Field(max_length=1)] = Field(default_factory=dict)
    needs: list[Annotated[list[str], Field(min_length=1)]] = Field(default_factory=list)
    none: Because | Literal[""] = ""
    loosened: Because | Literal[""] = ""


Stages = list[Annotated[str, StringConstraints(min_length=1, max_length=200)]]


class StageSigns(Section):
    """Signs of a buyer, and for which stages each is enough (EVD-7). The first ten are read from words."""

    interested: Stages
    demo_wanted: Stages
    pricing_question: Stages
    evaluating: Stages
    negotiating: Stages
    agreed: Stages
    signed: Stages
    declined: Stages
    not_now: Stages
    unsubscribe: Stages
    meeting_held: Stages
    proposal_sent: Stages
    plan_active: Stages
    order_signed: Stages


class Evidence(Section):
    """Kinds of evidence and who must cite which (EVD-1).

    What proves nothing (EVD-4), how much one item may justify (EVD-9), what shows a stage (EVD-7).
    """

    kinds: dict[Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")], EvidenceKind]
    derived_kinds: list[DerivedKind]
    void_states: dict[EvidenceType, Annotated[list[State], Field(min_length=1)]]
    most_records_per_item: Annotated[int, Field(ge=1, le=1_000)]
    most_stage_changes_per_item: Annotated[int, Field(ge=1, le=100)]
    stage_signs: StageSigns
    requirements: list[Requirement]
