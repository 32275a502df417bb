"""The report of the long form: it counts, and it does not hide anything."""

from __future__ import annotations

import argparse

from wb_pipeline_tests.apply.harness import KINDS, Tally, report
from wb_pipeline_tests.apply.trials import Result

SIZES = argparse.Namespace(faults=1, kills=1, random=1, stride=1)


def test_report_counts_what_went_wrong_and_names_it():
    """OPS-4: a single lost write shows in its row, in the sum, and by name; laboratories are added up."""
    good, bad = (
        Result("step 1", {kind: [] for kind in KINDS}, was_killed=True),
        Result("step 2", {"lost": ["it is gone"]}),
    )
    one, other = Tally(), Tally()
    one.add(good, 1.0)
    other.add(bad, 2.0)
    assert one.is_well
    one.join(other)
    assert not one.is_well
    text = report({"killed": one, "fault": Tally()}, SIZES, 3.0)
    assert "| killed | 2 | 1 | 1 | 0 | 0 | 0 | 3 |" in text
    assert "| **all** | 2 | 1 | 1 | 0 | 0 | 0 | 3 |" in text
    assert "step 2: lost: it is gone" in text
