"""Who may take writes back, and which ones a selection takes: by key, by time, once (AUD-4). Values: `test_undo`."""

from __future__ import annotations

from datetime import timedelta

import pytest

from wb_pipeline.apply.undo import undo, undo_preview
from wb_pipeline.apply.undo_selection import Selection
from wb_pipeline.errors import InputError
from wb_pipeline.ledger.kinds_writes import WritePlanned
from wb_pipeline.ledger.modes import switch_mode
from wb_pipeline.paths import default_policy_file
from wb_pipeline_tests.apply.factories import applied, change
from wb_pipeline_tests.apply.memory_crm import QUICK, crm_with
from wb_pipeline_tests.apply.taking_back import ALL, take_back, values, written
from wb_pipeline_tests.review.factories import use_policy


def test_second_undo_does_nothing(opened, clock):
    """AUD-4: what was taken back is not taken back twice, and an undo is not undone."""
    crm = crm_with([("contact", "con-1", {})], clock=clock)
    written(opened, crm, [change(1, "title", "VP IT")])
    take_back(opened, crm)
    calls = len(crm.calls)
    again = take_back(opened, crm)
    assert len(crm.calls) == calls
    assert [each.why for each in again.left] == ["it was taken back before"]
    everything = take_back(opened, crm, Selection(since=clock.now() - timedelta(days=1)))
    assert {each.why for each in everything.left} == {
        "it was taken back before",
        "it takes something back itself: to have that again, propose it anew",
    }
    applied(opened, crm)
    assert len(crm.calls) == calls


def test_one_write_is_named_by_the_beginning_of_its_key(opened, clock):
    """AUD-4: one write, and no other; a beginning that names none or is too short is refused."""
    crm = crm_with([("contact", "con-1", {}), ("contact", "con-2", {})], clock=clock)
    written(opened, crm, [change(1, "title", "A"), change(2, "title", "B")])
    key = crm.calls[0].key
    take_back(opened, crm, Selection(write_key=key[:12]))
    assert (values(crm), values(crm, "con-2")) == ({}, {"title": "B"})
    for wrong in (key[:4], "f" * 64):
        with pytest.raises(InputError):
            take_back(opened, crm, Selection(write_key=wrong))
    with pytest.raises(InputError, match="nothing says what"):
        take_back(opened, crm, Selection())


def test_time_window_takes_back_what_was_written_in_it(opened, clock):
    """AUD-4: from a time, before another."""
    crm = crm_with([("contact", "con-1", {}), ("contact", "con-2", {})], clock=clock)
    written(opened, crm, [change(1, "title", "A")], "one")
    clock.sleep(3_600)
    written(opened, crm, [change(2, "title", "B")], "two")
    between = clock.now() - timedelta(minutes=30)
    take_back(opened, crm, Selection(until=between))
    assert (values(crm), values(crm, "con-2")) == ({}, {"title": "B"})
    take_back(opened, crm, Selection(since=between))
    assert values(crm, "con-2") == {}


def test_mode_for_all_holds_for_undo_too(opened, clock):
    """FLD-7: read only is read only; review of everything does not hold back what a person asks for."""
    crm = crm_with([("contact", "con-1", {})], clock=clock)
    written(opened, crm, [change(1, "title", "A")])
    switch_mode(opened[1], "*", "read_only", "dana", "audit")
    assert [each.why for each in take_back(opened, crm).report.waiting] == ["the mode is read_only"]
    switch_mode(opened[1], "*", "review_everything", "dana", "careful")
    assert take_back(opened, crm).report.outcomes == {"written": 1}


@pytest.mark.parametrize(
    ("by", "words"),
    [
        ("dana", "dana is no reviewer in the policy"),
        ("Agent-Enrich-1", "only people decide"),
        (" ", "needs the name of a person"),
    ],
)
def test_only_a_reviewer_takes_anything_back(opened, clock, by: str, words: str) -> None:
    """AUD-4, RVW-5: taking back needs the same name as approving; nothing is planned otherwise."""
    crm = crm_with([("contact", "con-1", {"title": "Head of IT"})], clock=clock)
    written(opened, crm, [change(1, "title", "VP of IT", "Head of IT")])
    planned = len(opened[1].events(WritePlanned.kind))
    with pytest.raises(InputError, match=words):
        undo(*opened, crm, ALL, by=by, reason="wrong", limits=QUICK, timing=crm.clock.timing)
    with pytest.raises(InputError, match=words):
        undo_preview(*opened, crm, ALL, by=by, reason="wrong")
    assert len(opened[1].events(WritePlanned.kind)) == planned


def test_rights_have_to_reach_what_is_taken_back(opened, clock) -> None:
    """AUD-4, RVW-5: who could not have approved a write does not take it back, and nothing else with it."""
    crm = crm_with([("contact", "con-1", {"title": "Head of IT"})], clock=clock)
    written(opened, crm, [change(1, "title", "VP of IT", "Head of IT")])
    narrow = default_policy_file().read_text("utf-8").replace('"* contact.*", "* lead.*"', '"* lead.*"')
    use_policy(*opened, narrow.encode())
    sales = {"by": "u-sales-1", "reason": "wrong", "limits": QUICK, "timing": crm.clock.timing}
    with pytest.raises(InputError, match="the rights of u-sales-1 do not reach update contact con-1"):
        undo(*opened, crm, ALL, **sales)
    use_policy(*opened, default_policy_file().read_bytes())
    assert undo(*opened, crm, ALL, **sales).report.outcomes == {"written": 1}
