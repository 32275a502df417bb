"""Who proposes, on the whole road (FLD-7): registered, unknown, under another's name or type."""

from __future__ import annotations

import pytest

from wb_pipeline_tests.road.harness import Road
from wb_pipeline_tests.road.world import WORLD, Row, title_update

_IMPERSONATES = "gate_policy__actor_impersonates"


@pytest.mark.parametrize(
    "actor",
    [
        {"type": "ai_agent", "id": "Agent-Sales-1"},
        {"type": "ai_agent", "id": "agent-s\u0430les-1"},
        {"type": "ai_agent", "id": "u-ops-1"},
        {"type": "user", "id": "agent-sales-1"},
    ],
)
def test_impostor_writes_nothing_and_is_named_as_one(actor: Row, road: Road) -> None:
    """FLD-7: an id that reads like a registered one, or a registered one under another type, is denied in words of its
    own.
    """
    outcome = road.rehearse(WORLD, title_update(actor=actor))
    assert set(outcome.lanes().values()) == {"deny"}
    assert _IMPERSONATES in outcome.gates()


@pytest.mark.parametrize("actor_id", ["agent-sales-9", "nobody"])
def test_stranger_is_unknown_but_no_impostor(actor_id: str, road: Road) -> None:
    """FLD-7: an unknown actor writes nothing."""
    outcome = road.rehearse(WORLD, title_update(actor={"type": "ai_agent", "id": actor_id}))
    assert outcome.lane() == "deny"
    assert "gate_policy__actor_unknown" in outcome.gates()
    assert _IMPERSONATES not in outcome.gates()


def test_suspended_actor_keeps_its_name_and_writes_nothing(road: Road) -> None:
    """FLD-7: a suspended actor is itself, and switched off."""
    outcome = road.rehearse(WORLD, title_update(actor={"type": "ai_agent", "id": "agent-retired-1"}))
    assert outcome.lane() == "deny"
    assert "gate_policy__actor_switched_off" in outcome.gates()
    assert _IMPERSONATES not in outcome.gates()


def test_rights_are_per_actor(road: Road) -> None:
    """FLD-7: what one actor may, another may not."""
    outbound = road.rehearse(WORLD, title_update(actor={"type": "ai_agent", "id": "agent-outbound-1"}))
    assert outbound.lane(1, "title") == "deny"
    assert "gate_policy__actor_without_right" in outbound.gates(1, "title")
    assert road.rehearse(WORLD, title_update()).lane(1, "title") == "auto"
