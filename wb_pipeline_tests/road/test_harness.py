"""The small world passes as it stands, so that whatever another test changes is what stops it."""

from __future__ import annotations

import pytest

from wb_pipeline_tests.road.harness import Road
from wb_pipeline_tests.road.world import (
    WORLD,
    Row,
    change,
    create_company,
    create_contact,
    create_deal,
    log,
    title_update,
    update,
)


def test_small_world_passes_as_it_stands(road: Road) -> None:
    """Every factory's proposal is automatic, by the suites too; FLD-1: nothing else makes it pass."""
    proposals: list[Row] = [
        title_update("p-1"),
        update("com-1", change("tech_stack_tags", ["mews"], op="append"), proposal_id="p-2"),
        create_contact("p-3"),
        create_company("p-4"),
        create_deal("p-5"),
        log("call", "p-6", occurred_at="2026-02-27T15:00:00Z", subject="Prices"),
        log("meeting", "p-7", evidence=[{"ref": "meeting"}]),
    ]
    outcome = road.run(WORLD, *proposals, with_suites=True)
    assert {row["lane"] for row in outcome.decisions} == {"auto"}, outcome.decisions
    assert {row["line_number"] for row in outcome.decisions} == set(range(1, 8))


def test_lanes_are_those_on_the_books(road: Road) -> None:
    """What the harness returns was sealed."""
    outcome = road.run(WORLD, title_update())
    assert road.mart("proposal_outcomes")[0]["lane"] == outcome.lane() == "auto"
    with pytest.raises(AssertionError, match="0 decisions on phone"):
        outcome.lane(1, "phone")
