"""Values that a person writes instead: the same format, picklist and lock as for anybody."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from wb_pipeline.ledger.kinds_review import ItemDecided
from wb_pipeline.review.approved import judge_approvals
from wb_pipeline_tests.ledger.factories import CLOCK
from wb_pipeline_tests.review.factories import create, decided, desk_at, merge, queue, take_crm, update


@pytest.mark.parametrize(
    ("proposal", "edits", "message"),
    [
        (update("phone", "+13035550199"), {"phone": "call me"}, "phone: a phone number with its country code"),
        (update("title", "VP IT"), {"title": "VP\u202eTI"}, "title: the text holds control"),
        (update("title", "VP IT"), {"title": ["VP IT"]}, "title: one plain value"),
        (update("title", "VP IT"), {"phone": "+13035550199"}, "phone: it is no field of this item"),
        (
            update("stage", "negotiation", object="deal", record_id="deal-1"),
            {"stage": "no such stage"},
            "stage: the value is not",
        ),
        (update("email_opt_out", True), {"email_opt_out": False}, "email_opt_out: what a person wants"),
        (update("created_at", "2026-01-01"), {"created_at": "2026-01-02"}, "created_at: "),
        (update("no_such_field", 1), {"no_such_field": 2}, "no_such_field: the policy does not grant"),
    ],
)
def test_edit_that_does_not_fit_is_refused(tmp_path: Path, proposal: Any, edits: Any, message: str) -> None:
    """RVW-3: an edited value passes the gates for format, picklist and lock; nothing is decided otherwise."""
    home, ledger = queue(tmp_path, proposal)
    desk = desk_at(home, ledger)
    outcome = decided(desk, desk.items()[0], edits=edits)
    assert outcome.code == "bad_edit"
    assert outcome.message.startswith(message)
    assert ledger.events(ItemDecided.kind) == []


def test_edited_value_is_written_in_normal_form_and_kept_beside_the_chain(tmp_path: Path) -> None:
    """RVW-3, FLD-8, AUD-6: the ledger cites the value by a salted digest; what is written is its normal form."""
    home, ledger = queue(tmp_path, update("phone", "+13035550199", record_id="con-2"))
    desk = desk_at(home, ledger)
    [item] = desk.items()
    assert decided(desk, item, edits={"phone": "+1 (303) 555-0147"}).is_done
    [event] = ledger.events(ItemDecided.kind)
    assert "5550147" not in str(event.payload)
    assert ledger.kept([event.payload["edited_digest"]])[event.payload["edited_digest"]] == '{"phone":"+13035550147"}'
    [field] = desk.item(item.item_id).fields
    assert (field.new_value, field.proposed_value, field.is_edited) == ('"+13035550147"', '"+13035550199"', True)
    [change] = judge_approvals(home, ledger, CLOCK).standing
    assert [each.value for each in change.fields] == ['"+13035550147"']


def test_edit_of_one_field_leaves_the_others_as_proposed(tmp_path: Path) -> None:
    """RVW-1: what is made as a whole is edited field by field; a field that it needs cannot be emptied."""
    home, ledger = queue(tmp_path, create("company", {"name": "Oakhurst", "domain": "oakhurst.example"}))
    desk = desk_at(home, ledger)
    [item] = desk.items()
    assert decided(desk, item, edits={"name": ""}).code == "bad_edit"
    assert decided(desk, item, edits={"name": "Oakhurst College"}).is_done
    [change] = judge_approvals(home, ledger, CLOCK).standing
    values = {each.field: each.value for each in change.fields}
    assert values == {"name": '"Oakhurst College"', "domain": '"oakhurst.example"'}


def test_field_that_is_not_written_cannot_be_edited(tmp_path: Path) -> None:
    """RVW-3: a field that was denied travels with its proposal, and no edit brings it back."""
    rows = create("company", {"name": "Oakhurst", "domain": "oakhurst.example"})
    rows[2]["lane"] = "deny"
    home, ledger = queue(tmp_path, rows)
    desk = desk_at(home, ledger)
    [item] = desk.items()
    assert decided(desk, item, edits={"domain": "other.example"}).code == "bad_edit"
    assert decided(desk, item).is_done
    [change] = judge_approvals(home, ledger, CLOCK).standing
    assert [each.field for each in change.fields] == ["name"]


def test_only_an_approval_can_edit_and_a_merge_has_nothing_to_edit(tmp_path: Path) -> None:
    """RVW-3: values are edited where there are any."""
    home, ledger = queue(tmp_path, update(), merge())
    desk = desk_at(home, ledger)
    change, joined = sorted(desk.items(), key=lambda item: item.line_number)
    assert decided(desk, change, "reject", edits={"title": "CTO"}).code == "edits_nothing"
    assert decided(desk, joined, edits={"survivor": "com-2"}).code == "bad_edit"


def test_second_person_sees_and_approves_what_the_first_one_wrote(tmp_path: Path) -> None:
    """RVW-2, RVW-5: an edit between two approvals starts them anew; a binding from before it is refused."""
    opt_out = "gate_policy__opt_out_undone"
    objections = f'[{{"gate":"{opt_out}","verdict":"review","reason":"opt_out_undone","details":{{}}}}]'
    home, ledger = queue(tmp_path, update(objections=objections))
    desk = desk_at(home, ledger)
    [seen] = desk.items()
    assert decided(desk, seen, by="u-ops-1", edits={"title": "CTO"}).code == "decided_once"
    assert decided(desk, seen, by="u-sales-1").code == "changed"
    [once] = desk.items()
    assert once.fields[0].new_value == '"CTO"'
    assert decided(desk, once, by="u-sales-1", edits={"title": "CIO"}).code == "decided_once"
    [again] = desk.items()
    assert decided(desk, again, by="u-ops-1").code == "decided"
    [change] = judge_approvals(home, ledger, CLOCK).standing
    assert (change.fields[0].value, change.approved_by) == ('"CIO"', ("u-sales-1", "u-ops-1"))


@pytest.mark.parametrize(
    ("edited", "words"),
    [
        ("com-9", "company_id: the CRM has no company 'com-9'"),
        ("con-1", "company_id: the CRM has no company 'con-1'"),
        ("com-2", "company_id: the company 'com-2' is archived"),
        ("com-1", ""),
    ],
)
def test_edited_reference_points_to_a_live_record_of_the_right_object(tmp_path: Path, edited: str, words: str) -> None:
    """IDN-9, RVW-3: an id that a person writes is looked up in the latest snapshot like a proposed one."""
    home, ledger = queue(tmp_path, create("contact", {"last_name": "Ruiz", "company_id": "com-3"}))
    take_crm(home, ledger, tmp_path, archived=["com-2"])
    desk = desk_at(home, ledger)
    outcome = decided(desk, desk.items()[0], edits={"company_id": edited})
    assert (outcome.code, outcome.message.startswith(words)) == ("bad_edit" if words else "decided", True)
    assert bool(ledger.events(ItemDecided.kind)) is not bool(words)
