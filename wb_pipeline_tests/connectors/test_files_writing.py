"""Writing to a folder of CRM files: each call's effect, and what a crash or a full disk leaves."""

from __future__ import annotations

import json
import os
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from wb_pipeline.connectors.files_writing import WritableFiles
from wb_pipeline.connectors.writing import KEY_FIELD, Conflict, CrmAnswer, OutcomeUnknown, Refused, Unavailable
from wb_pipeline_tests.connectors.crm_folder import (
    ProcessDiedError,
    call,
    contents,
    done,
    dying,
    odd_folder,
    only,
    pulled,
    record_in,
    row,
    write_rows,
)

MERGE = call("merge", "com-1", object="company", fields={"name": "Acme"}, loser_id="com-2", key="m-1")


def test_update_changes_its_row_and_no_other_byte(crm: Path) -> None:
    """SYN-1: new value, last writer, history, time and key stand in the row; every other row is what it was."""
    before = contents(crm)
    done(crm, call("update", "con-1", fields={"title": "Chair"}, expected={"title": "CTO", "phone": None}))
    after = contents(crm)
    lines, old_lines = after["contacts.jsonl"].split(b"\n"), before["contacts.jsonl"].split(b"\n")
    assert lines[1:] == old_lines[1:]
    assert lines[0].endswith(b"}\r")
    assert {name: data for name, data in after.items() if name != "contacts.jsonl"} == {
        name: data for name, data in before.items() if name != "contacts.jsonl"
    }
    at = "2026-03-02T09:00:00.000000Z"
    assert json.loads(lines[0]) == {
        "object": "contact", "id": "con-1", "tag": {"kept": 1}, "updated_at": at,
        "fields": {"title": "Chair", "company_id": "com-2", KEY_FIELD: "key-1"},
        "meta": {"title": {"by": "agent:a-1", "at": at}},
        "history": [{"field": "title", "old": "CTO", "new": "Chair", "by": "agent:a-1", "at": at}],
    }  # fmt: skip


def test_update_rewrites_an_element_of_an_array(crm: Path) -> None:
    """SYN-1: a JSON array stays one, with its other elements as they were."""
    before = (crm / "sub" / "companies.json").read_text()
    done(crm, call("update", "com-2", object="company", fields={"name": "Acme Incorporated"}))
    done(crm, call("create", object="company", fields={"name": "Borealis"}, key="c-1"))
    text = (crm / "sub" / "companies.json").read_text()
    assert text.startswith(before[: before.index("com-2") - 60])
    assert [each["fields"]["name"] for each in json.loads(text)] == ["Acme", "Acme Incorporated", "Borealis"]


def test_update_of_a_value_that_moved_is_a_conflict_and_the_rest_of_the_batch_goes_on(crm: Path) -> None:
    """SYN-3, SYN-4: each call is compared with what stands there when it is carried out, and answered by itself."""
    answers = WritableFiles(crm).write_many([
        call("update", "con-1", fields={"title": "A"}, expected={"title": "something else"}, key="1"),
        call("update", "con-9", fields={"title": "B"}, key="2"),
        call("update", "con-2", fields={"title": "C"}, expected={"title": "VP"}, key="3"),
        call("update", "con-2", fields={"title": "D"}, expected={"title": "VP"}, key="4"),
    ])  # fmt: skip
    assert [type(answer) for answer in answers] == [Conflict, Refused, CrmAnswer, Conflict]
    read = WritableFiles(crm).read("contact", ["con-1", "con-2", "con-9"])
    assert {key: each.fields["title"] for key, each in read.items()} == {"con-1": "CTO", "con-2": "C"}


def test_call_sent_again_is_not_carried_out_again(crm: Path) -> None:
    """SYN-2: the key in the record tells: an update, a create, an enrolment or a merge happens once."""
    update = call("update", "con-1", fields={"title": "Chair"}, expected={"title": "CTO"})
    create = call("create", fields={"email": "a@b.example"}, key="key-2")
    enroll = call("enroll", object="enrollment", fields={"workflow_id": "wf-1"}, key="key-3")
    archive = call("archive", "con-2", key="key-4")
    first = done(crm, update, create, enroll, archive, MERGE)
    standing = contents(crm)
    second = done(crm, update, create, enroll, archive, MERGE)
    assert [answer.record_id for answer in first] == [answer.record_id for answer in second]
    assert contents(crm) == standing


def test_created_record_lies_with_its_kind_and_is_found_by_its_key(crm: Path) -> None:
    """SYN-2: a create goes to the file where its object lives, else to one named after it."""
    contact, activity = done(
        crm,
        call("create", fields={"email": "a@b.example", "title": None}, key="key-1"),
        call("create", object="activity", fields={"type": "note"}, key="key-2"),
    )
    made = record_in(crm / "contacts.jsonl", contact.record_id)
    assert made["fields"] == {"email": "a@b.example", KEY_FIELD: "key-1"}
    assert made["meta"]["email"]["by"] == "agent:a-1"
    assert record_in(crm / "activities.jsonl", activity.record_id)["object"] == "activity"
    reopened = WritableFiles(crm)
    assert reopened.find_by_key("contact", ["key-1", "key-2"]) == {"key-1": contact.record_id}
    assert reopened.find_by_key("activity", ["key-2"]) == {"key-2": activity.record_id}
    assert {"con-1", "con-2", "con-3", contact.record_id} <= set(pulled(crm))


