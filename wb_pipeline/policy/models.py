"""The shape of a policy file: its sections in order, and those that stand in no file of their own (`models_...`).

What sections say about each other is checked in `checks`, not here. Every key is required and unknown keys are refused:
a line that is lost or misspelt is a mistake, never a default. One section may be missing as a whole: `crm`, which says
how the CRM's database names things and judges nothing.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from wb_pipeline.policy.models_crm import CONTRACT_NAMES, Crm
from wb_pipeline.policy.models_evidence import Evidence
from wb_pipeline.policy.models_fields import (
    FieldsSection,
    FormatsSection,
    HighImpact,
    PicklistMappings,
    Picklists,
    SuggestionFields,
    Unlock,
)
from wb_pipeline.policy.models_matching import Matching
from wb_pipeline.policy.models_people import Actor, Notifications, Precedence, Reviewer, SecondApprover, Source
from wb_pipeline.policy.models_triggers import Triggers
from wb_pipeline.policy.section import FieldName, Identifier, Section
from wb_pipeline.policy.value_types import Alias, Count, Currency, Days, Domain, Word
from wb_pipeline.policy.vocabulary import ActionClass, ObjectName, Verdict


class Confidence(Section):
    """From which confidence (0 to 100) a change passes, or becomes a suggestion (CNF-1).

    `least_record`: from how many decided claims of one actor and source in one band of ten its record counts (CNF-3).
    """

    auto_from: float
    suggest_from: float
    least_record: Annotated[int, Field(ge=1, le=500)]


class Deals(Section):
    """The threshold of HIA-1. A rate says how many units of `currency` one unit of its currency is worth."""

    review_above: Annotated[int, Field(ge=0)]
    currency: Currency
    exchange_rates: dict[Currency, Annotated[float, Field(gt=0)]]
    stage_order: Annotated[list[Word], Field(min_length=2)]
    lost_stages: list[Word]
    stages_at_once: Annotated[int, Field(ge=1, le=20)]


class Limits(Section):
    """How old, how long, how large: the unit is the last word of each name."""

    snapshot_max_age_hours: Count
    human_shield_days: Days
    flapping_window_days: Days
    clock_tolerance_minutes: Annotated[int, Field(ge=0, le=60)]
    pending_expires_days: Days
    approval_expires_days: Days
    review_due_hours: Count
    note_max_characters: Annotated[int, Field(ge=1, le=65_536)]


class Actions(Section):
    """The class of each action per object. An object that is not listed is not granted."""

    create: dict[ObjectName, ActionClass]
    update: dict[ObjectName, ActionClass]
    log: dict[ObjectName, ActionClass]
    trigger: dict[ObjectName, ActionClass]
    merge: dict[ObjectName, ActionClass]


class DomainList(Section):
    """Domains beside the built-in ones, and built-in ones that are none here."""

    more: list[Domain]
    excepted: list[Domain] = Field(alias="except")


class Domains(Section):
    """Our own domains, those of mail providers, and further domains of a company."""

    own: Annotated[list[Domain], Field(min_length=1)]
    personal: DomainList
    disposable: DomainList
    aliases: dict[Domain, Domain]


class PolicyDocument(Section):
    """A whole policy file."""

    version: Annotated[int, Field(ge=1, le=1)]
    confidence: Confidence
    deals: Deals
    limits: Limits
    actions: Actions
    high_impact: HighImpact
    fields: FieldsSection
    unlocks: list[Unlock]
    suggestion_fields: SuggestionFields
    evidence: Evidence
    formats: FormatsSection
    picklists: Picklists
    picklist_mappings: PicklistMappings
    aliases: dict[ObjectName, dict[FieldName, Annotated[list[Alias], Field(min_length=1)]]]
    actors: dict[Identifier, Actor]
    sources: dict[Identifier, Source]
    source_precedence: list[Precedence]
    domains: Domains
    matching: Matching
    triggers: Triggers
    reviewers: Annotated[dict[Identifier, Reviewer], Field(min_length=1)]
    second_approver: SecondApprover
    notifications: Notifications
    gates: dict[str, Verdict]
    # May be left out, unlike everything else: most policies have no database to name, and it judges nothing.
    crm: Crm = CONTRACT_NAMES
