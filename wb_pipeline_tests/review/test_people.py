"""Who may decide: rights, amounts, deputies, owners; never agents, never one's own proposals."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from wb_pipeline.ledger.kinds_review import ItemDecided
from wb_pipeline.ledger.sealed_changes import sealed_changes
from wb_pipeline.review.model import Decision
from wb_pipeline.review.people import is_same_person
from wb_pipeline_tests.ledger.factories import CLOCK
from wb_pipeline_tests.ledger.people import give_back, plan_write, settle_write
from wb_pipeline_tests.review.factories import (
    create,
    decided,
    desk_at,
    merge,
    queue,
    seal_proposals,
    suggestion,
    take_crm,
    update,
)


@pytest.mark.parametrize(
    ("by", "code"),
    [
        ("", "no_name"),
        ("   ", "no_name"),
        ("u-nobody", "no_reviewer"),
        ("U-OPS-1", "no_reviewer"),
        ("agent-sales-1", "no_person"),
        ("agent_sales_1", "no_person"),
        ("аgent-sales-1", "no_person"),  # noqa: RUF001 - a Cyrillic letter
        ("agent-sales-\u200b1", "no_person"),
        ("integration-forms-1", "no_person"),
    ],
)
def test_nobody_but_a_named_reviewer_decides(tmp_path: Path, by: str, code: str) -> None:
    """RVW-1, RVW-5: a decision needs a named reviewer; an agent or integration decides nothing, however it is spelt."""
    home, ledger = queue(tmp_path)
    desk = desk_at(home, ledger)
    for verb in ("approve", "reject"):
        assert decided(desk, desk.items()[0], verb, by=by).code == code
    assert ledger.events(ItemDecided.kind) == []


@pytest.mark.parametrize("actor", ["u-ops-1", "U_Ops-1", "u-ορѕ-1"])  # noqa: RUF001 - Greek and Cyrillic letters
def test_nobody_approves_their_own_proposal(tmp_path: Path, actor: str) -> None:
    """RVW-5: whoever proposed it may take it back, but somebody else approves it."""
    home, ledger = queue(tmp_path, update(actor_id=actor, actor_type="user"))
    desk = desk_at(home, ledger)
    [item] = desk.items()
    assert decided(desk, item, by="u-ops-1").code == "own_proposal"
    assert decided(desk, item, "reject", by="u-ops-1", reason_code="not_now").is_done


def test_ids_that_people_read_alike_are_one_person() -> None:
    """RVW-5: case, separators and look-alike letters make no second person."""
    assert is_same_person("u-ops-1", "U_OPS_1")
    assert is_same_person("u-ops-1", "u-0ps-l")
    assert not is_same_person("u-ops-1", "u-ops-2")


def test_rights_reach_objects_fields_and_amounts(tmp_path: Path) -> None:
    """RVW-5: u-sales-1 may approve deals up to 50,000, as they stand and as they would be, in any currency."""
    small, large, grown, foreign, unknown = (
        update("stage", "negotiation", object="deal", record_id="deal-1"),
        update("stage", "negotiation", object="deal", record_id="deal-2"),
        update("amount", 60_000, object="deal", record_id="deal-1", old=48_000),
        update("currency", "XYZ", object="deal", record_id="deal-1", old="USD"),
        update("stage", "negotiation", object="deal", record_id="deal-99"),
    )
    home, ledger = queue(tmp_path, small, large, grown, foreign, unknown)
    desk = desk_at(home, ledger)
    items = sorted(desk.items(), key=lambda item: item.line_number)
    codes = [decided(desk, item, by="u-sales-1").code for item in items]
    assert codes == ["decided", "no_right", "no_right", "no_right", "no_right"]
    assert all(decided(desk, item, by="u-ops-1").is_done for item in items[1:])


def test_edited_amount_cannot_dodge_the_limit(tmp_path: Path) -> None:
    """RVW-3, RVW-5: neither a larger amount nor a dearer currency passes a reviewer's limit by an edit."""
    home, ledger = queue(tmp_path, create("deal", {"name": "New stores", "amount": 49_000, "currency": "USD"}))
    desk = desk_at(home, ledger)
    [item] = desk.items()
    for amount in (50_001, "a lot", -60_000):
        assert decided(desk, item, by="u-sales-1", edits={"amount": amount}).code == "no_right"
    assert decided(desk, item, by="u-sales-1", edits={"currency": "XYZ"}).code == "no_right"
    assert decided(desk, item, by="u-sales-1", edits={"amount": 45_000}).is_done


def test_automatic_change_that_is_not_in_the_snapshot_counts_towards_the_limit(tmp_path: Path) -> None:
    """RVW-5, HIA-3: what an agent may write by itself raises the deal that a person decides on, until it is known."""
    stage = update("stage", "negotiation", object="deal", record_id="deal-1")
    amount = update("amount", 60_000, object="deal", record_id="deal-1", old=48_000, lane="auto")
    other = update("amount", 90_000, object="deal", record_id="deal-2", old=400_000, lane="auto")
    home, ledger = queue(tmp_path, stage, other)
    desk = desk_at(home, ledger)
    [item] = desk.items()
    seal_proposals(home, ledger, tmp_path, [amount])
    assert decided(desk, item, by="u-sales-1").code == "no_right"
    automatic = next(each for each in sealed_changes(home, ledger, lanes=["auto"]) if each.row["new_value"] == "60000")
    give_back(ledger, automatic.change_id)
    [again] = [each for each in desk.items() if each.item_id == item.item_id]
    assert decided(desk, again, by="u-sales-1").is_done


