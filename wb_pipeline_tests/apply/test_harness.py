"""The long form: it plans everything as often as asked, counts, and does not hide anything."""

from __future__ import annotations

from collections import Counter

import pytest

from wb_pipeline_tests.apply import workbench
from wb_pipeline_tests.apply.fake_faults import WRITE_FAULTS
from wb_pipeline_tests.apply.harness import Sweep, interruptible, report
from wb_pipeline_tests.apply.sweep import Accident, Sizes, accidents
from wb_pipeline_tests.apply.workbench import Happened

STEPS = {"apply": 7, "files": 9, "undo": 5, "approval": 4}


def test_sweep_has_every_fault_and_every_step_as_often_as_asked():
    """OPS-4: nothing is left out; each record of a merge is edited behind a kill at every step of a folder."""
    planned = list(accidents(STEPS, Sizes(faults=3, kills=20, random=10)))
    kinds = Counter(accident.kind for accident in planned)
    assert {kinds[f"fault: {fault}"] for fault in WRITE_FAULTS} == {3}
    assert kinds["killed at a random moment"] == 10
    steps = Counter(
        (each.where, each.deed, each.given["step"])
        for each in planned
        if each.given.get("step") and not each.given.get("edited")
    )
    assert set(steps.values()) == {20}
    assert len(steps) == sum(STEPS.values())
    edited = Counter((each.given["step"], each.given["edited"]) for each in planned if each.given.get("edited"))
    assert edited == {(step, name): 1 for step in range(1, 10) for name in ("com-8", "com-9")}


def test_report_counts_what_went_wrong_and_names_it():
    """OPS-4: a single lost write shows in its row, in the sum, and by name."""
    sweep = Sweep(Sizes(), steps=STEPS, planned=2, end="finished")
    sweep.tallies["killed"].add(Happened("killed", {"lost": []}, was_killed=True, seconds=1.0))
    assert sweep.is_well
    sweep.tallies["killed"].add(
        Happened("killed", {"lost": ["step 2: lost: it is gone"]}, was_killed=False, seconds=2.0)
    )
    assert not sweep.is_well
    text = report(sweep)
    assert "| killed | 2 | 1 | 1 | 0 | 0 | 0 | 1.50 |" in text
    assert "| **all** | 2 | 1 | 1 | 0 | 0 | 0 | 1.50 |" in text
    assert "step 2: lost: it is gone" in text


def test_sweep_that_is_interrupted_says_so_and_is_not_well(monkeypatch: pytest.MonkeyPatch):
    """OPS-4: what has happened so far is reported, and not taken for the whole."""
    monkeypatch.setattr("signal.signal", lambda *_: None)
    sweep = Sweep(Sizes(), planned=9)
    with interruptible(sweep):
        sweep.tallies["killed"].add(Happened("killed", {}, was_killed=True, seconds=1.0))
        raise KeyboardInterrupt
    assert not sweep.is_well
    assert "Interrupted: 1 of 9 accidents" in report(sweep)


def test_accident_that_cannot_be_judged_is_a_wrong_one(monkeypatch: pytest.MonkeyPatch):
    """OPS-4: an error in a laboratory is no success."""
    monkeypatch.setattr(workbench, "_BENCHES", [object()])
    happened = workbench.happen(Accident("killed", "crm", "kill_at"))
    assert happened.problems["wrong"]
