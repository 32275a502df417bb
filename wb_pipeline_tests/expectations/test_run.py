"""Running a suite: every failing id, and nothing passes because a fact is missing."""

from __future__ import annotations

import socket

import numpy as np
import pandas as pd
import pytest

from wb_pipeline.errors import GateBrokenError
from wb_pipeline.expectations import gx_border, run
from wb_pipeline.expectations.gx_border import Answer
from wb_pipeline.expectations.model import Expectation, fact_is

GATE = "gate_test__fact_is_false"
FACT = fact_is("fact", wanted=True, name="the_fact_holds", gate=GATE)


def judged(frame: pd.DataFrame, *expectations: Expectation, expected_rows: int | None = None):
    """Run the suite; as many rows are expected as there are, unless said otherwise."""
    return run.run_suite(
        frame,
        suite="test",
        grain="change",
        id_column="change_id",
        expectations=expectations,
        expected_rows=len(frame) if expected_rows is None else expected_rows,
    )


def frame_of(**columns: object) -> pd.DataFrame:
    """Return a frame of changes c0, c1, ... with these columns."""
    count = len(next(iter(columns.values())))
    return pd.DataFrame({"change_id": [f"c{place}" for place in range(count)], **columns})


def named(outcomes, name):
    """Return the outcome of one expectation."""
    return next(each for each in outcomes if each.expectation == name)


def test_run_suite_returns_every_failing_id_when_more_than_two_hundred_fail():
    """EXC-3: no failing row is cut off; Great Expectations shows 20 or 200 of them by default."""
    outcome = named(judged(frame_of(fact=[place % 2 == 0 for place in range(1000)]), FACT), "the_fact_holds")
    assert (outcome.success, outcome.evaluated, outcome.unexpected, outcome.gate) == (False, 1000, 500, GATE)
    assert outcome.unexpected_ids == tuple(f"c{place}" for place in range(1, 1000, 2))


def test_run_suite_names_the_right_ids_when_only_some_rows_are_asked_about():
    """EXC-3: a condition does not shift the positions of the failing rows, whatever the frame's own index is."""
    frame = frame_of(fact=[False, True, False, False], asked=[False, True, True, False])
    frame.index = pd.Index([9, 9, 2, 1])
    outcome = named(judged(frame, fact_is("fact", wanted=True, name="f", gate=GATE, only_where="asked")), "f")
    assert (outcome.evaluated, outcome.unexpected_ids) == (2, ("c2",))


def test_run_suite_reports_a_condition_that_no_row_meets():
    """EXC-3: nobody was asked, and the outcome says so by its count."""
    frame = frame_of(fact=[False, False], asked=[False, False])
    outcome = named(judged(frame, fact_is("fact", wanted=True, name="f", gate=GATE, only_where="asked")), "f")
    assert (outcome.success, outcome.evaluated, outcome.unexpected) == (True, 0, 0)


@pytest.mark.parametrize("null", [None, np.nan, pd.NA])
def test_run_suite_is_broken_when_a_gates_fact_is_null(null):
    """EXC-3: NULL passes an expectation in silence, so the companion breaks the gate and names gate and column."""
    with pytest.raises(GateBrokenError, match=rf"{GATE} is broken.*column fact.*1 rows have no value"):
        judged(frame_of(fact=pd.Series([True, null], dtype=object)), FACT)


def test_run_suite_is_broken_when_a_condition_is_null():
    """EXC-3: a row whose condition is NULL would not be asked about at all."""
    frame = frame_of(fact=[False, False], asked=pd.Series([True, None], dtype=object))
    with pytest.raises(GateBrokenError, match=rf"{GATE}.*column asked"):
        judged(frame, fact_is("fact", wanted=True, name="f", gate=GATE, only_where="asked"))


def test_run_suite_fails_an_outcome_when_a_blocking_suites_column_is_null():
    """CON-3: in a blocking suite a NULL is a finding with its id, which `require` turns into an error."""
    between = Expectation("in_range", "between", "confidence", minimum=0, maximum=100)
    outcomes = judged(frame_of(confidence=[50.0, np.nan]), between)
    assert named(outcomes, "confidence_is_never_null").unexpected_ids == ("c1",)


