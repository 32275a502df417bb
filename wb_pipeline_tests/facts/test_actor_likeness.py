"""Who passes for a registered actor?"""

from __future__ import annotations

import pytest

from wb_pipeline.facts.actor_likeness import likeness_of, readings

REGISTERED = {"agent-sales-1": "ai_agent", "agent-enrich-1": "ai_agent", "u-ops-1": "user"}
SHAPES = {reading: actor for actor in REGISTERED for reading in readings(actor)}


@pytest.mark.parametrize(
    "actor_id",
    [
        "Agent-Sales-1",
        "agent_sales_1",
        "agent sales 1",
        "agentsales1",
        "agent-sales-l",
        "agent-saIes-1",
        "\u0430gent-sales-1",
        "agent-sales-1\u200b",
        "agent\u00ad-sales-1",
        "agent-sales-\uff11",
        "agent\u2013sales\u20131",
        "ágent-sales-1",
    ],
)
def test_look_alike_is_taken_for_the_registered_one(actor_id: str) -> None:
    """FLD-7: case, separators, invisible characters and letters that look alike make no other actor."""
    assert likeness_of(actor_id, "ai_agent", REGISTERED, SHAPES) == ("look_alike", "agent-sales-1")


@pytest.mark.parametrize(("actor_id", "claimed"), [("u-ops-1", "ai_agent"), ("agent-sales-1", "user")])
def test_registered_id_under_another_type_is_an_impostor(actor_id: str, claimed: str) -> None:
    """FLD-7: a person's id does not make an agent a person, nor the other way round."""
    assert likeness_of(actor_id, claimed, REGISTERED, SHAPES) == ("other_type", actor_id)


@pytest.mark.parametrize(("actor_id", "kind"), REGISTERED.items())
def test_registered_actor_is_itself(actor_id: str, kind: str) -> None:
    """FLD-7: nobody passes for himself."""
    assert likeness_of(actor_id, kind, REGISTERED, SHAPES) == (None, None)


@pytest.mark.parametrize("actor_id", ["agent-sales-2", "somebody", "", "\u200b", "a" * 5_000_000, None])
def test_stranger_is_no_impostor(actor_id: str | None) -> None:
    """FLD-7: another number is another agent; who looks like nobody is unknown, and stopped for that."""
    assert likeness_of(actor_id, "ai_agent", REGISTERED, SHAPES) == (None, None)
