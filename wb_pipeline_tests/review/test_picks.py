"""A person picks the record where several could be meant: what they see, what it binds to, what stops it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from wb_pipeline.ledger.kinds_review import ItemDecided, ItemReturned
from wb_pipeline.ledger.sealed_changes import sealed_changes
from wb_pipeline.ledger.store import Ledger
from wb_pipeline.paths import default_policy_file
from wb_pipeline.policy.load import load_policy
from wb_pipeline.review.approved import judge_approvals
from wb_pipeline.review.binding import Seen, binding_of
from wb_pipeline.review.desk import Desk
from wb_pipeline.review.model import Decision, Item
from wb_pipeline.review.picks import why_no_pick
from wb_pipeline.review.rule_book import rule_book
from wb_pipeline.review.sheet import COLUMNS, sheet_rows
from wb_pipeline.review.sheet_import import decisions_of
from wb_pipeline.review.units import units_of
from wb_pipeline_tests.ledger.factories import CLOCK
from wb_pipeline_tests.review.factories import (
    create,
    decided,
    desk_at,
    objection,
    queue,
    seal_proposals,
    take_crm,
    trigger,
    update,
)

_TWO = [
    {"record_id": "con-1", "match_method": "likeness", "match_probability": 0.7, "is_key_shared": False},
    {"record_id": "con-2", "match_method": "likeness", "match_probability": 0.8, "is_key_shared": False},
    {"record_id": "con-9", "match_method": "likeness", "match_probability": 0.1, "is_key_shared": False},
]


def ambiguous(field: str = "title", new: Any = "VP IT", candidates: Any = None, **columns: Any) -> list[dict[str, Any]]:
    """Return an update that two contacts could be meant by; a third candidate is not in the CRM."""
    told = objection("gate_identity__target_ambiguous", candidates=_TWO if candidates is None else candidates)
    return update(field, new, record_id=None, owner_id=None, objections=told, **columns)


def waiting(root: Path, *proposals: Any) -> tuple[Any, Ledger, Desk, Item]:
    """Return a queue and its first item."""
    home, ledger = queue(root, *(proposals or (ambiguous(),)))
    desk = desk_at(home, ledger)
    return home, ledger, desk, desk.items()[0]


def test_candidates_are_shown_with_what_tells_them_apart(tmp_path: Path) -> None:
    """IDN-1, RVW-1: live records only, the likeliest first, with the value that stands on each."""
    _, _, _, item = waiting(tmp_path)
    assert [(each.record_id, each.match_probability, each.value) for each in item.candidates] == [
        ("con-2", 0.8, None),
        ("con-1", 0.7, '"Head of IT"'),
    ]
    assert item.candidates[1].telling["first_name"] == '"Ana"'


def test_picked_record_is_written_over_the_value_that_stands_there(tmp_path: Path) -> None:
    """IDN-1, RVW-2, SYN-3: target and base are the picked record's; the ledger says which was picked."""
    home, ledger, desk, item = waiting(tmp_path)
    assert decided(desk, item).code == "no_record"
    assert decided(desk, item, record_id="con-1").is_done
    [change] = judge_approvals(home, ledger, CLOCK).standing
    assert (change.record_id, change.fields[0].base, change.fields[0].value) == ("con-1", '"Head of IT"', '"VP IT"')
    [event] = ledger.events(ItemDecided.kind)
    assert event.payload["record_id"] == "con-1"
    assert event.payload["binding"] not in (item.binding, "")
    shown = desk.item(item.item_id)
    assert (shown.state, shown.record_id, shown.fields[0].old_value) == ("approved", "con-1", '"Head of IT"')


def test_approval_does_not_hold_for_another_record(tmp_path: Path) -> None:
    """RVW-2: an approval whose binding was made for one record is void for another."""
    home, ledger, desk, item = waiting(tmp_path)
    decided(desk, item, record_id="con-1")
    [event] = ledger.events(ItemDecided.kind)
    forged = ItemDecided(**(event.payload | {"record_id": "con-2"}))
    ledger.append([forged.about(item.item_id)], recorded_by="u-ops-1")
    judged = judge_approvals(home, ledger, CLOCK)
    assert (judged.standing, [each.item_id for each in judged.void]) == ((), [item.item_id])