@pytest.mark.parametrize("is_pulled_since", [True, False])
def test_automatic_change_that_was_written_counts_until_the_crm_is_pulled(
    tmp_path: Path, *, is_pulled_since: bool
) -> None:
    """RVW-5: once the snapshot shows the deal as it is, it is judged by that."""
    stage = update("stage", "negotiation", object="deal", record_id="deal-1")
    amount = update("amount", 60_000, object="deal", record_id="deal-1", old=48_000, lane="auto")
    home, ledger = queue(tmp_path, stage, amount)
    [automatic] = [each for each in sealed_changes(home, ledger, lanes=["auto"]) if not each.is_action_row]
    settle_write(ledger, plan_write(ledger, automatic.change_id, fields={"amount": 60_000}, object="deal"))
    if is_pulled_since:
        # Somebody took it down again.
        take_crm(home, ledger, tmp_path, {"deal-1": {"amount": 47_000}})
    desk = desk_at(home, ledger)
    [item] = desk.items()
    assert decided(desk, item, by="u-sales-1").is_done is is_pulled_since


@pytest.mark.parametrize("at_once", [True, False])
def test_limit_cannot_be_dodged_by_splitting_a_deal(tmp_path: Path, *, at_once: bool) -> None:
    """RVW-5, HIA-3: an amount in a cheap currency and a dear currency for a small amount are one large deal."""
    amount = update("amount", 1_000_000, object="deal", record_id="deal-1", old=100)
    currency = update("currency", "USD", object="deal", record_id="deal-1", old="JPY")
    home, ledger = queue(tmp_path, amount, currency)
    take_crm(home, ledger, tmp_path, {"deal-1": {"amount": 100, "currency": "JPY"}})
    desk = desk_at(home, ledger)
    items = desk.items()
    decisions = [Decision(item.item_id, "approve", item.binding) for item in items]
    told = desk.decide(decisions, "u-sales-1") if at_once else [decided(desk, item, by="u-sales-1") for item in items]
    assert [each.code for each in told] == ["decided", "no_right"]
    assert decided(desk, items[1], "reject", by="u-sales-1").code == "decided"


def test_deputy_steps_in_once_it_is_overdue(tmp_path: Path) -> None:
    """RVW-5: items have a due time, and after it a deputy with the rights of whom they stand in for."""
    home, ledger = queue(tmp_path, update("stage", "negotiation", object="deal", record_id="deal-2"))
    [item] = desk_at(home, ledger).items()
    assert decided(desk_at(home, ledger), item, by="u-sales-1").code == "no_right"
    late = item.due_at + timedelta(minutes=1)
    assert item.due_at > CLOCK
    assert decided(desk_at(home, ledger, late), item, by="u-sales-1").is_done


def test_owner_accepts_or_dismisses_suggestions_and_nothing_else(tmp_path: Path) -> None:
    """RVW-6: a suggestion is answered by the record's owner or a reviewer, and expires unanswered."""
    owned = {"record_id": "con-2", "owner_id": "u-sales-3"}
    home, ledger = queue(tmp_path, suggestion(**owned), suggestion("title", "COO", **owned), update(**owned))
    desk = desk_at(home, ledger)
    first, second, change = sorted(desk.items(), key=lambda item: item.line_number)
    assert decided(desk, first, by="u-sales-3").code == "wrong_verb"
    assert decided(desk, first, "accept", by="u-sales-2").code == "no_reviewer"
    assert decided(desk, first, "accept", by="u-sales-3").is_done
    assert decided(desk, change, by="u-sales-3").code == "no_reviewer"
    later = desk_at(home, ledger, CLOCK + timedelta(days=30))
    assert later.item(second.item_id).state == "expired"
    assert decided(later, second, "dismiss", by="u-sales-3").code == "expired"
    assert decided(desk, second, "dismiss", by="u-sales-1").is_done


def test_merge_needs_a_second_person_who_is_another_one(tmp_path: Path) -> None:
    """RVW-5, HIA-1: what the policy lists is approved by two people, neither of them twice."""
    home, ledger = queue(tmp_path, merge())
    desk = desk_at(home, ledger)
    [item] = desk.items()
    assert item.needs_second
    assert decided(desk, item, by="u-ops-1").code == "decided_once"
    [once] = desk.items()
    assert once.state == "approved_once"
    assert decided(desk, once, by="u-ops-1").code == "same_person"
    assert decided(desk, once, by="u-sales-1").code == "decided"
    assert desk.items() == []
    assert [event.payload["is_final"] for event in ledger.events(ItemDecided.kind)] == [False, True]
