"""How `wb run` asks the orchestrator for partitions, and what it makes of a failure. Whole runs: end_to_end."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wb_pipeline.cli.execute import _partitions, _stretches


@pytest.mark.parametrize(
    ("known", "wanted", "stretches"),
    [
        ("abc", "abc", [("a", "c")]),
        ("abc", "ac", [("a", "a"), ("c", "c")]),
        ("abcd", "bc", [("b", "c")]),
        ("abc", "", []),
    ],
)
def test_stretches_are_unbroken(known: str, wanted: str, stretches: list[tuple[str, str]]) -> None:
    """OPS-1: the orchestrator runs ranges of partitions; what lies between two wanted batches is not run with them."""
    assert _stretches(list(known), set(wanted)) == stretches


@given(known=st.lists(st.integers(0, 50), unique=True), data=st.data())
def test_stretches_hold_exactly_what_is_wanted(known: list[int], data: st.DataObject) -> None:
    """OPS-1: every wanted batch is in one stretch, no other is in any."""
    names = [str(number) for number in known]
    wanted = data.draw(st.sets(st.sampled_from(names))) if names else set()
    covered = [
        name for first, last in _stretches(names, wanted) for name in names[names.index(first) : names.index(last) + 1]
    ]
    assert len(covered) == len(set(covered))
    assert set(covered) == wanted


@pytest.mark.parametrize(
    ("last", "asked"),
    [
        ("a", {"partition_key": "a"}),
        ("c", {"tags": {"dagster/asset_partition_range_start": "a", "dagster/asset_partition_range_end": "c"}}),
    ],
)
def test_partitions_name_a_single_batch_or_the_range_of_several(last: str, asked: dict[str, object]) -> None:
    """OPS-1: a single batch is a partition of its own in the UI; several are one run over their range."""
    assert _partitions("a", last) == asked