def test_pick_that_came_back_stands_over_what_is_there_now(tmp_path: Path) -> None:
    """RVW-2: sent back, the item shows the picked record as it is now, and what was seen before is seen no more."""
    home, ledger, desk, item = waiting(tmp_path)
    decided(desk, item, record_id="con-1")
    [event] = ledger.events(ItemDecided.kind)
    take_crm(home, ledger, tmp_path, {"con-1": {"title": "CTO"}})
    returned = ItemReturned(reason="gave_up", approval_sequence=event.sequence, note="")
    ledger.append([returned.about(item.item_id)], recorded_by="pipeline")
    assert decided(desk, item, record_id="con-1").code == "changed"
    item = desk.item(item.item_id)
    assert (item.state, item.record_id, item.fields[0].old_value) == ("returned", "con-1", '"CTO"')
    assert decided(desk, item).is_done
    [change] = judge_approvals(home, ledger, CLOCK).standing
    assert (change.record_id, change.fields[0].base) == ("con-1", '"CTO"')


def test_what_stands_on_every_candidate_is_part_of_what_was_seen(tmp_path: Path) -> None:
    """RVW-2: two items that differ in nothing but what stands on one candidate bind to two digests."""
    home, ledger, desk, item = waiting(tmp_path)
    [unit] = units_of(sealed_changes(home, ledger, whole_proposals=True))
    seen = [Seen({unit.item_id: None}, {}, None, None, [("con-1", value), ("con-2", None)]) for value in ("1", "2")]
    assert len({binding_of(unit, (), each) for each in seen}) == len(seen)
    assert desk.item(item.item_id).binding == item.binding


def test_record_that_was_archived_since_is_not_picked(tmp_path: Path) -> None:
    """IDN-9: the latest snapshot counts: nothing is written to a record that is put away."""
    home, ledger, desk, _ = waiting(tmp_path)
    take_crm(home, ledger, tmp_path, archived=["con-1"])
    [item] = desk.items()
    assert decided(desk, item, record_id="con-1").code == "no_candidate"
    assert decided(desk, item, record_id="con-2").is_done


@pytest.mark.parametrize(
    ("proposal", "record_id", "words"),
    [
        (ambiguous(), "con-9", "none of the records"),
        (ambiguous(), "com-1", "none of the records"),
        (ambiguous("email_opt_out", False), "con-1", "whether this person opted out"),
        (ambiguous("created_at", "2026-01-01"), "con-1", "the field is locked"),
        (ambiguous("no_such_field", "x"), "con-1", "the field is locked"),
        (trigger(object="contact", record_id=None), "con-1", "for a trigger no record can be picked"),
        (create("contact", {"title": "VP IT"}), "con-1", "for a create no record can be picked"),
        (update(), "con-2", "its record is con-1"),
    ],
)
def test_pick_that_cannot_be_judged_is_refused(tmp_path: Path, proposal: Any, record_id: str, words: str) -> None:
    """IDN-1, HIA-2, FLD-2: only a listed live record, and only where no gate that denies looks at the record."""
    _, ledger, desk, item = waiting(tmp_path, proposal)
    outcome = decided(desk, item, record_id=record_id)
    assert (outcome.is_done, words in outcome.message) == (False, True), outcome.message
    assert ledger.events(ItemDecided.kind) == []


def test_rejection_picks_nothing(tmp_path: Path) -> None:
    """IDN-1, AUD-3: who says no does not say of which record it would have been true."""
    _, ledger, desk, item = waiting(tmp_path)
    assert decided(desk, item, "reject", record_id="con-1").code == "picks_nothing"
    assert ledger.events(ItemDecided.kind) == []


def test_what_stands_for_ever_is_not_replaced_by_a_pick(tmp_path: Path) -> None:
    """FLD-4: an append-only field is filled where it is empty; of two candidates only the empty one can be picked."""
    home, ledger = queue(tmp_path)
    take_crm(home, ledger, tmp_path, {"con-1": {"lead_source": "inbound"}})
    seal_proposals(home, ledger, tmp_path, [ambiguous("lead_source", "webinar")])
    desk = desk_at(home, ledger)
    [item] = [each for each in desk.items() if each.record_id is None]
    assert "never replaced" in decided(desk, item, record_id="con-1").message
    assert decided(desk, item, record_id="con-2").is_done


