"""The closed word lists of a policy file. What a word leads to does not belong here."""

from __future__ import annotations

from typing import Literal, get_args

ObjectName = Literal["contact", "lead", "company", "deal", "activity"]
CrmObjectName = Literal[
    "company", "contact", "deal", "lead", "activity", "user", "workflow", "enrollment", "suppression"
]
ActionName = Literal["create", "update", "log", "trigger", "merge"]
ActionClass = Literal["safe", "sensitive"]
ActorType = Literal["ai_agent", "integration", "user"]
Status = Literal["active", "suspended"]
Verdict = Literal["quarantine", "deny", "review", "suggest", "label", "shadow", "off"]
EvidenceType = Literal[
    "email",
    "calendar_event",
    "call_recording",
    "linkedin_profile",
    "enrichment",
    "email_verification",
    "proposal_document",
    "order_form",
    "mutual_action_plan",
    "web_visit",
    "form_submission",
    "crm_event",
]
# How a merge picks a field's value: what a person wrote, the stronger source, the fuller value, the latest one.
SurvivorshipRule = Literal["human", "source_precedence", "complete", "recent"]
# Worked out by the pipeline instead of cited; a policy may name them where it names kinds.
DerivedKind = Literal["domain_match"]

OBJECTS: tuple[str, ...] = get_args(ObjectName)
ACTIONS: tuple[str, ...] = get_args(ActionName)
VERDICTS: tuple[str, ...] = get_args(Verdict)

ANY = "*"
ACTION_ROW = "*"
# The kind that is always held: what a requirement says with `none: because ...`.
NO_KIND = "none"

# The states a type of evidence can be in (contract section 2), and those that we find out (facts/item_states.py).
# None = free text; an empty set = the type has no state.
EVIDENCE_STATES: dict[str, frozenset[str] | None] = {
    "email": frozenset({"inbound", "outbound", "draft", "bounced", "automatic", "forged"}),
    "calendar_event": frozenset({"confirmed", "tentative", "held", "cancelled", "no_show", "unattended"}),
    "call_recording": None,
    "linkedin_profile": frozenset(),
    "enrichment": frozenset(),
    "email_verification": frozenset({"valid", "invalid", "unknown", "catch_all", "risky"}),
    "proposal_document": frozenset({"draft", "sent"}),
    "order_form": frozenset({"sent", "partially_signed", "signed", "voided"}),
    "mutual_action_plan": frozenset({"template", "draft", "active"}),
    "web_visit": frozenset(),
    "form_submission": frozenset(),
    "crm_event": frozenset(),
}
