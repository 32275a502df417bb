"""Decisions on merges are what matching learns from."""

from __future__ import annotations

from pathlib import Path

import pytest

from wb_pipeline.ledger.kinds import PairJudged
from wb_pipeline_tests.review.factories import decided, desk_at, merge, queue


def test_approved_merge_says_that_the_pair_is_one_once_it_is_final(tmp_path: Path) -> None:
    """HYG-3, IDN-10: the label comes with the decision, in the same append."""
    home, ledger = queue(tmp_path, merge("contact", "con-2", "con-1"))
    desk = desk_at(home, ledger)
    assert decided(desk, desk.items()[0], by="u-ops-1").code == "decided_once"
    assert ledger.events(PairJudged.kind) == []
    assert decided(desk, desk.items()[0], by="u-sales-1").is_done
    [label] = ledger.events(PairJudged.kind)
    assert (label.payload["verdict"], label.recorded_by) == ("same", "u-sales-1")
    assert label.subject == '["contact","con-1","con-2"]'


@pytest.mark.parametrize(("reason", "verdicts"), [("wrong_record", ["different"]), ("not_now", []), ("duplicate", [])])
def test_rejected_merge_says_that_they_are_two_only_if_that_is_the_reason(
    tmp_path: Path, reason: str, verdicts: list[str]
) -> None:
    """HYG-3: a pair that a person judged to be different stays away; `not now` says nothing about it."""
    home, ledger = queue(tmp_path, merge())
    desk = desk_at(home, ledger)
    assert decided(desk, desk.items()[0], "reject", reason_code=reason).is_done
    assert [event.payload["verdict"] for event in ledger.events(PairJudged.kind)] == verdicts


def test_merge_of_records_that_are_not_there_makes_no_label(tmp_path: Path) -> None:
    """HYG-3: without both records there is nothing to compare."""
    home, ledger = queue(tmp_path, merge(loser="com-99"), merge("deal", "deal-1", "deal-2"), merge(loser="com-1"))
    desk = desk_at(home, ledger)
    for item in desk.items():
        assert decided(desk, item, "reject", reason_code="wrong_record").is_done
    assert ledger.events(PairJudged.kind) == []
