"""One run of writing on a CRM in memory: each write once, conflicts back to a person, everything on the books."""

from __future__ import annotations

import json
from collections import deque
from typing import Any

import pytest

from wb_pipeline.apply.compare import PolicyRules
from wb_pipeline.apply.engine import Engine
from wb_pipeline.apply.entries import MOST_RUNS
from wb_pipeline.apply.plan import plan_writes
from wb_pipeline.apply.prepare import Preparer
from wb_pipeline.apply.run import open_desk, preview
from wb_pipeline.apply.show import differences
from wb_pipeline.connectors.writing import KEY_FIELD
from wb_pipeline.errors import InputError
from wb_pipeline.ledger.kinds import payload_of
from wb_pipeline.ledger.kinds_review import ItemReturned
from wb_pipeline.ledger.kinds_writes import WritePlanned, WriteSettled
from wb_pipeline.ledger.modes import switch_mode
from wb_pipeline.ledger.store import Ledger
from wb_pipeline.ledger.switches import switch_actor
from wb_pipeline_tests.apply.factories import applied as apply
from wb_pipeline_tests.apply.factories import approved, change, made, sealed, sealed_change
from wb_pipeline_tests.apply.memory_crm import QUICK, KilledError, crm_with


def settled(ledger: Ledger) -> list[WriteSettled]:
    """Return how writes ended, in order."""
    return [payload_of(event, WriteSettled) for event in ledger.events(WriteSettled.kind)]


def kept(ledger: Ledger, digest: str | None) -> Any:
    """Return a kept value."""
    return json.loads(ledger.kept([digest or ""])[digest or ""])


def test_update_is_read_compared_written_and_read_back(opened, clock):
    """SYN-3: the value before and the value after are both in the ledger, and the record says who wrote (CNF-2)."""
    sealed(*opened, [change(1, "title", "VP IT", "Head of IT"), change(1, "phone", "+4420", ordinal=2)])
    crm = crm_with([("contact", "con-1", {"title": "Head of IT"})], clock=clock)
    assert apply(opened, crm).outcomes == {"written": 1}
    fields = crm.fields("contact", "con-1")
    assert (fields["title"], fields["phone"]) == ("VP IT", "+4420")
    assert fields["ai_writeback_confidence"] == 90.0
    assert (fields["ai_writeback_evidence"], fields["ai_writeback_source"]) == ("ev-1", "linkedin")
    [planned] = opened[1].events(WritePlanned.kind)
    assert fields[KEY_FIELD] == planned.subject
    [end] = settled(opened[1])
    assert kept(opened[1], end.before_digest) == {"phone": None, "title": "Head of IT"}
    assert kept(opened[1], end.after_digest) == {"phone": "+4420", "title": "VP IT"}


def test_second_run_writes_nothing(opened, clock):
    """SYN-2: an approved write has one key for ever; a run after it finds it done."""
    sealed(*opened, [change(1, "title", "VP IT"), *made(2, {"email": "a@b.example"})])
    crm = crm_with([("contact", "con-1", {})], clock=clock)
    apply(opened, crm)
    head = opened[1].head()
    assert not apply(opened, crm).settled
    assert opened[1].head() == head
    assert set(crm.effects.values()) == {1}


def test_value_changed_meanwhile_goes_back_and_the_rest_is_written(opened, clock):
    """OVW-1, RVW-2: what somebody changed is left alone and returned with what stands; other fields are written."""
    sealed(*opened, [change(1, "title", "VP IT", "Head of IT"), change(1, "phone", "+4420", ordinal=2)])
    crm = crm_with([("contact", "con-1", {"title": "Board member"})], clock=clock)
    assert apply(opened, crm).outcomes == {"conflict": 1, "written": 1}
    assert (crm.fields("contact", "con-1")["title"], crm.fields("contact", "con-1")["phone"]) == (
        "Board member",
        "+4420",
    )
    conflict = next(end for end in settled(opened[1]) if end.outcome == "conflict")
    assert kept(opened[1], conflict.before_digest) == {"title": "Board member"}
    [returned] = opened[1].events(ItemReturned.kind)
    assert returned.subject.endswith(":1:1")
    assert not apply(opened, crm).settled


