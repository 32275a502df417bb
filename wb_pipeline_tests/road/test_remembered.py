"""What the road's tests remember to save time answers as if it had been asked anew."""

from __future__ import annotations

from wb_pipeline.expectations import gx_border
from wb_pipeline.matching import propose
from wb_pipeline_tests.road.asked_once import AskedOnce
from wb_pipeline_tests.road.compared_once import ComparedOnce
from wb_pipeline_tests.road.harness import Outcome, Road
from wb_pipeline_tests.road.world import WORLD, create_contact, title_update


def decided(outcome: Outcome) -> list[tuple[object, ...]]:
    """Return what a run came to, without the run's own names."""
    names = ("line_number", "field", "lane", "objections", "match_method", "match_probability", "match_reason")
    return [tuple(row[name] for name in names) for row in outcome.decisions]


def test_remembered_answers_are_the_ones_that_would_be_given(road: Road) -> None:
    """The same proposals asked anew and from memory: the same decisions, and memory was asked."""
    remembered = (propose.compare_pairs, gx_border.ask)
    assert isinstance(remembered[0], ComparedOnce)
    assert isinstance(remembered[1], AskedOnce)
    proposals = [title_update(), create_contact("p-2")]
    first = decided(road.rehearse(WORLD, *proposals))
    before = [each.hits for each in remembered]
    again = decided(road.rehearse(WORLD, *proposals))
    assert all(now > then for now, then in zip([each.hits for each in remembered], before, strict=True))
    for each in remembered:
        each.forget()
    anew = decided(road.rehearse(WORLD, *proposals))
    assert first == again == anew


def test_other_pairs_and_other_facts_are_asked_anew(road: Road) -> None:
    """Nothing is answered from a memory of something else: one letter or one number more is another question."""
    road.rehearse(WORLD, title_update())
    before = [each.misses for each in (propose.compare_pairs, gx_border.ask)]
    road.rehearse(WORLD, {**title_update(), "confidence": 61.5}, create_contact("p-2", "noora@northwind.example"))
    after = [each.misses for each in (propose.compare_pairs, gx_border.ask)]
    assert all(now > then for now, then in zip(after, before, strict=True))
