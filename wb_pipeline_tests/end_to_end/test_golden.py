"""Every proposal of the sample ends where wb_pipeline/sample/expected.yaml says, in what the demo published."""

from __future__ import annotations

import json
from typing import Any

import pytest

from wb_pipeline.home import Home
from wb_pipeline.paths import sample_folder
from wb_pipeline_tests.conftest import DemoRun
from wb_pipeline_tests.end_to_end.road import gates_of, published
from wb_pipeline_tests.sample.expected import ExpectedProposal, load_expected

EXPECTED = load_expected()


@pytest.fixture(scope="module")
def decided(demo_home: Home) -> dict[tuple[str, int], list[dict[str, Any]]]:
    """Published decisions by batch file name and line."""
    found: dict[tuple[str, int], list[dict[str, Any]]] = {}
    for batch in (batch for run in EXPECTED.runs for batch in run):
        for row in published(demo_home, sample_folder() / "batches" / batch):
            found.setdefault((batch, row["line_number"]), []).append(row)
    return found


@pytest.mark.parametrize("expected", EXPECTED.proposals, ids=lambda each: each.name)
def test_demo_decides_as_expected(
    expected: ExpectedProposal, decided: dict[tuple[str, int], list[dict[str, Any]]]
) -> None:
    """FLD-1, CNF-1, EVD-1, HIA-1, OVW-1, IDN-9, CON-8 and whatever else the sample shows: lane of the proposal, lane
    of each field, gates that object, labels that go with it.
    """
    rows = decided[expected.batch, expected.line]
    fields = {row["field"]: row["lane"] for row in rows if not row["is_action_row"]}
    assert {row["proposal_lane"] for row in rows} == {expected.lane}
    assert fields == {field: expected.lane_of_field(field) for field in fields}
    assert set(expected.fields) <= set(fields)
    if expected.lane != "noop":
        assert set(expected.gates) <= set().union(*map(gates_of, rows))
    assert set(expected.labels) <= {label for row in rows for label in json.loads(row["labels"])}


def test_demo_decides_every_line_and_no_other(decided: dict[tuple[str, int], list[dict[str, Any]]]) -> None:
    """CON-2: rows in = rows out, each with exactly one action row."""
    assert set(decided) == {(each.batch, each.line) for each in EXPECTED.proposals}
    assert {sum(row["is_action_row"] for row in rows) for rows in decided.values()} == {1}


def test_demo_automatic_changes_carry_no_stopping_objection(
    decided: dict[tuple[str, int], list[dict[str, Any]]],
) -> None:
    """FLD-1: nothing is written automatically that a gate objects to with more than a label or a shadow."""
    automatic = [row for rows in decided.values() for row in rows if row["lane"] == "auto"]
    assert automatic
    verdicts = {each["verdict"] for row in automatic for each in json.loads(row["objections"])}
    assert verdicts <= {"label", "shadow"}


def test_demo_tells_what_was_stopped_in_plain_words(demo_run: DemoRun) -> None:
    """Issue 2, item 12: the last screen is for a sales manager: headings, reasons and an example, no gate names."""
    out = demo_run.command.out
    for heading in ("Stopped (", "Waiting for a person (", "Could not be taken as a proposal ("):
        assert heading in out
    assert "gate_" not in out
    assert "Where to look now" in out


def test_demo_shows_steps_and_nothing_of_the_orchestrator(demo_run: DemoRun) -> None:
    """Issue 2, item 11: progress for long work is a step's name, not a log of events or a library's warnings."""
    lines = demo_run.command.err.splitlines()
    assert "  sealed" in lines
    assert [line for line in lines if "dagster" in line or "Warning" in line] == []
