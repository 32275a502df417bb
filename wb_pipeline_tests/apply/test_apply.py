"""One run of writing on a CRM in memory: each write once, conflicts back to a person, everything on the books."""

from __future__ import annotations

import json
from collections import deque
from typing import Any

import pyarrow.parquet as pq
import pytest

from wb_pipeline.apply.outbox import MOST_RUNS
from wb_pipeline.apply.report import ApplyReport
from wb_pipeline.apply.run import apply_approved, preview
from wb_pipeline.apply.show import differences
from wb_pipeline.connectors.writing import KEY_FIELD
from wb_pipeline.errors import InputError
from wb_pipeline.home import Home
from wb_pipeline.ledger.kinds import payload_of
from wb_pipeline.ledger.kinds_review import ItemReturned
from wb_pipeline.ledger.kinds_writes import WritePlanned, WriteSettled
from wb_pipeline.ledger.modes import switch_mode
from wb_pipeline.ledger.store import Ledger
from wb_pipeline_tests.apply.factories import books, change, made, sealed
from wb_pipeline_tests.apply.memory_crm import QUICK, KilledError, MemoryCrm, StillClock, crm_with


@pytest.fixture
def clock() -> StillClock:
    """Return a clock that moves only when somebody waits."""
    return StillClock()


@pytest.fixture
def opened(tmp_path, clock) -> tuple[Home, Ledger]:
    """Return empty books on that clock."""
    return books(tmp_path, clock)


def apply(opened: tuple[Home, Ledger], crm: MemoryCrm) -> ApplyReport:
    """Run once."""
    return apply_approved(*opened, crm, crm.clock.now(), limits=QUICK, timing=crm.clock.timing)


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


def test_records_come_before_what_points_to_them(opened, clock):
    """SYN-2: a contact that names its company by the proposal that makes it gets the new record's id."""
    contact = made(1, {"email": "ana@acme.example", "company_id": "p-2"})
    sealed(*opened, [*contact, *made(2, {"name": "Acme"}, object="company")])
    crm = crm_with([], clock=clock)
    apply(opened, crm)
    assert [call.object for call in crm.calls] == ["company", "contact"]
    [company] = [each.record_id for each in crm.records.values() if each.object == "company"]
    assert crm.calls[1].fields["company_id"] == company


def test_suggestion_goes_to_its_own_field(opened, clock):
    """CNF-1: a suggestion leaves the real field alone, and is stale once that field changed."""
    options = {"lane": "suggest", "suggestion_field": "ai_suggested_title"}
    sealed(*opened, [change(n, "title", "VP IT", "Head of IT", **options) for n in (1, 2)])
    crm = crm_with([("contact", "con-1", {"title": "Head of IT"}), ("contact", "con-2", {"title": "CEO"})], clock=clock)
    assert apply(opened, crm).outcomes == {"written": 1, "conflict": 1}
    assert crm.fields("contact", "con-1")["title"] == "Head of IT"
    assert crm.fields("contact", "con-1")["ai_suggested_title"] == "VP IT"
    assert crm.fields("contact", "con-2") == {"title": "CEO"}


def test_lowest_standing_confidence_is_on_the_record(opened, clock):
    """CNF-2: the record shows the lowest confidence of what still stands of ours, and each field's beside it."""
    sealed(*opened, [change(1, "title", "VP IT", effective_confidence=82.0)], "first")
    crm = crm_with([("contact", "con-1", {})], clock=clock)
    apply(opened, crm)
    sealed(*opened, [change(1, "phone", "+4420", effective_confidence=95.0)], "second")
    apply(opened, crm)
    fields = crm.fields("contact", "con-1")
    assert fields["ai_writeback_confidence"] == 82.0
    told = {name: entry["confidence"] for name, entry in json.loads(fields["ai_writeback_fields"]).items()}
    assert told == {"phone": 95.0, "title": 82.0}
    crm.put("contact", "con-1", title="Somebody's own words")
    sealed(*opened, [change(1, "persona", "champion", effective_confidence=90.0)], "third")
    apply(opened, crm)
    assert crm.fields("contact", "con-1")["ai_writeback_confidence"] == 90.0


