"""What a run leaves on records: what goes where, in which order, marked how; receipts. On a CRM in memory."""

from __future__ import annotations

import json

import pyarrow.parquet as pq

from wb_pipeline_tests.apply.factories import applied as apply
from wb_pipeline_tests.apply.factories import change, made, sealed
from wb_pipeline_tests.apply.memory_crm import crm_with


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
