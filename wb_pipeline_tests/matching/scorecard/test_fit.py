"""A card fitted to labels: what it keeps of the card that is there, and what it learns."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from wb_pipeline.matching.bundle import shipped_bundle
from wb_pipeline.matching.scorecard.calibration import log_loss, probabilities
from wb_pipeline.matching.scorecard.fit import LEAST_LABELS, fit_card, logit
from wb_pipeline.matching.scorecard.learn import LabelledPairs, learn_card
from wb_pipeline_tests.matching.made_up import scored_made_up_crm

SHIPPED = shipped_bundle().models["contact"].card


@pytest.fixture(scope="module")
def terms() -> pd.DataFrame:
    """The terms of a made-up CRM's pairs."""
    with scored_made_up_crm(contacts=1_500, seed=9_301) as con:
        return con.execute("from matching.pair_terms order by record_number_l, record_number_r").df()


def drawn(card_logits: np.ndarray) -> np.ndarray:
    """Labels as they would fall if the card told the truth."""
    return np.random.default_rng(5).random(len(card_logits)) < probabilities(card_logits)


def labelled(terms: pd.DataFrame, is_same: np.ndarray) -> LabelledPairs:
    """Pairs of records that share none with another pair."""
    ids = range(len(terms))
    return LabelledPairs(terms, is_same, tuple(f"l{n}" for n in ids), tuple(f"r{n}" for n in ids))


def test_few_labels_leave_the_card_as_it_is(terms: pd.DataFrame) -> None:
    """IDN-2: fewer labels than it takes: the very same card, and the reason in words."""
    few = terms.head(LEAST_LABELS - 1)
    found = learn_card("contact", labelled(few, drawn(logit(SHIPPED, few))), start=SHIPPED, kept=SHIPPED, trained_on={})
    assert found.card is SHIPPED
    assert not found.is_fitted
    assert "too few" in found.said


def test_labels_that_agree_with_the_prior_hardly_move_it(terms: pd.DataFrame) -> None:
    """The prior's score goes in as one strong feature: what it says well is kept."""
    before = logit(SHIPPED, terms)
    card = fit_card("contact", terms, drawn(before), prior=SHIPPED, strength=0.1)
    assert np.mean(np.abs(probabilities(logit(card, terms)) - probabilities(before))) < 0.05


def test_labels_that_speak_against_the_prior_move_it(terms: pd.DataFrame) -> None:
    """Where people always tell apart what the card joins, the fitted card follows people."""
    truth = drawn(logit(SHIPPED, terms)) & (terms["mailbox"] != "same_mailbox").to_numpy()
    card = fit_card("contact", terms, truth, prior=SHIPPED, strength=1.0)
    assert log_loss(probabilities(logit(card, terms)), truth) < log_loss(probabilities(logit(SHIPPED, terms)), truth)
    joined = terms["mailbox"] == "same_mailbox"
    assert probabilities(logit(card, terms[joined])).mean() < probabilities(logit(SHIPPED, terms[joined])).mean() - 0.2


def test_the_same_labels_give_the_same_card(terms: pd.DataFrame) -> None:
    """IDN-2: deterministic, with a prior and without."""
    truth = drawn(logit(SHIPPED, terms))
    for prior in (None, SHIPPED):
        one, two = (fit_card("contact", terms.copy(), truth, prior=prior).to_json() for _ in range(2))
        assert one == two


def test_labels_of_one_kind_teach_nothing(terms: pd.DataFrame) -> None:
    """One-sided labels say nothing about where the border runs."""
    with pytest.raises(ValueError, match="class"):
        fit_card("contact", terms.head(300), np.ones(300, dtype=bool), prior=replace(SHIPPED))
