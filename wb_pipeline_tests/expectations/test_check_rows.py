"""What Dagster shows of a run's checks, as rows."""

from __future__ import annotations

from wb_pipeline.expectations.check_rows import asset_check_rows
from wb_pipeline.expectations.model import ExpectationOutcome


def outcome(expectation, *, ids=(), evaluated=10, gate=None):
    """Return an outcome that fails for the given ids."""
    return ExpectationOutcome("outcomes", expectation, "lane", not ids, evaluated, len(ids), tuple(ids), gate)


def test_asset_check_rows_add_up_the_manifests_of_a_run():
    """EXC-3: one manifest that fails fails the check, and its rows are counted with the others'."""
    (row,) = asset_check_rows([outcome("no_gap"), outcome("no_gap", ids=["c1", "c2"], evaluated=5)])
    assert (row.name, row.passed, row.is_blocking) == ("outcomes__no_gap", False, True)
    assert (row.evaluated, row.unexpected, row.first_ids) == (15, 2, ("c1", "c2"))
    assert row.description == "No gap: 15 looked at, 2 failing."


def test_asset_check_rows_do_not_block_when_a_gate_objects():
    """EXC-3: an objection of a gate is its work, not a fault."""
    (row,) = asset_check_rows([outcome("sure", ids=[f"c{place}" for place in range(99)], gate="gate_confidence__x")])
    assert (row.is_blocking, row.passed, row.unexpected, len(row.first_ids)) == (False, False, 99, 10)
    assert row.description.endswith("99 objections.")
