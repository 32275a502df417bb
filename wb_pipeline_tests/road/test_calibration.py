"""A source's record on the whole road (CNF-3): who was refuted often is believed less, whatever it claims."""

from __future__ import annotations

from dataclasses import replace

import pytest

from wb_pipeline_tests.road.harness import Road
from wb_pipeline_tests.road.world import WORLD, Row, policy_with, title_update

_HELD = replace(WORLD, policy=policy_with(("least_record: 50", "least_record: 5")))


def _made_up(count: int, confidence: float) -> list[Row]:
    """Return proposals that cite what is not there."""
    return [
        title_update(f"bad-{each}", f"Chief {each}", confidence=confidence, evidence=[{"ref": "made-up"}])
        for each in range(count)
    ]


@pytest.mark.parametrize("claim", [55, 80, 90, 95, 100])
def test_refuted_source_opens_nothing_by_claiming_more(claim: float, road: Road) -> None:
    """CNF-3: after claims that nothing bore out, a claim of any height is believed as little as they were."""
    road.run(_HELD, *_made_up(12, 85))
    outcome = road.rehearse(_HELD, title_update("p-1", confidence=claim))
    assert outcome.lane(1, "title") == "deny"
    assert outcome.row(1, "title")["confidence"] == claim
    assert outcome.row(1, "title")["effective_confidence"] < 30
    assert "gate_confidence__below_suggest_band" in outcome.gates(1, "title")


def test_batch_is_not_held_to_itself(road: Road) -> None:
    """CNF-3, law 4: only what was decided before the run counts, so order within a batch says nothing."""
    outcome = road.run(_HELD, *_made_up(12, 85), title_update("p-1", confidence=85))
    assert outcome.lane(13, "title") == "auto"
    assert outcome.row(13, "title")["effective_confidence"] == 85


def test_few_refuted_claims_hold_nobody(road: Road) -> None:
    """CNF-3: fewer than the policy asks for are no record."""
    road.run(_HELD, *_made_up(4, 85))
    assert road.rehearse(_HELD, title_update("p-1", confidence=85)).lane(1, "title") == "auto"


def test_another_source_of_the_same_actor_is_free(road: Road) -> None:
    """CNF-3: the record is per source."""
    road.run(_HELD, *_made_up(12, 85))
    assert road.rehearse(_HELD, title_update("p-1", source="user")).lane(1, "title") == "auto"
