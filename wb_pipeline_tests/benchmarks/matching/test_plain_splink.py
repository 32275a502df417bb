"""The baseline: plain Splink finds what it should, and is the same twice. How good it is, is measured, not asserted."""

from __future__ import annotations

import duckdb
from splink import Linker

from wb_pipeline.benchmarks.matching import plain_splink
from wb_pipeline.benchmarks.matching.evaluate import Method, evaluate_pairs
from wb_pipeline.benchmarks.matching.outcomes import outcomes
from wb_pipeline.benchmarks.matching.plain_proposals import decide_plainly
from wb_pipeline.benchmarks.matching.proposal_metrics import proposal_figures

PLAIN = Method(plain_splink.METHOD, is_plain=True)


def linker_of(con: duckdb.DuckDBPyConnection) -> Linker:
    """The baseline's linker, trained on the contacts."""
    linker = plain_splink.trained_linker(con, "contact", seed=7)
    assert linker is not None
    return linker


def test_the_baseline_finds_plain_duplicates(made_up: duckdb.DuckDBPyConnection) -> None:
    """The rival is no straw man: a typo in the surname is found, namesakes are kept apart."""
    assert plain_splink.score_plainly(made_up, "contact", linker_of(made_up))
    report = evaluate_pairs(made_up, "contact", PLAIN)
    assert report.blocked.value == 1.0
    assert report.best_f1.f1 > 0.95
    assert report.variants["typo"].value > 0.95
    assert report.look_alikes["namesake"].hits == 0
    assert report.balanced.clusters.exact.value > 0.9
    assert report.calibration == []


def test_the_baseline_gives_the_same_scores_again(made_up: duckdb.DuckDBPyConnection) -> None:
    """Figures can be had again."""
    query = "select left_id, right_id, round(score, 9) from labelled.scores order by all"
    found = []
    for _ in range(2):
        plain_splink.score_plainly(made_up, "contact", linker_of(made_up))
        found.append(made_up.execute(query).fetchall())
    assert found[0] == found[1]


def test_the_baseline_says_when_it_has_nothing_to_train_on(made_up: duckdb.DuckDBPyConnection) -> None:
    """No companies at all, and no two records with the same email."""
    assert plain_splink.trained_linker(made_up, "company", seed=1) is None
    made_up.execute("delete from raw.crm_records where record_id like 'd%'")
    assert plain_splink.trained_linker(made_up, "contact", seed=1) is None


def test_without_a_model_the_baseline_creates_everything(made_up: duckdb.DuckDBPyConnection) -> None:
    """What cannot be found is a duplicate, and counted as one."""
    decide_plainly(made_up, {})
    assert proposal_figures(outcomes(made_up, plain_splink.METHOD, "held_out")).duplicates.value == 1.0


def test_the_baseline_decides_proposals_at_one_threshold(made_up: duckdb.DuckDBPyConnection) -> None:
    """Repeats are matched and strangers created; a newcomer has no reviews."""
    decide_plainly(made_up, {"contact": linker_of(made_up)})
    figures = proposal_figures(outcomes(made_up, plain_splink.METHOD, "held_out"))
    assert figures.matched.value > 0.95
    assert figures.created.value > 0.95
    assert figures.review.hits == 0
