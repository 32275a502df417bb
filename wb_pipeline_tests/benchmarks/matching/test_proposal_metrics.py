"""Shares of proposals that were decided right, by case."""

from __future__ import annotations

import pytest

from wb_pipeline.benchmarks.matching.proposal_metrics import (
    ProposalOutcome,
    figures_per_case,
    proposal_figures,
    target_figures,
)
from wb_pipeline.benchmarks.matching.rates import Rate


def outcome(decision: str, *, known: bool = True, entity: str = "e1", matched: str | None = None) -> ProposalOutcome:
    """One decided proposal of the case type `repeat`, `new` where the entity is not in the CRM."""
    return ProposalOutcome("contact", "repeat" if known else "new", entity, known, decision, matched)


BATCH = [
    outcome("match", matched="e1"),
    outcome("match", matched="e2"),
    outcome("create"),
    outcome("review"),
    outcome("create", known=False, entity="n1"),
    outcome("create", known=False, entity="n1"),
    outcome("match", known=False, entity="n1", matched="n1"),
    outcome("match", known=False, entity="n2", matched="e1"),
]


def test_shares_are_those_of_the_issue() -> None:
    """IDN-4: wrong and review are shares of all, duplicates of those in the CRM; a second create in a batch counts."""
    figures = proposal_figures(BATCH)
    assert figures.wrong == Rate(2, 8)
    assert figures.duplicates == Rate(1, 4)
    assert figures.review == Rate(1, 8)
    assert figures.matched == Rate(1, 4)
    assert figures.created == Rate(2, 4)
    assert figures.created_twice == Rate(1, 8)


def test_a_match_with_no_record_is_wrong() -> None:
    """A match has to name somebody."""
    assert proposal_figures([outcome("match")]).wrong == Rate(1, 1)


def test_figures_per_case_split_the_same_outcomes() -> None:
    """Every outcome stands in exactly one case."""
    cases = figures_per_case(BATCH)
    assert list(cases) == ["contact: new", "contact: repeat"]
    assert cases["contact: new"].wrong == Rate(1, 4)
    assert cases["contact: new"].duplicates == Rate(0, 0)


def test_an_unknown_decision_is_refused() -> None:
    """A decision that nobody counts would vanish from the shares."""
    with pytest.raises(ValueError, match="no such decision: merge"):
        outcome("merge")


def test_targets_caught_and_false_alarms() -> None:
    """IDN-3: of three wrong ids two are stopped, of two right ones one is doubted."""
    figures = target_figures([(True, False), (True, False), (True, True), (False, True), (False, False)])
    assert figures.caught == Rate(2, 3)
    assert figures.false_alarms == Rate(1, 2)
