"""Under which key an evidence item of each type says the state it is in, and when it happened."""

from __future__ import annotations

STATE_KEYS = {
    "email": "direction",
    "calendar_event": "status",
    "call_recording": "outcome",
    "email_verification": "result",
    "proposal_document": "status",
    "order_form": "status",
    "mutual_action_plan": "status",
}
"""Which key says the state an item is in."""
TIME_KEYS = {
    "email": ("sent_at",),
    "calendar_event": ("start",),
    "call_recording": ("started_at",),
    "linkedin_profile": ("observed_at",),
    "enrichment": ("observed_at",),
    "email_verification": ("checked_at",),
    "proposal_document": ("sent_at", "created_at"),
    "mutual_action_plan": ("created_at",),
    "web_visit": ("visited_at",),
    "form_submission": ("submitted_at",),
    "crm_event": ("at",),
}
"""Which key says when it happened: the first that is stated. An order form happened when it was last signed."""
