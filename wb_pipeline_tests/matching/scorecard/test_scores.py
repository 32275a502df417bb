"""The card in SQL, in Python and in JSON says one thing."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from wb_pipeline.matching.bundle import shipped_bundle
from wb_pipeline.matching.inputs import ObjectName
from wb_pipeline.matching.models.objects import MODELS
from wb_pipeline.matching.models.term import Number
from wb_pipeline.matching.scorecard.card import MOST_POINTS, Card
from wb_pipeline.matching.scorecard.fit import logit
from wb_pipeline.matching.scorecard.score import CONTRADICTED_AT_MOST
from wb_pipeline_tests.matching.made_up import scored_made_up_crm

OBJECTS: tuple[ObjectName, ...] = ("contact", "company")
NUMBERS = st.floats(-20, 20, allow_nan=False)


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse in which the contacts of a made-up CRM were scored last."""
    with scored_made_up_crm(contacts=800, seed=9_101) as con:
        yield con


@pytest.mark.parametrize("name", OBJECTS)
def test_a_card_survives_json_to_the_byte(name: ObjectName) -> None:
    """What is kept is what scores: reading and writing change nothing."""
    card = shipped_bundle().models[name].card
    assert Card.from_json(card.to_json()) == card
    assert Card.from_json(card.to_json()).to_json() == card.to_json()


def test_a_card_of_another_format_is_refused() -> None:
    """A file of a later release is not read as if it were ours."""
    made = json.loads(shipped_bundle().models["contact"].card.to_json()) | {"format": 99}
    with pytest.raises(ValueError, match="format"):
        Card.from_json(json.dumps(made))


def test_no_term_decides_alone() -> None:
    """Points are held: what outweighs all else would be a rule, and rules are gates."""
    for name in OBJECTS:
        card = shipped_bundle().models[name].card
        points = [abs(value) for term in card.categories.values() for value in term.values()]
        assert max(points) <= MOST_POINTS
        assert max(map(abs, card.numbers.values())) <= MOST_POINTS


@given(data=st.data())
# A failure is plain as it is: shrinking so many draws would take minutes.
@settings(max_examples=25, phases=(Phase.explicit, Phase.reuse, Phase.generate))
def test_a_logit_is_the_same_in_sql_and_in_python(data: st.DataObject) -> None:
    """Any card, any terms, unknown categories and NULLs too: SQL adds up what Python adds up."""
    name = data.draw(st.sampled_from(OBJECTS))
    terms = MODELS[name].terms
    categories = {
        term.name: data.draw(st.dictionaries(st.sampled_from(["x", "it's", 'say "y"', "ü+z"]), NUMBERS, max_size=3))
        for term in terms
        if not isinstance(term, Number)
    }
    numbers = {term.name: data.draw(NUMBERS) for term in terms if isinstance(term, Number)}
    card = Card(name, data.draw(NUMBERS), categories, numbers)
    rows = pd.DataFrame(
        [
            {
                term.name: data.draw(st.none() | NUMBERS)
                if isinstance(term, Number)
                else data.draw(st.sampled_from(["x", "it's", "never seen"]))
                for term in terms
            }
            for _ in range(3)
        ]
    ).astype({term.name: float for term in terms if isinstance(term, Number)})
    with duckdb.connect() as con:
        con.register("pair_terms", rows)
        in_sql = con.execute(f"select {card.logit_sql()} from pair_terms").fetchnumpy()
    assert np.allclose(next(iter(in_sql.values())), logit(card, rows), atol=1e-9)


def test_points_of_the_fields_add_up_to_the_logit(con: duckdb.DuckDBPyConnection) -> None:
    """IDN-2: the weights shown to people are the whole of the score: with the intercept they are its log-odds."""
    card = shipped_bundle().models["contact"].card
    found = con.execute(
        "select match_probability, field_weights from matching.pair_scores"
        " inner join matching.pair_terms using (record_number_l, record_number_r) where not is_contradicted"
    ).fetchall()
    assert len(found) > 100
    for probability, weights in found:
        points = json.loads(weights)
        assert set(points) == {comparison.name for comparison in MODELS["contact"].comparisons}
        total = max(-30.0, min(30.0, card.intercept + sum(points.values())))
        # Seven fields, each rounded to two digits.
        assert math.log(probability / (1 - probability)) == pytest.approx(total, abs=0.04)


def test_sql_scores_are_those_of_the_card_in_python(con: duckdb.DuckDBPyConnection) -> None:
    """The shipped card on real terms; a senior and a junior stay at even odds at most."""
    terms = con.execute("from matching.pair_terms order by record_number_l, record_number_r").df()
    scores = con.execute("from matching.pair_scores order by record_number_l, record_number_r").df()
    expected = np.clip(logit(shipped_bundle().models["contact"].card, terms), -30, 30)
    most = np.where(terms["is_contradicted"], CONTRADICTED_AT_MOST, 1.0)
    assert np.allclose(scores["match_probability"], np.minimum(1 / (1 + np.exp(-expected)), most), atol=1e-12)


def test_a_sentence_says_why(con: duckdb.DuckDBPyConnection) -> None:
    """Every pair that is likely has words; a conflict is claimed only where the score agrees, or of Jr. and Sr."""
    unsaid = "select count(*) from matching.pair_scores where match_probability > 0.5 and match_reason = ''"
    assert con.execute(unsaid).fetchall() == [(0,)]
    wrong = (
        "select count(*) from matching.pair_scores"
        " inner join matching.pair_terms using (record_number_l, record_number_r)"
        " where has_conflict and match_probability >= 0.05 and not is_contradicted"
    )
    assert con.execute(wrong).fetchall() == [(0,)]
