"""Learning from judged pairs makes a better card, or leaves a right one alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from wb_pipeline.matching.scorecard.fit import LEAST_LABELS, logit
from wb_pipeline.matching.scorecard.learn import STRENGTHS, LabelledPairs, Learned, learn_card
from wb_pipeline_tests.matching.scorecard.labelled import OBJECT, card, labelled

SHIPPED = card({"one": 0.1, "two": -0.1}, labels="made up")
OTHERS = card({"one": 3.0, "two": -3.0, "three": 0.0})
"""A CRM whose duplicates look otherwise than those that the shipped card learned from."""


def learn(pairs: LabelledPairs, start=SHIPPED, kept=SHIPPED) -> Learned:
    """Learn from labels as a training does."""
    return learn_card(OBJECT, pairs, start=start, kept=kept, trained_on={"labels": "judged by people"})


def test_labels_of_another_kind_of_crm_make_a_better_card() -> None:
    """IDN-2: with enough labels the card is fitted, and is nearer to the truth on pairs that nobody labelled."""
    learned = learn(labelled(1_000, OTHERS))
    fresh = labelled(2_000, OTHERS, seed=2)
    assert learned.is_fitted
    assert "the card is fitted to them" in learned.said
    assert (
        learned.figures["log_loss_by_strength"][str(learned.figures["strength"])] < learned.figures["log_loss_before"]
    )
    assert learned.figures["strength"] in STRENGTHS
    wrong = [np.abs(logit(each, fresh.terms) - logit(OTHERS, fresh.terms)).mean() for each in (learned.card, SHIPPED)]
    assert wrong[0] < wrong[1] / 2
    assert learned.card.trained_on["labels"] == 1_000


def test_card_that_is_right_already_stays() -> None:
    """IDN-2: a fitted card that does worse on pairs that it has not seen is thrown away, and the report says so."""
    learned = learn(labelled(400, OTHERS), start=OTHERS)
    assert learned.card is OTHERS
    assert not learned.is_fitted
    assert "a fitted card is no better" in learned.said
    assert min(learned.figures["log_loss_by_strength"].values()) >= learned.figures["log_loss_before"]


def test_too_few_labels_teach_nothing() -> None:
    """IDN-2: too few, or too one-sided: the card in force stays, in words with the counts."""
    few = learn(labelled(LEAST_LABELS - 1, OTHERS))
    assert few.card is SHIPPED
    assert "too few (200 are needed, 30 of either kind); the shipped card stays" in few.said
    pairs = labelled(500, OTHERS)
    one_sided = replace(pairs, is_same=np.arange(500) < 29)
    earlier = card({}, labels="judged by people")
    learned = learn(one_sided, kept=earlier)
    assert learned.card is earlier
    assert learned.said.startswith("471 labels of records told apart, 29 said same: too few")
    assert learned.said.endswith("the card fitted earlier stays")


def test_learning_twice_gives_the_same_card() -> None:
    """IDN-2: the same labels, the same bytes."""
    one, other = (learn(labelled(600, OTHERS)) for _ in range(2))
    assert one.card.to_json() == other.card.to_json()
    assert one.figures == other.figures


def test_calibration_is_of_pairs_that_the_card_had_not_seen() -> None:
    """IDN-2: every label is in one bin; predicted and observed agree where labels and card come from one world."""
    figures = learn(labelled(3_000, OTHERS)).figures
    assert sum(each["pairs"] for each in figures["calibration"]) == 3_000
    for each in figures["calibration"]:
        if each["pairs"] >= 100:
            assert abs(each["predicted"] - each["observed"]) < 0.12, each