def test_value_that_is_so_already_is_not_written(opened, clock):
    """OVW-1: the wanted value is there, in whatever spelling that means the same: nothing is sent."""
    sealed(*opened, [change(1, "title", "VP IT", "Head of IT")])
    crm = crm_with([("contact", "con-1", {"title": "  VP  IT "})], clock=clock)
    assert apply(opened, crm).outcomes == {"already_so": 1}
    assert crm.calls == []


def test_dry_run_shows_each_field_and_writes_nothing(opened, clock):
    """SYN-5: old value, new value, what stands beside; no event, no call."""
    sealed(*opened, [change(1, "title", "VP IT", "Head of IT"), *made(2, {"email": "a@b.example"})])
    crm = crm_with([("contact", "con-1", {"title": "Head of IT"})], clock=clock)
    head = opened[1].head()
    lines = list(differences(preview(*opened, crm, clock.now())))
    assert '    title: "Head of IT" -> "VP IT"' in lines
    assert '    email: (empty) -> "a@b.example"' in lines
    assert lines[-1].startswith("Dry run: 2 writes would be sent")
    assert (opened[1].head(), crm.calls) == (head, [])


@pytest.mark.parametrize("mode", ["review_everything", "read_only", "stopped"])
def test_mode_holds_before_the_next_write(opened, clock, mode):
    """FLD-7: a mode that is switched while a run writes holds for the very next write, and loosens nothing later."""
    sealed(*opened, [change(number, "title", "VP IT") for number in range(1, 10)])
    crm = crm_with([("contact", f"con-{number}", {}) for number in range(1, 10)], clock=clock)
    real = crm.write_many

    def switching(calls):
        answers = real(calls)
        if len(crm.calls) == len(calls):
            switch_mode(opened[1], "*", mode, "dana", "enough")
            clock.sleep(QUICK.mode_seconds)
        return answers

    crm.write_many = switching
    report = apply(opened, crm)
    assert len(crm.calls) == crm.batch_size
    assert len(report.waiting) == 9 - crm.batch_size
    switch_mode(opened[1], "*", "running", "dana", "go on")
    apply(opened, crm)
    assert sum(crm.effects.values()) == 9
    assert set(crm.effects.values()) == {1}


def test_write_that_the_crm_refuses_stops_nobody_else(opened, clock):
    """SYN-4: a permanent error is told per record and returned to a person; the others are written."""
    sealed(*opened, [change(1, "title", "A"), change(2, "title", "B")])
    crm = crm_with([("contact", "con-1", {}), ("contact", "con-2", {})], clock=clock, script=deque(["refused"]))
    report = apply(opened, crm)
    assert report.outcomes == {"refused": 1, "written": 1}
    assert report.has_failed
    assert any("the field is read only" in line for line in report.lines())
    [returned] = opened[1].events(ItemReturned.kind)
    assert payload_of(returned, ItemReturned).reason == "refused"


def test_locked_record_is_left_for_the_next_run_and_at_last_to_a_person(opened, clock):
    """SYN-4: few tries with pauses in a run, few runs; then a person has to look."""
    sealed(*opened, [change(1, "title", "A")])
    crm = crm_with([("contact", "con-1", {})], clock=clock, script=deque(["locked"] * QUICK.tries * MOST_RUNS))
    for _ in range(MOST_RUNS):
        assert not opened[1].events(ItemReturned.kind)
        assert apply(opened, crm).outcomes == {"gave_up": 1}
    [returned] = opened[1].events(ItemReturned.kind)
    assert payload_of(returned, ItemReturned).reason == "gave_up"
    assert not apply(opened, crm).settled
    keys = {event.subject for event in opened[1].events(WritePlanned.kind)}
    assert len(keys) == 1


def test_crm_that_is_away_stops_the_run_and_wears_no_approval_out(opened, clock):
    """SYN-4: an outage is no fault of a write: however many runs meet it, nothing goes back to a person."""
    sealed(*opened, [change(number, "title", "A") for number in range(1, 8)])
    crm = crm_with([("contact", f"con-{number}", {}) for number in range(1, 8)], clock=clock)
    for _ in range(MOST_RUNS + 2):
        crm.script = deque(["unavailable"] * 100)
        report = apply(opened, crm)
        assert "takes no writes now" in report.stopped
        assert report.has_failed
    assert not opened[1].events(ItemReturned.kind)
    crm.script.clear()
    assert apply(opened, crm).outcomes == {"written": 7}


