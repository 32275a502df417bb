"""The shape of a policy file, section by section. What sections say about each other is checked in `checks`, not here.

Every key is required and unknown keys are refused: a line that is lost or misspelt is a mistake, never a default. One
section may be missing as a whole: `crm`, which says how the CRM's database names things and judges nothing.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from wb_pipeline.policy.models_crm import CONTRACT_NAMES, Crm
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
from wb_pipeline.policy.section import FieldName, Identifier, Section
from wb_pipeline.policy.vocabulary import (
    ActionClass,
    ActionName,
    ActorType,
    DerivedKind,
    EvidenceType,
    ObjectName,
    Status,
    Verdict,
)

Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
Domain = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9.-]*\.[a-z0-9-]{2,}$", max_length=253)]
Email = Annotated[str, StringConstraints(pattern=r"^[^@\s:/]+@[^@\s:/]+$", max_length=254)]
Alias = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_ .-]*$", max_length=80)]
Because = Annotated[str, StringConstraints(pattern=r"^because \S+ \S+", max_length=500)]
# Never blank: an item of evidence without a state has the state "".
State = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=80)]
# A value of a picklist, or `none` where a record says nothing.
Word = Annotated[str, StringConstraints(pattern=r"^\S(.*\S)?$", max_length=200)]
Country = Annotated[str, StringConstraints(pattern=r"^([A-Z]{2}|none)$")]
Count = Annotated[int, Field(ge=1, le=1_000_000_000)]
Days = Annotated[int, Field(ge=1, le=3650)]


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


class Actor(Section):
    """Who may write what (FLD-7)."""

    type: ActorType
    status: Status
    rights: list[str]


class Source(Section):
    """What a source may feed (FLD-7)."""

    status: Status
    rights: list[str]


class Precedence(Section):
    """Sources from the strongest to the weakest for some fields; sources on one step do not beat each other."""

    fields: Annotated[dict[ObjectName, Annotated[list[FieldName], Field(min_length=1)]], Field(min_length=1)]
    strongest_first: list[Identifier | Annotated[list[Identifier], Field(min_length=1)]]


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


class Audience(Section):
    """For whom a workflow may be started: personas, and stages beside those of `sequence_stages` (TRG-1)."""

    personas: list[Word]
    stages: list[Word]


class SequenceStages(Section):
    """Stages of a record in which a sequence may be started."""

    contact: list[Word]
    lead: list[Word]
    deal: list[Word]


class Triggers(Section):
    """Who may be put into a sequence (TRG-1), where a chain is cut (TRG-2) and a burst is held (TRG-3)."""

    max_depth: Annotated[int, Field(ge=1, le=20)]
    again_after_hours: Count
    workflows: Literal["as_recorded"] | dict[Identifier, Audience]
    sequence_stages: SequenceStages
    no_basis_needed_in: list[Country]
    writes_per_actor_per_hour: Count
    writes_per_actor_per_day: Count
    writes_per_workflow_per_hour: Count
    writes_per_workflow_per_day: Count
    writes_per_record_per_hour: Count


class Reviewer(Section):
    """What a person may approve, and who steps in when the item is overdue (RVW-5)."""

    rights: list[str]
    deal_amount_up_to: Annotated[int, Field(ge=0)] | Literal["any"]
    deputy: Identifier


class SecondApprover(Section):
    """What two people have to approve (RVW-5): these actions, and whatever these gates object to."""

    for_actions: list[ActionName]
    for_gates: list[str]


class Routes(Section):
    """Who is told of what: the record's owner, the fallback address or another address."""

    change_denied: Literal["owner", "fallback"] | Email
    review_waiting: Literal["owner", "fallback"] | Email
    batch_quarantined: Literal["fallback"] | Email
    breaker_opened: Literal["fallback"] | Email


class Notifications(Section):
    """Routes, and the address for records without an owner (EXC-2)."""

    fallback: Email
    routes: Routes


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
