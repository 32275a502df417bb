"""The state that a cited item is really in, whatever it says of itself."""

from __future__ import annotations

from typing import Any

import pytest

from wb_pipeline_tests.facts.citing import ANA, OURS, world_of_one_company


@pytest.mark.parametrize(
    ("evidence_type", "stated", "payload", "state"),
    [
        ("calendar_event", "held", {"attendees": [OURS]}, "unattended"),
        ("calendar_event", "held", {"attendees": []}, "unattended"),
        ("calendar_event", "held", {"attendees": [{"email": ANA, "attended": False}]}, "unattended"),
        ("calendar_event", "confirmed", {"attendees": [{"email": ANA, "attended": True}]}, "held"),
        ("calendar_event", "confirmed", {"attendees": [{"email": ANA, "response": "accepted"}]}, "confirmed"),
        ("calendar_event", "cancelled", {"attendees": [{"email": ANA, "attended": True}]}, "cancelled"),
        ("email", "inbound", {"auto_submitted": "auto-replied"}, "automatic"),
        ("email", "inbound", {"auto_submitted": True}, "automatic"),
        ("email", "inbound", {"auto_submitted": "no"}, "inbound"),
        ("email", "inbound", {"auth": {"dmarc": "fail"}}, "forged"),
        ("email", "outbound", {"status": "bounced"}, "bounced"),
        ("email", "outbound", {"status": "draft"}, "draft"),
        ("email", "outbound", {"message_id": "<m-1>"}, "bounced"),
        ("email", "outbound", {"message_id": "<m-2>"}, "outbound"),
    ],
)
def test_state_is_the_one_that_the_item_is_really_in(evidence_type: str, stated: str, payload: Any, state: str) -> None:
    """EVD-4: attended by the prospect, not only by us; delivered, not returned; by whom it says."""
    world = world_of_one_company()
    world.evidence("ev-1", evidence_type, stated, **payload)
    world.evidence("ev-2", "email", "inbound", **{"from": {"email": "mailer-daemon@x.example"}, "in_reply_to": "<m-1>"})
    world.proposal(target_id="con-1", cites=["ev-1"])
    assert [row["evidence_state"] for row in world.look_up_citations()] == [state]