def test_throttling_waits_as_long_as_the_crm_asks(opened, clock):
    """SYN-4: Retry-After is honoured."""
    sealed(*opened, [change(1, "title", "A")])
    crm = crm_with([("contact", "con-1", {})], clock=clock, script=deque(["throttled"]))
    assert apply(opened, crm).outcomes == {"written": 1}
    assert clock.seconds >= 0.5


def test_nothing_is_sent_while_an_answer_may_still_come_true(opened, clock):
    """SYN-2: after a killed run the next one waits until nothing of it can happen any more, then reads."""
    sealed(*opened, [change(1, "title", "A")])
    crm = crm_with([("contact", "con-1", {})], clock=clock, script=deque(["late", "dies_before"]))
    real = crm.write_many

    def killed(calls):
        real(calls)
        raise KilledError

    crm.write_many = killed
    with pytest.raises(KilledError):
        apply(opened, crm)
    crm.write_many = real
    report = apply(opened, crm)
    assert clock.seconds >= crm.settle_seconds
    assert report.outcomes == {"written": 1}
    assert settled(opened[1])[-1].reconciled
    assert set(crm.effects.values()) == {1}
    assert len(crm.calls) == 1


def test_another_crm_is_not_asked_what_became_of_a_write(opened, clock):
    """SYN-2: what was sent to one CRM is not looked up in another, where it would be made again."""
    sealed(*opened, made(1, {"email": "a@b.example"}))
    crm = crm_with([], clock=clock, script=deque(["dies_after"]))
    with pytest.raises(KilledError):
        apply(opened, crm)
    with pytest.raises(InputError, match="sent to memory"):
        apply(opened, crm_with([], clock=clock, name="another"))


def test_actor_that_is_switched_off_writes_nothing(opened, clock):
    """FLD-7: the kill switch holds for writing too, for that actor alone."""
    sealed(*opened, [change(1, "title", "A"), change(2, "title", "B", actor_id="agent-2")])
    crm = crm_with([("contact", "con-1", {}), ("contact", "con-2", {})], clock=clock)
    switch_actor(opened[1], "agent-2", False, "dana", "odd titles")
    apply(opened, crm)
    assert [call.record_id for call in crm.calls] == ["con-1"]


def test_review_of_everything_holds_automatic_writes_only(opened, clock):
    """FLD-7: what people approved is written while everything else waits for them."""
    switch_mode(opened[1], "*", "review_everything", "dana", "new model")
    crm = crm_with([("contact", "con-1", {}), ("contact", "con-2", {})], clock=clock)
    automatic, asked = (sealed_change(change(number, "title", "A")) for number in (1, 2))
    writes = plan_writes([*approved([automatic]), *approved([asked], (7,))])
    desk = open_desk(opened[1], crm, by="pipeline", limits=QUICK, timing=clock.timing)
    report = Engine(desk, Preparer(crm, PolicyRules(opened[0]), desk.references)).carry_out(writes, 0)
    assert [call.record_id for call in crm.calls] == ["con-2"]
    assert [each.why for each in report.waiting] == ["the mode is review_everything"]


def test_value_that_is_no_json_stops_no_run(opened, clock):
    """SYN-4: a number that is none, as some CRMs hold it, is that record's trouble and nobody else's."""
    sealed(*opened, [change(1, "score", 5), change(2, "title", "B")])
    crm = crm_with([("contact", "con-1", {"score": float("nan")}), ("contact", "con-2", {})], clock=clock)
    assert apply(opened, crm).outcomes == {"conflict": 1, "written": 1}


def test_write_that_went_through_at_the_second_try_counts_once(opened, clock):
    """SYN-2: the report tells how each write ended, not how often it was looked up."""
    sealed(*opened, [change(1, "title", "A")])
    crm = crm_with([("contact", "con-1", {})], clock=clock, script=deque(["unknown_not"]))
    report = apply(opened, crm)
    assert report.outcomes == {"written": 1}
    assert list(report.lines()) == ["      1 written"]
    assert [end.outcome for end in settled(opened[1])] == ["voided", "written"]
