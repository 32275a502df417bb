"""Taking writes back on a CRM in memory: old values, what somebody changed since, what cannot be taken back (AUD-4)."""

from __future__ import annotations

from collections import deque

import pytest

from wb_pipeline.apply.show import undo_lines, undone_lines
from wb_pipeline.apply.undo import undo_preview
from wb_pipeline.apply.undo_selection import Selection
from wb_pipeline.ledger.kinds import payload_of
from wb_pipeline.ledger.kinds_writes import WritePlanned
from wb_pipeline.ledger.modes import switch_mode
from wb_pipeline.paths import default_policy_file
from wb_pipeline_tests.apply.factories import applied, change, made
from wb_pipeline_tests.apply.memory_crm import QUICK, KilledError, crm_with
from wb_pipeline_tests.apply.taking_back import ALL, take_back, values, written
from wb_pipeline_tests.review.factories import use_policy


def test_old_values_go_back_and_the_undo_is_on_the_books(opened, clock):
    """AUD-4: an undo goes through the outbox in a person's name, and says what it takes back."""
    crm = crm_with([("contact", "con-1", {"title": "Head of IT"})], clock=clock)
    written(opened, crm, [change(1, "title", "VP IT", "Head of IT"), change(1, "phone", "+4420", ordinal=2)])
    [first] = opened[1].events(WritePlanned.kind)
    assert take_back(opened, crm).report.outcomes == {"written": 1}
    assert values(crm) == {"title": "Head of IT"}
    assert crm.fields("contact", "con-1")["ai_writeback_confidence"] is None
    last = opened[1].events(WritePlanned.kind)[-1]
    planned = payload_of(last, WritePlanned)
    assert (planned.action, planned.undoes, last.recorded_by) == ("undo", first.subject, "u-ops-1")
    assert crm.calls[-1].by == "user:u-ops-1"


def test_field_that_somebody_changed_since_stays(opened, clock):
    """AUD-4: each field by itself, held against what we wrote: another value stays and is listed."""
    crm = crm_with([("contact", "con-1", {"title": "Head of IT"})], clock=clock)
    written(opened, crm, [change(1, "title", "VP IT", "Head of IT"), change(1, "phone", "+4420", ordinal=2)])
    crm.put("contact", "con-1", title="CIO")
    lines = list(undo_lines(undo_preview(*opened, crm, ALL, by="u-ops-1", reason="wrong")))
    assert any("title" in line and "would stay" in line for line in lines)
    done = take_back(opened, crm)
    assert values(crm) == {"title": "CIO"}
    assert done.report.outcomes == {"conflict": 1, "written": 1}
    assert any("stays as it is" in line for line in undone_lines(done))


def test_value_set_between_write_and_reading_back_stays(opened, clock):
    """AUD-4: what counts is what we wrote, not what was read back: that may be somebody else's already."""
    crm = crm_with([("contact", "con-1", {"title": "Head of IT"})], clock=clock)
    real = crm.write_many

    def followed_by_a_person(calls):
        answers = real(calls)
        crm.put("contact", "con-1", title="CIO")
        return answers

    crm.write_many = followed_by_a_person
    written(opened, crm, [change(1, "title", "VP IT", "Head of IT")])
    crm.write_many = real
    take_back(opened, crm)
    assert values(crm) == {"title": "CIO"}


def test_writes_on_one_record_are_taken_back_the_latest_first(opened, clock):
    """AUD-4: a chain of writes ends where it began, and the record that was made under it is archived."""
    crm = crm_with([("contact", "con-1", {"title": "A"})], clock=clock)
    written(opened, crm, [change(1, "title", "B", "A")], "one")
    written(opened, crm, [change(1, "title", "C", "B")], "two")
    found = undo_preview(*opened, crm, ALL, by="u-ops-1", reason="wrong")
    assert [each.state for each in found.prepared] == ["send", "send"]
    take_back(opened, crm)
    assert values(crm) == {"title": "A"}


def test_only_the_earlier_write_cannot_be_taken_back(opened, clock):
    """AUD-4: a later write of ours on the field is a change since, too."""
    crm = crm_with([("contact", "con-1", {"title": "A"})], clock=clock)
    first = written(opened, crm, [change(1, "title", "B", "A")], "one")
    written(opened, crm, [change(1, "title", "C", "B")], "two")
    done = take_back(opened, crm, Selection(batch_key=first))
    assert (done.report.outcomes, [each.field for each in done.left]) == ({}, ["title"])
    assert values(crm) == {"title": "C"}