def test_value_that_a_record_needs_is_not_emptied_by_a_pick(tmp_path: Path) -> None:
    """FLD-3: also for a policy that requires a field of records that are there: today's can say it of new ones only."""
    _, _, _, item = waiting(tmp_path, ambiguous("title", ""))
    book = rule_book(load_policy(default_policy_file()).document)
    needing = replace(book, required=book.required | {("contact", "update", "title")})
    emptied = Decision(item.item_id, "approve", item.binding, record_id="con-1")
    assert why_no_pick(item, emptied, [], needing) == ("no_pick", "the record needs a value here")
    assert why_no_pick(item, replace(emptied, edits={"title": "CTO"}), [], needing) is None


def test_opt_out_can_be_written_to_the_picked_record(tmp_path: Path) -> None:
    """HIA-2: setting an opt-out takes nobody's wish away, whoever is picked."""
    _, _, desk, item = waiting(tmp_path, ambiguous("email_opt_out", True))
    assert decided(desk, item, record_id="con-1").is_done


def test_pick_stands_until_it_is_rejected(tmp_path: Path) -> None:
    """RVW-4: what was approved for one record is rejected before another one is picked; all of it stays on record."""
    home, ledger, desk, item = waiting(tmp_path)
    decided(desk, item, record_id="con-1")
    item = desk.item(item.item_id)
    again = decided(desk, item, record_id="con-2", supersedes=item.standing_sequence)
    assert again.code == "record_known"
    assert decided(desk, item, "reject", supersedes=item.standing_sequence).is_done
    item = desk.item(item.item_id)
    assert item.record_id is None
    assert decided(desk, item, supersedes=item.standing_sequence).code == "no_record"
    assert decided(desk, item, record_id="con-2", supersedes=item.standing_sequence).is_done
    [change] = judge_approvals(home, ledger, CLOCK).standing
    assert (change.record_id, change.fields[0].base) == ("con-2", None)


def test_fields_of_one_proposal_go_to_one_record(tmp_path: Path) -> None:
    """IDN-1: a proposal is about one record, also where its fields are decided one by one, or at once."""
    rows = ambiguous()
    rows.append(ambiguous("phone", "+13035550199")[1])
    _, _, desk, _ = waiting(tmp_path, rows)
    one, other = desk.items()
    assert decided(desk, one, record_id="con-1").is_done
    refused = decided(desk, other, record_id="con-2")
    assert refused.message == "another field of the same proposal was approved for con-1"
    assert decided(desk, other, record_id="con-1").is_done


def test_change_that_waits_on_the_same_field_is_decided_first(tmp_path: Path) -> None:
    """OVW-6: two changes of one field are one question; a pick does not slip past the other one."""
    _, _, desk, _ = waiting(tmp_path, ambiguous(), update("title", "CTO", old="Head of IT"))
    named, unnamed = sorted(desk.items(), key=lambda each: each.record_id or "~")
    assert "decide" in decided(desk, unnamed, record_id="con-1").message
    assert decided(desk, named, "reject").is_done
    assert decided(desk, unnamed, record_id="con-1").is_done


def test_record_is_picked_in_a_sheet(tmp_path: Path) -> None:
    """IDN-1, RVW-1: a sheet shows the candidates, and a row that names one is a decision like any other."""
    _, _, desk, item = waiting(tmp_path)
    header, row = sheet_rows([item])
    assert "con-1 (70%): first_name Ana" in row[COLUMNS.index("candidates")]
    row[COLUMNS.index("decision")], row[COLUMNS.index("picked_record")] = "approve", "con-1"
    [outcome] = desk.decide(decisions_of([header, row], desk.item).decisions, "u-ops-1")
    assert (outcome.is_done, desk.item(item.item_id).record_id) == (True, "con-1")


def test_record_is_picked_on_the_command_line(tmp_path: Path, wb) -> None:
    """IDN-1, RVW-1: `show` lists the candidates, and --record with an item's id picks one of them."""
    home, _, _, item = waiting(tmp_path)
    on = ("--home", home.root, "--now", "2026-03-02T10:00:00Z")
    shown = wb("review", "show", item.item_id, *on).out
    assert 'con-1: likeness, 70% likely; title is "Head of IT"; first_name "Ana"' in shown
    approve = ("review", "approve", item.item_id, "--by", "u-ops-1", *on)
    assert "name one of its candidates" in wb(*approve).err
    assert wb(*approve, "--record", "con-1").out == "1 decided, 0 not.\n"
    assert "con-1 (picked): likeness" in wb("review", "show", item.item_id, *on).out
