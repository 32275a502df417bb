"""Which writes a selection takes back: by key, by time, each once (AUD-4). What goes back is in `test_undo`."""

from __future__ import annotations

from datetime import timedelta

import pytest

from wb_pipeline.apply.undo_selection import Selection
from wb_pipeline.errors import InputError
from wb_pipeline_tests.apply.factories import applied, change
from wb_pipeline_tests.apply.memory_crm import crm_with
from wb_pipeline_tests.apply.taking_back import take_back, values, written


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