@pytest.mark.parametrize("frame", [frame_of(other=[True]), pd.DataFrame({"fact": [True]})])
def test_run_suite_is_broken_when_a_column_is_missing(frame):
    """EXC-3: Great Expectations fails a missing column without any id; here it stops the run and is named."""
    with pytest.raises(GateBrokenError, match=r"column (fact|change_id) is missing"):
        judged(frame, FACT)


def test_run_suite_is_broken_when_an_expectation_raises():
    """EXC-3: text where a number should be raises inside Great Expectations, which catches it; we do not."""
    between = Expectation("in_range", "between", "confidence", gate=GATE, minimum=0)
    with pytest.raises(GateBrokenError, match=rf"{GATE} is broken.*column confidence.*it raised"):
        judged(frame_of(confidence=pd.Series(["high", "low"], dtype=object)), between)


@pytest.mark.parametrize("expected_rows", [1, 3])
def test_run_suite_is_broken_when_rows_are_missing_or_repeated(expected_rows):
    """EXC-3: fewer or more rows than were counted elsewhere mean that a join lost or repeated some."""
    with pytest.raises(GateBrokenError, match="every_change_arrived"):
        judged(frame_of(fact=[True, True]), FACT, expected_rows=expected_rows)


def test_run_suite_is_broken_when_the_frame_is_empty_and_rows_are_expected():
    """EXC-3: an empty batch passes everything in silence."""
    with pytest.raises(GateBrokenError, match="no change arrived, 7 expected"):
        judged(frame_of(fact=[]), FACT, expected_rows=7)


def test_run_suite_is_broken_when_no_rows_are_expected_but_some_arrive():
    """EXC-3: rows from nowhere are a fault as well."""
    with pytest.raises(GateBrokenError, match="every_change_arrived"):
        judged(frame_of(fact=[True]), FACT, expected_rows=0)


def test_run_suite_looks_at_nothing_when_nothing_is_expected(monkeypatch):
    """EXC-3: no rows where none should be is attested with 0, without Great Expectations."""
    monkeypatch.delattr(gx_border, "ask")
    assert {(each.success, each.evaluated) for each in judged(frame_of(fact=[]), FACT, expected_rows=0)} == {(True, 0)}


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (Answer(True, 1, 0, (), ""), "1 of 2 rows were looked at"),
        (Answer(False, 2, 2, (0,), ""), "contradicts itself"),
        (Answer(True, 2, 1, (0,), ""), "contradicts itself"),
        (Answer(False, 2, 0, (), ""), "contradicts itself"),
        (Answer(True, 2, 0, (), "boom"), "it raised: boom"),
    ],
)
def test_run_suite_is_broken_when_an_answer_does_not_hang_together(monkeypatch, answer, message):
    """EXC-3: an answer is believed only when its parts agree."""
    monkeypatch.setattr(
        gx_border, "ask", lambda _frame, asked, **_: [*[Answer(True, 2, 0, (), "")] * (len(asked) - 1), answer]
    )
    with pytest.raises(GateBrokenError, match=message):
        judged(frame_of(fact=[True, True]), FACT)


def test_run_suite_writes_nothing_and_sends_nothing(monkeypatch, tmp_path, capfd):
    """EXC-3, OPS-5: no file, no progress bar, no connection, even where the environment asks for analytics."""

    def refuse(*_args):
        raise AssertionError("a connection was tried")

    for name in ("TMPDIR", "HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.setenv("GX_ANALYTICS_ENABLED", "true")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr("tempfile.TemporaryDirectory", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.chdir(tmp_path)
    judged(frame_of(fact=[True, False]), FACT)
    assert list(tmp_path.iterdir()) == []
    assert capfd.readouterr() == ("", "")


def test_run_suite_hashes_no_frame(monkeypatch):
    """EXC-3: the fingerprint that Great Expectations makes of each frame is left out, and the answer stays the same."""
    frame = frame_of(fact=[True, False, True])
    before = judged(frame, FACT)
    hashed = []
    monkeypatch.setattr(pd.util, "hash_pandas_object", lambda *_args, **_options: hashed.append(1))
    assert judged(frame, FACT) == before
    assert named(before, "the_fact_holds").unexpected_ids == ("c1",)
    assert not hashed
