"""The typed models of evidence items (contract section 2), one per type. What an item proves is not decided here."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from wb_pipeline.contract.model_types import (
    ContractModel,
    Identifier,
    LongText,
    OpenObject,
    RequiredText,
    ShortText,
)

Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]


class Party(ContractModel):
    """A person in a message, meeting or call."""

    name: LongText | None = None
    email: LongText | None = None
    role: ShortText | None = None
    response: ShortText | None = None
    attended: bool | None = None


Address = LongText | Party
"""A mailbox as text, or a name with its mailbox."""


class EvidenceItem(ContractModel):
    """What every item has. An item of a type that is not listed below is kept as this, and reported."""

    id: Identifier
    type: RequiredText


class Authentication(ContractModel):
    """What the receiving mail server found."""

    spf: ShortText | None = None
    dkim: ShortText | None = None
    dmarc: ShortText | None = None


class Email(EvidenceItem):
    """A message, sent or received. Quoted earlier text is marked `>`; a signature follows a line `--`."""

    type: Literal["email"]
    message_id: LongText | None = None
    thread_id: LongText | None = None
    in_reply_to: LongText | None = None
    direction: ShortText | None = None
    sender: Annotated[Address | None, Field(alias="from")] = None
    to: list[Address] | None = None
    cc: list[Address] | None = None
    subject: LongText | None = None
    sent_at: ShortText | None = None
    body: LongText | None = None
    auto_submitted: bool | ShortText | None = None
    auth: Authentication | None = None


class CalendarEvent(EvidenceItem):
    """A meeting: planned, held or not (`status`)."""

    type: Literal["calendar_event"]
    event_id: Identifier | None = None
    title: LongText | None = None
    organizer: Address | None = None
    start: ShortText | None = None
    end: ShortText | None = None
    status: ShortText | None = None
    attendees: list[Party] | None = None


class TranscriptLine(ContractModel):
    """One passage of a call: when (hh:mm:ss), who, what."""

    t: ShortText | None = None
    speaker: LongText | None = None
    role: ShortText | None = None
    text: LongText | None = None


class CallRecording(EvidenceItem):
    """A recorded call with its transcript; `asr_quality` runs from 0 to 1."""

    type: Literal["call_recording"]
    recording_id: Identifier | None = None
    url: LongText | None = None
    started_at: ShortText | None = None
    duration_s: Number | None = None
    outcome: ShortText | None = None
    participants: list[Party] | None = None
    transcript: list[TranscriptLine] | None = None
    asr_quality: Annotated[float, Field(strict=True, ge=0, le=1, allow_inf_nan=False)] | None = None


class Position(ContractModel):
    """A job on a profile."""

    title: LongText | None = None
    company: LongText | None = None
    company_domain: LongText | None = None


class LinkedinProfile(EvidenceItem):
    """A public profile as seen at `observed_at`."""

    type: Literal["linkedin_profile"]
    url: LongText | None = None
    name: LongText | None = None
    current: Position | None = None
    past: list[Any] | None = None
    observed_at: ShortText | None = None


class EnrichmentSubject(ContractModel):
    """Whom an enrichment record is about."""

    company_domain: LongText | None = None
    email: LongText | None = None
    company_name: LongText | None = None


class Enrichment(EvidenceItem):
    """Attributes that a vendor states about a person or company."""

    type: Literal["enrichment"]
    vendor: ShortText | None = None
    subject: EnrichmentSubject | None = None
    attributes: OpenObject | None = None
    observed_at: ShortText | None = None


class EmailVerification(EvidenceItem):
    """Whether a mailbox exists (`result`)."""

    type: Literal["email_verification"]
    email: LongText | None = None
    result: ShortText | None = None
    vendor: ShortText | None = None
    checked_at: ShortText | None = None


class DealDocument(EvidenceItem):
    """What the papers of a deal have in common."""

    deal_id: Identifier | None = None
    company_id: Identifier | None = None
    status: ShortText | None = None


class ProposalDocument(DealDocument):
    """An offer: a draft, or sent to somebody."""

    type: Literal["proposal_document"]
    to: Address | list[Address] | None = None
    created_at: ShortText | None = None
    sent_at: ShortText | None = None


class Signature(ContractModel):
    """Who signed for which party, and when."""

    party: LongText | None = None
    email: LongText | None = None
    signed_at: ShortText | None = None


class OrderForm(DealDocument):
    """An order: it counts when `status` is signed."""

    type: Literal["order_form"]
    signatures: list[Signature] | None = None
    amount: Number | LongText | None = None
    currency: ShortText | None = None


class MutualActionPlan(DealDocument):
    """A plan that buyer and seller agreed on, or its template."""

    type: Literal["mutual_action_plan"]
    accepted_by: LongText | list[Any] | OpenObject | None = None
    created_at: ShortText | None = None
    steps: list[Any] | None = None


class WebVisit(EvidenceItem):
    """A page view by somebody at a domain."""

    type: Literal["web_visit"]
    domain: LongText | None = None
    page: LongText | None = None
    visited_at: ShortText | None = None


class FormSubmission(EvidenceItem):
    """A form that somebody filled in."""

    type: Literal["form_submission"]
    name: LongText | None = None
    email: LongText | None = None
    fields: OpenObject | None = None
    submitted_at: ShortText | None = None


class CrmEvent(EvidenceItem):
    """Something that a user did in the CRM."""

    type: Literal["crm_event"]
    user: Identifier | None = None
    event: ShortText | None = None
    target: Any = None
    at: ShortText | None = None


EVIDENCE_MODELS: dict[str, type[EvidenceItem]] = {
    "email": Email,
    "calendar_event": CalendarEvent,
    "call_recording": CallRecording,
    "linkedin_profile": LinkedinProfile,
    "enrichment": Enrichment,
    "email_verification": EmailVerification,
    "proposal_document": ProposalDocument,
    "order_form": OrderForm,
    "mutual_action_plan": MutualActionPlan,
    "web_visit": WebVisit,
    "form_submission": FormSubmission,
    "crm_event": CrmEvent,
}
"""The model of each known type."""