def test_note_without_evidence_is_marked_on_the_record(opened, clock):
    """EVD-8: a note that nothing shows is logged as unverified, whatever its agent says."""
    options = {"action": "log", "object": "activity", "evidence": "[]", "labels": '["unverified"]'}
    sealed(*opened, made(1, {"activity_type": "note", "body": "Budget approved."}, **options))
    crm = crm_with([], clock=clock)
    apply(opened, crm)
    [note] = crm.records.values()
    assert (note.fields["type"], note.fields["verified"]) == ("note", False)
    assert note.fields["ai_writeback_labels"] == "unverified"


def test_append_adds_to_what_stands(opened, clock):
    """OVW-1: an addition keeps what others added meanwhile, and is no addition once its base is gone."""
    rows = [change(n, "tags", ["new"], ["old"], operation="append", object="company") for n in (1, 2)]
    sealed(*opened, rows)
    records = [("company", "con-1", {"tags": ["old", "theirs"]}), ("company", "con-2", {"tags": ["other"]})]
    crm = crm_with(records, clock=clock)
    assert apply(opened, crm).outcomes == {"written": 1, "conflict": 1}
    assert crm.fields("company", "con-1")["tags"] == ["old", "theirs", "new"]


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


def test_sequence_is_not_started_for_who_opted_out_since(opened, clock):
    """TRG-1: an approved start is void once the person asked not to be contacted."""
    payload = {"workflow_id": "wf-1", "params": {"wave": 2}}
    sealed(*opened, [change(n, None, payload, action="trigger") for n in (1, 2)])
    crm = crm_with([("contact", "con-1", {}), ("contact", "con-2", {"email_opt_out": True})], clock=clock)
    assert apply(opened, crm).outcomes == {"written": 1, "conflict": 1}
    [call] = crm.calls
    assert (call.action, call.object, call.fields["contact_id"]) == ("enroll", "enrollment", "con-1")


def test_merge_keeps_what_only_one_of_them_knows(opened, clock):
    """IDN-10, HIA-2: the survivor takes over what it lacks, and an opt-out of either; merges come last."""
    merging = change(1, None, {"survivor": "con-1", "loser": "con-2"}, action="merge")
    sealed(*opened, [merging, change(2, "title", "CFO", "CEO")])
    loser = {"title": "CEO", "phone": "+4420", "email_opt_out": True}
    crm = crm_with([("contact", "con-1", {"email_opt_out": False}), ("contact", "con-2", loser)], clock=clock)
    assert apply(opened, crm).outcomes == {"written": 2}
    assert [call.action for call in crm.calls] == ["update", "merge"]
    fields = crm.fields("contact", "con-1")
    assert (fields["phone"], fields["email_opt_out"], fields["title"]) == ("+4420", True, "CFO")
    assert crm.records["contact", "con-2"].merged_into == "con-1"


def test_receipts_are_published_and_no_cell_is_a_formula(opened, clock):
    """SYN-4, AUD-1: every settled write is a row; a spreadsheet takes none of its cells for a formula."""
    sealed(*opened, [change(1, "title", "VP IT", "Head of IT", actor_id="=cmd()")])
    apply(opened, crm_with([("contact", "con-1", {"title": "Head of IT"})], clock=clock))
    folder = opened[0].published / "writes"
    [row] = pq.read_table(folder / "write_receipts.parquet").to_pylist()
    assert (row["outcome"], row["old_values"], row["actor_id"]) == ("written", '{"title":"Head of IT"}', "=cmd()")
    assert ",'=cmd()," in (folder / "write_receipts.csv").read_text(encoding="utf-8")