def test_merge_archives_the_loser_and_moves_what_pointed_to_it(crm: Path) -> None:
    """SYN-1: the survivor has the surviving values, the loser says where it went, references follow."""
    done(crm, MERGE)
    read = WritableFiles(crm).read("company", ["com-1", "com-2"])
    assert read["com-2"].is_archived
    assert read["com-2"].merged_into == "com-1"
    assert not read["com-1"].is_archived
    assert record_in(crm / "contacts.jsonl", "con-1")["fields"]["company_id"] == "com-1"
    assert record_in(crm / "deals.jsonl", "deal-1")["fields"]["company_id"] == "com-1"
    assert KEY_FIELD not in record_in(crm / "deals.jsonl", "deal-1")["fields"]
    later = call("update", "com-2", object="company", fields={"name": "x"}, key="later")
    answer = only(crm, later)
    assert isinstance(answer, Conflict)
    assert "merged into com-1" in answer.text


def test_merge_killed_at_any_step_is_finished_or_never_begun(tmp_path: Path) -> None:
    """OPS-4: whatever durable operation was the last one, the next reader sees all of the merge or nothing of it."""
    untouched, seen = pulled(odd_folder(tmp_path)), []
    for step in count(1):
        crm = odd_folder(tmp_path / str(step))
        if is_done_before(step, crm):
            break
        seen.append(pulled(crm))
        done(crm, MERGE)
        assert pulled(crm)["com-1"][KEY_FIELD] == "m-1"
        assert [path.name for path in crm.rglob(".*") if path.name != ".wb-writes.lock"] == []
    begun = [fields for fields in seen if KEY_FIELD in fields["com-1"]]
    merged = pulled(crm)
    assert all(fields == merged for fields in begun)
    assert all(fields == untouched for fields in seen if fields not in begun)
    assert len(begun) > 5
    assert len(begun) < len(seen)


def is_done_before(step: int, crm: Path) -> bool:
    """Merge, but die at a durable operation; return whether there were fewer of them."""
    with dying(step):
        try:
            done(crm, MERGE)
        except ProcessDiedError:
            return False
    return True


def test_edit_between_a_crash_and_its_mending_is_not_lost(crm: Path) -> None:
    """OPS-4, OVW-1: a row that a person changed meanwhile stays theirs; the rest of the merge is finished."""
    with dying(9), pytest.raises(ProcessDiedError):
        WritableFiles(crm).write_many([MERGE])
    assert (crm / ".wb-writes.journal").exists()
    deals = crm / "deals.jsonl"
    deals.write_text(json.dumps(row("deal", "deal-1", fields={"company_id": "com-7"})) + "\n")
    assert pulled(crm)["deal-1"]["company_id"] == "com-7"
    assert pulled(crm)["con-1"]["company_id"] == "com-1"


def test_full_disk_leaves_everything_as_it_was(crm: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """OPS-4: no space before the point of no return: surely not carried out, and it goes through later."""

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    before, writer = contents(crm), WritableFiles(crm)
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        (answer,) = writer.write_many([MERGE])
    assert isinstance(answer, Unavailable)
    assert "No space left" in answer.text
    assert contents(crm) == before
    done(writer, MERGE)


def test_disk_that_fills_up_half_way_is_an_unknown_outcome(crm: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SYN-2, OPS-4: once the journal stands, the merge is not taken back: reading tells that it happened."""
    real, calls = os.replace, []

    def failing(source: Any, target: Any) -> None:
        calls.append(target)
        if len(calls) == 3:
            raise OSError(28, "No space left on device")
        real(source, target)

    writer = WritableFiles(crm)
    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", failing)
        (answer,) = writer.write_many([MERGE])
    assert isinstance(answer, OutcomeUnknown)
    assert writer.read("company", ["com-2"])["com-2"].merged_into == "com-1"
    assert pulled(crm)["deal-1"]["company_id"] == "com-1"


def test_single_file_is_a_crm_too(tmp_path: Path) -> None:
    """SYN-1: a file stands for a folder with that file; new records go into it."""
    path = tmp_path / "all.jsonl"
    write_rows(
        path, row("company", "com-1"), row("company", "com-2"), row("deal", "d-1", fields={"company_id": "com-2"})
    )
    path.chmod(0o640)
    done(path, MERGE, call("create", fields={"email": "a@b.example"}, key="c"))
    assert record_in(path, "d-1")["fields"]["company_id"] == "com-1"
    assert len(path.read_text().splitlines()) == 4
    assert path.stat().st_mode & 0o777 == 0o640