def test_later_write_of_the_same_value_stays(opened, clock):
    """AUD-4: somebody took it back by hand and another agent wrote it again: that is another write, and stays."""
    crm = crm_with([("contact", "con-1", {"title": "A"})], clock=clock)
    first = written(opened, crm, [change(1, "title", "B", "A")], "one")
    crm.put("contact", "con-1", title="A")
    written(opened, crm, [change(1, "title", "B", "A", actor_id="agent-2")], "two")
    done = take_back(opened, crm, Selection(batch_key=first))
    assert [each.why for each in done.left] == ["a later write of ours set it again"]
    assert values(crm) == {"title": "B"}
    take_back(opened, crm, Selection(actor_id="agent-2"))
    assert values(crm) == {"title": "A"}


def test_record_that_ours_point_to_is_put_away_after_them(opened, clock):
    """AUD-4: no contact of ours is left pointing to a company that is gone; once they are taken back, it goes too."""
    crm = crm_with([], clock=clock)
    rows = [*made(1, {"name": "Acme"}, object="company"), *made(2, {"last_name": "Ruiz", "company_id": "p-1"})]
    written(opened, crm, rows)
    key = next(call.key for call in crm.calls if call.object == "company")
    alone = take_back(opened, crm, Selection(write_key=key))
    assert [each.why for each in alone.report.waiting] == [
        "contact-new-1 points to it: take that back, or let it point elsewhere, first"
    ]
    assert not any(record.is_archived for record in crm.records.values())
    preview = undo_preview(*opened, crm, ALL, by="u-ops-1", reason="wrong")
    assert [each.state for each in preview.prepared] == ["send", "send"]
    assert take_back(opened, crm).report.outcomes == {"written": 2}
    assert all(record.is_archived for record in crm.records.values())


@pytest.mark.parametrize(
    ("name", "fields"),
    [("contact", {"company_id": "company-new-0"}), ("deal", {"company_id": "company-new-0", "amount": 5})],
)
def test_record_that_people_point_to_stays_until_they_do_not(opened, clock, name, fields):
    """AUD-4: what somebody put under a company of ours would hang in the air: it is listed, the company stays."""
    crm = crm_with([], clock=clock)
    written(opened, crm, made(1, {"name": "Acme", "domain": "acme.example"}, object="company"))
    crm.put(name, "by-hand", **fields)
    crm.put("contact", "elsewhere", company_id="com-9")
    lines = list(undo_lines(undo_preview(*opened, crm, ALL, by="u-ops-1", reason="wrong")))
    assert any("by-hand points to it" in line for line in lines)
    done = take_back(opened, crm)
    assert [each.why for each in done.report.waiting] == [
        "by-hand points to it: take that back, or let it point elsewhere, first"
    ]
    assert not crm.records["company", "company-new-0"].is_archived
    crm.put(name, "by-hand", company_id="com-9")
    assert take_back(opened, crm).report.outcomes == {"written": 1}
    assert crm.records["company", "company-new-0"].is_archived


def test_nothing_is_made_under_a_record_that_was_taken_back(opened, clock):
    """AUD-4: a contact that waited while its company was taken back does not point to what is put away."""
    crm = crm_with([], clock=clock)
    policy_hash = use_policy(*opened, default_policy_file().read_bytes())
    child = made(2, {"last_name": "Ruiz", "company_id": "p-1"}, actor_id="agent-2", policy_hash=policy_hash)
    switch_mode(opened[1], "agent-2", "read_only", by="dana", reason="not yet")
    written(opened, crm, [*made(1, {"name": "Acme"}, object="company"), *child])
    take_back(opened, crm)
    switch_mode(opened[1], "agent-2", "running", by="dana", reason="now")
    [waiting] = applied(opened, crm).waiting
    assert waiting.write.object == "contact"
    assert [record.object for record in crm.records.values()] == ["company"]


