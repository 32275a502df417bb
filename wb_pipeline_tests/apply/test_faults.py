"""The fault matrix, each fault once; the long form is `python -m wb_pipeline_tests.apply.harness`."""

from __future__ import annotations

import pytest

from wb_pipeline_tests.apply.fake_faults import READ_FAULTS, WRITE_FAULTS
from wb_pipeline_tests.apply.trials import Laboratory, Result

EDITED = ("moved", "moved_unknown", "moved_after")
"""Faults in which somebody else changes a record: the end is another one then."""


@pytest.mark.parametrize("fault", WRITE_FAULTS)
def test_fault_loses_nothing_and_writes_nothing_twice(lab: Laboratory, undisturbed: Result, fault: str) -> None:
    """SYN-2, SYN-4: whatever the CRM does to a request, everything is carried out once or accounted for, and what
    somebody else wrote meanwhile stands.
    """
    result = lab.fault(fault, place=1)
    assert result.is_well, result.problems
    if fault not in EDITED:
        assert result.records == undisturbed.records


def test_value_that_somebody_changed_just_before_is_theirs(lab: Laboratory) -> None:
    """SYN-3, OVW-1: a value that moved between our reading and our writing is left alone."""
    result = lab.fault("moved", place=1)
    assert result.is_well, result.problems
    assert "somebody else's" in [value for record in result.records.values() for value in record.values()]


def test_broken_reads_cost_nothing_but_time(lab: Laboratory, undisturbed: Result) -> None:
    """SYN-4: a CRM that cannot be read now is read later; nothing is written on a guess."""
    result = lab.fault("", reads=[*READ_FAULTS, *READ_FAULTS])
    assert result.is_well, result.problems
    assert result.records == undisturbed.records


def test_refused_record_does_not_hold_up_the_others(lab: Laboratory, undisturbed: Result) -> None:
    """SYN-4: what the CRM will never take ends as refused; everything else is written."""
    result = lab.refusal()
    assert result.is_well, result.problems
    differing = {key for key, record in undisturbed.records.items() if result.records[key] != record}
    assert differing == {("contact", "con-3")}


@pytest.mark.parametrize("seed", [1, 2])
def test_storm_of_faults_ends_well(lab: Laboratory, seed: int) -> None:
    """SYN-2, SYN-4: faults of every kind, one upon the other, again and again."""
    result = lab.storm(seed)
    assert result.is_well, result.problems
