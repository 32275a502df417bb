"""The report of a measurement, as text and as JSON."""

from __future__ import annotations

import json

import duckdb
import pytest

from wb_pipeline.benchmarks.matching import plain_splink
from wb_pipeline.benchmarks.matching.evaluate import Method, evaluate_pairs
from wb_pipeline.benchmarks.matching.outcomes import outcomes
from wb_pipeline.benchmarks.matching.plain_proposals import decide_plainly
from wb_pipeline.benchmarks.matching.proposal_metrics import TargetFigures, figures_per_case, proposal_figures
from wb_pipeline.benchmarks.matching.rates import Rate
from wb_pipeline.benchmarks.matching.report import MatchingReport, ProposalReport
from wb_pipeline.benchmarks.matching.scores import keep_scores

OURS = Method("ours", is_probability=True)
PLAIN = Method(plain_splink.METHOD, is_plain=True)


@pytest.fixture
def report(made_up: duckdb.DuckDBPyConnection) -> MatchingReport:
    """Plain Splink beside a stand-in for ours: the same pairs, with a probability."""
    linker = plain_splink.trained_linker(made_up, "contact", seed=1)
    assert linker is not None
    plain_splink.score_plainly(made_up, "contact", linker)
    odds = "select left_id, right_id, 1 / (1 + pow(2, -score)), false from labelled.scores"
    keep_scores(made_up, OURS.name, "contact", f"{odds} where method = '{PLAIN.name}'")
    decide_plainly(made_up, {"contact": linker})
    found = outcomes(made_up, PLAIN.name, "held_out")
    return MatchingReport(
        kind="crm",
        seed=1,
        labels={"contact": 2_000},
        records={"contact": 320},
        held_out={"contact": 160},
        pairs=[evaluate_pairs(made_up, "contact", method) for method in (OURS, PLAIN)],
        proposals=[ProposalReport(PLAIN.name, proposal_figures(found), figures_per_case(found))],
        targets={
            "all": TargetFigures(Rate(99, 100), Rate(1, 100)),
            "namesake": TargetFigures(Rate(9, 10), Rate(1, 100)),
        },
        seconds={"read": 0.25},
        notes=["A note for the reader."],
    )


def test_the_text_shows_both_methods_their_half_and_how_thresholds_were_set(report: MatchingReport) -> None:
    """Nobody can take an optimistic figure for an honest one."""
    text = report.render()
    assert "pairs of contact: 320 records, 160 of them held out, seed 1, 2,000 labels" in text
    assert text.count("threshold by the truth (optimistic)") == 2
    assert "best F1 (optimistic)" in text
    lines = {line.strip().split("  ")[0]: line for line in text.splitlines()}
    assert lines["typo"].count(" of ") == 2
    assert lines["namesake"].count("0.0%") >= 2
    assert "100.0%" in lines["matched rightly, of those in the CRM"]
    assert " 90.0% (" in lines["wrong ids caught: namesake"]
    assert lines["read"].endswith("0.2")
    assert text.endswith("A note for the reader.")


def test_the_json_holds_every_figure_and_nothing_that_json_cannot_say(report: MatchingReport) -> None:
    """Infinite thresholds and unknown shares are null."""
    found = json.loads(json.dumps(report.as_json(), allow_nan=False))
    assert [each["method"] for each in found["pairs"]] == ["ours", "plain Splink"]
    assert found["pairs"][0]["at_precision"]["0.99"]["by_probability"]["precision"]["cases"] > 0
    assert found["pairs"][1]["at_precision"]["0.99"]["by_probability"] is None
    assert found["proposals"][0]["per_case"]["contact: new"]["duplicates"]["value"] is None
    assert found["targets"]["all"]["caught"]["hits"] == 99
    assert found["labels"] == {"contact": 2_000}
