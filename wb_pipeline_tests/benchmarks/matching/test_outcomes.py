"""What a decision about a proposal is worth: right, wrong, or left to a person."""

from __future__ import annotations

import duckdb

from wb_pipeline.benchmarks.matching.outcomes import keep_decisions, outcomes
from wb_pipeline.benchmarks.matching.proposal_metrics import proposal_figures
from wb_pipeline.benchmarks.matching.targets import BATCHES, keep_verdicts, make_target_cases, target_report

_CHOSEN = """
select proposal_id, 'match', {matched} from labelled.proposal_truth where is_in_crm
union all
select proposal_id, 'create', null from labelled.proposal_truth where not is_in_crm
"""


def test_perfect_decisions_have_perfect_figures(made_up: duckdb.DuckDBPyConnection) -> None:
    """Known people matched to their own record, new ones created."""
    keep_decisions(made_up, "oracle", _CHOSEN.format(matched="replace(proposal_id, 'r', 'c')"))
    found = outcomes(made_up, "oracle", "held_out")
    figures = proposal_figures(found)
    assert 90 < len(found) < 150
    assert figures.wrong.value == figures.duplicates.value == figures.review.value == 0.0
    assert figures.matched.value == figures.created.value == 1.0


def test_matches_to_another_record_are_wrong(made_up: duckdb.DuckDBPyConnection) -> None:
    """IDN-1: the record next door belongs to somebody else."""
    wrong = "'c' || ((substr(proposal_id, 2)::int + 1) % 240)"
    keep_decisions(made_up, "oracle", _CHOSEN.format(matched=wrong))
    figures = proposal_figures(outcomes(made_up, "oracle", "held_out"))
    assert figures.matched.hits == 0
    assert figures.wrong.hits == figures.matched.cases


def test_a_match_to_an_earlier_proposal_of_the_same_entity_is_right(made_up: duckdb.DuckDBPyConnection) -> None:
    """IDN-4: two proposals for one new person are one."""
    made_up.execute("update labelled.proposal_truth set entity_id = 'n1' where proposal_id = 'r3'")
    made_up.execute("update labelled.proposal_halves set half = 'held_out'")
    keep_decisions(made_up, "oracle", "select 'r3', 'match', 'r1'")
    found = outcomes(made_up, "oracle", "held_out")
    assert [each.is_wrong_match for each in found if each.decision == "match"] == [False]


def test_a_proposal_without_a_decision_counts_as_a_review(made_up: duckdb.DuckDBPyConnection) -> None:
    """Nothing automatic happened to it."""
    keep_decisions(made_up, "oracle", "select 'r0', 'create', null where false")
    assert proposal_figures(outcomes(made_up, "oracle", "held_out")).review.value == 1.0


def test_target_cases_are_what_their_batch_says(made_up: duckdb.DuckDBPyConnection) -> None:
    """IDN-3: a right id belongs to the entity that is meant, a wrong one does not; look-alikes are the known traps."""
    assert make_target_cases(made_up, seed=1) > 200
    misfits = """
        select count(*) from labelled.target_cases as cases
        inner join labelled.truth as given on given.record_id = cases.target_id
        inner join labelled.proposal_truth as meant on meant.proposal_id = cases.proposal_id
        where (given.entity_id <> meant.entity_id) <> cases.is_wrong
            or (cases.batch = 'look-alike' and not list_contains(meant.trap_record_ids, cases.target_id))
    """
    assert made_up.execute(misfits).fetchall() == [(0,)]
    counts = "select count(distinct batch), count(*) - count(distinct (batch, proposal_id)) from labelled.target_cases"
    assert made_up.execute(counts).fetchall() == [(len(BATCHES), 0)]


def test_target_report_counts_what_was_let_through(made_up: duckdb.DuckDBPyConnection) -> None:
    """Everything let through: nothing caught, no false alarm. No verdict: everything caught, everything doubted."""
    make_target_cases(made_up, seed=1)
    silent = target_report(made_up)["all"]
    assert (silent.caught.value, silent.false_alarms.value) == (1.0, 1.0)
    for batch in BATCHES:
        keep_verdicts(made_up, batch, f"select proposal_id, true from labelled.target_cases where batch = '{batch}'")
    for figures in target_report(made_up).values():
        assert (figures.caught.hits, figures.false_alarms.hits) == (0, 0)
        assert figures.caught.cases > 10


def test_target_cases_are_the_same_for_the_same_seed(made_up: duckdb.DuckDBPyConnection) -> None:
    """Figures can be had again; another seed draws other ids."""
    query = "select batch, proposal_id, target_id from labelled.target_cases order by all"
    drawn = []
    for seed in (1, 1, 2):
        made_up.execute("create or replace table labelled.truth as from labelled.truth order by random()")
        make_target_cases(made_up, seed=seed)
        drawn.append(made_up.execute(query).fetchall())
    assert drawn[0] == drawn[1] != drawn[2]