def test_what_could_not_be_sent_is_taken_back_later(opened, clock):
    """AUD-4, SYN-4: one field stays for good, the CRM was away for the other: the next undo takes that one back."""
    crm = crm_with([("contact", "con-1", {"title": "Head of IT"})], clock=clock)
    written(opened, crm, [change(1, "title", "VP IT", "Head of IT"), change(1, "phone", "+4420", ordinal=2)])
    crm.put("contact", "con-1", title="CIO")
    crm.script = deque(["unavailable"] * QUICK.tries)
    assert take_back(opened, crm).report.outcomes == {"conflict": 1, "voided": 1}
    assert values(crm) == {"title": "CIO", "phone": "+4420"}
    again = take_back(opened, crm)
    assert again.report.outcomes == {"written": 1}
    assert [(each.field, each.why) for each in again.left] == [
        ("title", "it could not be taken back before: somebody had changed it")
    ]
    assert values(crm) == {"title": "CIO"}


def test_record_that_was_made_is_archived_unless_somebody_touched_it(opened, clock):
    """AUD-4: a record of ours goes when nobody put anything into it."""
    crm = crm_with([], clock=clock)
    written(opened, crm, [*made(1, {"email": "a@b.example"}), *made(2, {"email": "c@d.example"})])
    first, second = [each.record_id for each in crm.records.values()]
    crm.put("contact", second, phone="+4420")
    assert take_back(opened, crm).report.outcomes == {"written": 1, "conflict": 1}
    assert crm.records["contact", first].is_archived
    assert not crm.records["contact", second].is_archived


def test_what_cannot_be_taken_back_is_listed(opened, clock):
    """AUD-4, HIA-2: started sequences, merges and opt-outs stay, and the list says so."""
    crm = crm_with([("contact", f"con-{number}", {}) for number in range(1, 5)], clock=clock)
    rows = [
        change(1, None, {"workflow_id": "wf-1"}, action="trigger"),
        change(2, None, {"survivor": "con-2", "loser": "con-3"}, action="merge"),
        change(4, "email_opt_out", True),
        change(4, "title", "CFO", ordinal=2),
    ]
    written(opened, crm, rows)
    done = take_back(opened, crm)
    assert sorted(each.why for each in done.left) == [
        "a merge cannot be undone",
        "a sequence that was started cannot be called back: mail may have left",
        "an opt-out is never taken back",
    ]
    assert values(crm, "con-4") == {"email_opt_out": True}


def test_record_that_carries_an_opt_out_is_not_put_away(opened, clock):
    """HIA-2: taking back a create must not take an opt-out along."""
    crm = crm_with([], clock=clock)
    written(opened, crm, made(1, {"email": "a@b.example", "do_not_contact": True}))
    assert [each.why for each in take_back(opened, crm).left] == ["an opt-out is never taken back"]
    assert not any(record.is_archived for record in crm.records.values())


def test_dry_run_writes_nothing(opened, clock):
    """AUD-4: the dry run shows what would go back, and touches neither books nor CRM."""
    crm = crm_with([("contact", "con-1", {})], clock=clock)
    written(opened, crm, [change(1, "title", "VP IT")])
    head, calls = opened[1].head(), len(crm.calls)
    lines = list(undo_lines(undo_preview(*opened, crm, ALL, by="u-ops-1", reason="wrong")))
    assert '    title: "VP IT" -> (empty)' in lines
    assert (opened[1].head(), len(crm.calls)) == (head, calls)


@pytest.mark.parametrize("answer", ["unknown_done", "late", "unknown_not", "throttled"])
def test_undo_takes_effect_once_whatever_the_crm_answers(opened, clock, answer):
    """SYN-2: an undo is a write like any other."""
    crm = crm_with([("contact", "con-1", {"title": "A"})], clock=clock)
    written(opened, crm, [change(1, "title", "B", "A")])
    crm.script = deque([answer])
    take_back(opened, crm)
    assert values(crm) == {"title": "A"}
    assert set(crm.effects.values()) == {1}


def test_undo_that_died_is_settled_by_the_next_run(opened, clock):
    """OPS-4: a killed undo is looked up like any write, also by `wb apply`."""
    crm = crm_with([("contact", "con-1", {"title": "A"})], clock=clock)
    written(opened, crm, [change(1, "title", "B", "A")])
    crm.script = deque(["dies_after"])
    with pytest.raises(KilledError):
        take_back(opened, crm)
    applied(opened, crm)
    assert take_back(opened, crm).left[0].why == "it was taken back before"
    assert values(crm) == {"title": "A"}
    assert set(crm.effects.values()) == {1}
