"""Thresholds are set on one half and kept on the other; labels come from the first."""

from __future__ import annotations

import math

import duckdb
import pytest

from wb_pipeline.benchmarks.matching.evaluate import Method, PairReport, evaluate_pairs
from wb_pipeline.benchmarks.matching.labels import draw_labels
from wb_pipeline.benchmarks.matching.pair_metrics import PairFigures
from wb_pipeline.benchmarks.matching.scores import keep_scores

# True pairs at 0.95; in the development half a wrong pair at 0.9, in the held-out half a wrong one at 0.97.
_SCORED = """
select left_id, right_id, score, false from (
    select 'c' || number as left_id, 'd' || number as right_id, 0.95 as score
    from (select unnest(range(0, 240, 3)) as number)
    union all
    select least_id, greatest_id, case when half = 'development' then 0.9 else 0.97 end
    from (
        select half, list_sort(list(record_id))[1] as least_id, list_sort(list(record_id))[2] as greatest_id
        from labelled.halves where record_id in (select 'c' || number from (select unnest(range(1, 240, 3)) as number))
        group by half
    )
)
"""
METHOD = Method("ours", is_probability=True)


@pytest.fixture
def report(made_up: duckdb.DuckDBPyConnection) -> PairReport:
    """The report on the scores above."""
    keep_scores(made_up, "ours", "contact", _SCORED)
    return evaluate_pairs(made_up, "contact", METHOD)


def test_the_threshold_of_the_other_half_is_kept_even_where_it_does_badly(report: PairReport) -> None:
    """A held-out figure below the aim is shown as it is: no truth of that half moves the threshold."""
    figures = report.at_precision[0.99].from_development
    assert figures.threshold == 0.95
    assert figures.wrong == 1
    assert figures.missed == 0
    assert figures.precision.value < 0.99


def test_the_optimistic_figure_knows_the_truth(report: PairReport) -> None:
    """It would have to link nothing: the wrong pair has the best score, and 40 right ones do not make up for it."""
    assert report.at_precision[0.99].optimistic == PairFigures(math.inf, 0, 0, report.blocked.cases)


def test_the_threshold_by_probability_needs_no_truth(report: PairReport) -> None:
    """Scores of 0.95 do not say that they are right 99 times of 100: nothing is linked."""
    assert report.at_precision[0.99].by_probability is not None
    assert report.at_precision[0.99].by_probability.right == 0


def test_the_json_of_a_report_says_the_same(report: PairReport) -> None:
    """Figures for machines and for people come from one place."""
    found = report.as_json()
    assert found["object"] == "contact"
    assert found["at_precision"]["0.99"]["from_development"]["threshold"] == 0.95
    assert found["calibration_error"] == pytest.approx(abs(0.95 * 40 + 0.97 - 40) / 41, abs=0.03)
    assert found["recall_per_variant"]["typo"]["value"] == 1.0


def test_labels_are_drawn_from_the_development_half_only(
    made_up: duckdb.DuckDBPyConnection,
) -> None:
    """HYG-3: labels come in the form of people's judgements; the reported half lends none."""
    keep_scores(made_up, "ours", "contact", _SCORED)
    assert draw_labels(made_up, "ours", "contact", count=10, seed=1) == 10
    assert draw_labels(made_up, "ours", "contact", count=1_000, seed=1) < 60
    leaks = """
        select count(*) from matching.labels as judged
        inner join labelled.halves as halves on halves.record_id in (judged.left_id, judged.right_id)
        where halves.half <> 'development'
    """
    assert made_up.execute(leaks).fetchall() == [(0,)]
    answers = "select is_same, count(*) from matching.labels group by is_same order by is_same"
    distinct, same = made_up.execute(answers).fetchall()
    assert distinct == (False, 1)
    assert same[0] is True
