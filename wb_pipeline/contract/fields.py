"""The contract's own names: objects, their fields, the keys of each action's payload. Only data."""

from __future__ import annotations

_CONTACT = (
    "first_name",
    "last_name",
    "email",
    "title",
    "linkedin_url",
    "phone",
    "mobile",
    "city",
    "country",
    "persona",
    "last_outbound_touch",
    "owner",
    "lifecycle_stage",
    "do_not_contact",
    "email_opt_out",
    "lawful_basis",
    "consent_at",
    "lead_source",
    "lead_status",
    "company_id",
    "email_status",
)

FIELDS_BY_OBJECT: dict[str, tuple[str, ...]] = {
    "company": (
        "name",
        "domain",
        "website",
        "industry",
        "employee_range",
        "tech_stack_tags",
        "tier",
        "territory",
        "account_owner",
        "external_id",
        "additional_domains",
        "phone",
        "street",
        "city",
        "region",
        "postal_code",
        "country",
    ),
    "contact": _CONTACT,
    "deal": (
        "name",
        "company_id",
        "primary_contact_id",
        "stage",
        "amount",
        "currency",
        "forecast_category",
        "owner",
        "next_step",
        "close_date",
        "close_date_suggestion",
        "primary_competitor",
    ),
    "lead": (*_CONTACT, "company_name", "status"),
    "activity": (
        "type",
        "contact_id",
        "company_id",
        "deal_id",
        "occurred_at",
        "subject",
        "body",
        "message_id",
        "calendar_event_id",
        "recording_id",
        "verified",
    ),
    "user": ("name", "email", "active"),
    "workflow": ("name", "status", "personas", "effects", "sends_email"),
    "enrollment": ("workflow_id", "contact_id", "status"),
    "suppression": ("email", "reason"),
}
"""The fields of each CRM object (contract section 1); any other name is a custom field."""

CRM_OBJECTS = frozenset(FIELDS_BY_OBJECT)

PROPOSAL_OBJECTS = frozenset({"contact", "company", "deal", "lead", "activity"})
"""What a proposal may be about; judged by a gate."""

ACTIONS = frozenset({"create", "update", "log", "trigger", "merge"})
"""What a proposal may ask for; judged by a gate."""

ACTIVITY_TYPES = frozenset({"email", "call", "meeting", "note", "task"})

LIST_FIELDS = frozenset({("company", "tech_stack_tags"), ("company", "additional_domains"), ("workflow", "personas")})
"""Fields that hold a list."""

LOG_PAYLOAD_KEYS = (
    "activity_type",
    "contact_id",
    "deal_id",
    "occurred_at",
    "subject",
    "body",
    "message_id",
    "calendar_event_id",
    "recording_id",
    "outcome",
    "attachments",
)
TRIGGER_PAYLOAD_KEYS = ("workflow_id", "effect", "params")
MERGE_PAYLOAD_KEYS = ("survivor", "loser")

CONTRACT_FIELDS = frozenset(name for names in FIELDS_BY_OBJECT.values() for name in names) | frozenset(LOG_PAYLOAD_KEYS)
"""Every name that the contract gives to a field of some object, or to a part of a logged activity."""
