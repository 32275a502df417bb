"""Judging again under the policy in force: what stands, what is void or stopped, what is held meanwhile."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from wb_pipeline.errors import InputError
from wb_pipeline.home import Home
from wb_pipeline.ledger.kinds_review import ItemRejudged, ItemReturned
from wb_pipeline.ledger.modes import Mode, switch_mode
from wb_pipeline.ledger.sealed_changes import SealedChange, sealed_changes
from wb_pipeline.ledger.store import Ledger
from wb_pipeline.paths import default_policy_file
from wb_pipeline.policy.load import Policy
from wb_pipeline.review.approved import judge_approvals
from wb_pipeline.review.rejudging import Rejudged, rejudge, rejudge_by_road
from wb_pipeline.steps.intake import register_policy
from wb_pipeline.steps.judging_again import JudgedAgain, Judgement
from wb_pipeline_tests.ledger.factories import CLOCK
from wb_pipeline_tests.review.factories import create, decided, desk_at, queue, suggestion, update, use_policy

Edit = Callable[[JudgedAgain], Judgement]
STRICTER = ("gate_policy__action_needs_approval", "review", "action_needs_approval")


def new_policy(home: Home, ledger: Ledger, folder: Path, days: int = 13) -> str:
    """Put another version of the policy in force; return its hash."""
    text = default_policy_file().read_text("utf-8")
    path = folder / f"policy-{days}.yaml"
    path.write_text(text.replace("approval_expires_days: 14", f"approval_expires_days: {days}"), "utf-8")
    return register_policy(home, ledger, path)


def judging(home: Home, ledger: Ledger, edit: Edit = lambda each: each.before) -> Rejudged:
    """Judge again; the new policy comes to what `edit` makes of each sealed change."""

    def judge(_policy: Policy, keys: Collection[str]) -> Iterable[JudgedAgain]:
        for each in map(as_sealed, sealed_changes(home, ledger)):
            if each.batch_key in keys:
                yield replace(each, after=edit(each))

    return rejudge(home, ledger, judge, lambda: CLOCK)


def as_sealed(change: SealedChange) -> JudgedAgain:
    """Return a sealed change, judged by nobody else yet."""
    names = [name for name in JudgedAgain.__dataclass_fields__ if name not in ("before", "after")]
    told = json.loads(change.row["objections"] or "[]")
    judged = Judgement(change.lane, tuple((one["gate"], one["verdict"], one["reason"]) for one in told))
    return JudgedAgain(**{name: change.row[name] for name in names}, before=judged, after=judged)


def objected(each: JudgedAgain) -> Judgement:
    """Return what it comes to where one more gate objects; the lane stays."""
    return replace(each.before, objections=(*each.before.objections, STRICTER))


def only_actions(each: JudgedAgain) -> Judgement:
    """Return the same, where that gate objects to actions only."""
    return objected(each) if each.is_action_row else each.before


def denied(each: JudgedAgain) -> Judgement:
    """Return what it comes to where the new policy denies it."""
    return Judgement("deny", each.before.objections)


def may_be_written(home: Home, ledger: Ledger) -> int:
    """Return how many approvals stand."""
    return sum(bool(each.approvals) for each in judge_approvals(home, ledger, CLOCK).standing)


def test_approval_stands_where_nothing_changed(tmp_path: Path) -> None:
    """RVW-2: after a policy change an approval is held until it is judged again; the same lane and objections: it
    stands. What is judged once is not judged twice.
    """
    home, ledger = queue(tmp_path, update(), create("contact", {"last_name": "Roe"}))
    desk = desk_at(home, ledger)
    for item in desk.items():
        decided(desk, item)
    assert may_be_written(home, ledger) == 2
    policy_hash = new_policy(home, ledger, tmp_path)
    assert may_be_written(home, ledger) == 0
    done = judging(home, ledger)
    assert (done.policy_hash, len(done.standing), done.returned, done.waiting) == (policy_hash, 2, (), ())
    assert may_be_written(home, ledger) == 2
    assert judging(home, ledger, denied) == Rejudged(policy_hash)


@pytest.mark.parametrize("edit", [objected, denied, only_actions])
def test_approval_is_void_where_lane_or_objections_changed(tmp_path: Path, edit: Edit) -> None:
    """RVW-2: one gate more, even on the action beside the field, and it goes back to the queue, in one append."""
    home, ledger = queue(tmp_path, update())
    desk = desk_at(home, ledger)
    (item,) = desk.items()
    approval = decided(desk, item)
    new_policy(home, ledger, tmp_path)
    before = ledger.head().sequence
    done = judging(home, ledger, edit)
    assert done.returned == (item.item_id,)
    told = {event.kind: event.payload for event in ledger.events(after=before)}
    assert set(told) == {ItemRejudged.kind, ItemReturned.kind}
    assert told[ItemRejudged.kind]["stands"] is False
    assert told[ItemReturned.kind]["reason"] == "policy_changed"
    assert told[ItemReturned.kind]["approval_sequence"] == approval.sequence
    assert may_be_written(home, ledger) == 0
    assert desk.item(item.item_id).state == "returned"


def test_person_may_approve_what_changed_and_later_policies_compare_with_that(tmp_path: Path) -> None:
    """RVW-2: what counts is what the person saw: the second policy's objections, which the third one repeats."""
    home, ledger = queue(tmp_path, update())
    desk = desk_at(home, ledger)
    decided(desk, desk.items()[0])
    new_policy(home, ledger, tmp_path)
    judging(home, ledger, objected)
    decided(desk, desk.items()[0])
    assert may_be_written(home, ledger) == 1
    new_policy(home, ledger, tmp_path, days=12)
    assert len(judging(home, ledger, objected).standing) == 1
    assert may_be_written(home, ledger) == 1
    new_policy(home, ledger, tmp_path, days=11)
    assert len(judging(home, ledger).returned) == 1
    assert may_be_written(home, ledger) == 0


def test_item_that_waits_is_judged_and_waits_on(tmp_path: Path) -> None:
    """RVW-2: nobody decided yet: nothing is void, but the new lane is on record, and a denied one takes no approval."""
    home, ledger = queue(tmp_path, update())
    new_policy(home, ledger, tmp_path)
    assert len(judging(home, ledger, denied).waiting) == 1
    assert [event.payload["lane"] for event in ledger.events(ItemRejudged.kind)] == ["deny"]
    assert ledger.events(ItemReturned.kind) == []


def test_decision_that_falls_meanwhile_is_left_for_the_next_call(tmp_path: Path) -> None:
    """RVW-4: reviewing goes on while it is judged; nothing is decided over anybody's head."""
    home, ledger = queue(tmp_path, update())
    desk = desk_at(home, ledger)
    new_policy(home, ledger, tmp_path)
    (item,) = desk.items()

    def while_approved(each: JudgedAgain) -> Judgement:
        if not each.is_action_row and not desk.item(each.change_id).decisions:
            decided(desk, desk.item(each.change_id))
        return objected(each)

    done = judging(home, ledger, while_approved)
    assert (done.judged, done.skipped) == (0, (item.item_id,))
    assert may_be_written(home, ledger) == 0
    assert judging(home, ledger, objected).returned == (item.item_id,)


def test_policy_that_changes_meanwhile_stops_it(tmp_path: Path) -> None:
    """RVW-2: what was judged by a policy that is in force no more is not put down."""
    home, ledger = queue(tmp_path, update())
    new_policy(home, ledger, tmp_path)

    def while_changed(each: JudgedAgain) -> Judgement:
        new_policy(home, ledger, tmp_path, days=5)
        return each.before

    with pytest.raises(InputError, match="another policy"):
        judging(home, ledger, while_changed)
    assert ledger.events(ItemRejudged.kind) == []


def another_policy(home: Home, ledger: Ledger) -> str:
    """Put a version into force that differs in a comment only, as somebody edits the file every day."""
    number = ledger.head().sequence
    return use_policy(home, ledger, default_policy_file().read_bytes() + f"# version {number}\n".encode())


def test_automatic_change_is_held_until_the_policy_in_force_judged_it(tmp_path: Path) -> None:
    """RVW-2, OPS-3: what another policy let through is not written as it is; the same lane and objections: it is
    written without anybody's hand, until the policy changes again. A policy that comes back needs no judging.
    """
    home, ledger = queue(tmp_path, update(lane="auto"), create("contact", {"last_name": "Roe"}, lane="auto"))
    sealed_by = ledger.events("policy_registered")[-1].subject
    assert len(judge_approvals(home, ledger, CLOCK).standing) == 2
    for _ in range(2):
        another_policy(home, ledger)
        held = judge_approvals(home, ledger, CLOCK)
        assert held.standing == ()
        assert [(each.is_automatic, each.is_unjudged) for each in held.held] == [(True, True)] * 2
        assert len(judging(home, ledger).standing) == 2
        assert len(judge_approvals(home, ledger, CLOCK).standing) == 2
        assert judging(home, ledger, denied).judged == 0
    another_policy(home, ledger)
    assert use_policy(home, ledger, default_policy_file().read_bytes()) == sealed_by
    assert len(judge_approvals(home, ledger, CLOCK).standing) == 2


@pytest.mark.parametrize("edit", [objected, denied, only_actions])
@pytest.mark.parametrize("mode", ["running", "review_everything"])
def test_automatic_change_goes_to_a_person_where_lane_or_objections_changed(
    tmp_path: Path, edit: Edit, mode: Mode
) -> None:
    """RVW-2, OPS-3: it does not go by itself any more, also where a mode held it in the queue; a person may let it."""
    home, ledger = queue(tmp_path, update(lane="auto"))
    switch_mode(ledger, "*", mode, by="u-ops-1", reason="a look at it")
    another_policy(home, ledger)
    (stopped,) = judging(home, ledger, edit).stopped
    switch_mode(ledger, "*", "running", by="u-ops-1", reason="looked at it")
    assert judge_approvals(home, ledger, CLOCK).standing == ()
    desk = desk_at(home, ledger)
    item = desk.item(stopped)
    assert (item.state, item.returned_because.partition(":")[0]) == (
        "returned",
        "the policy in force judges it otherwise",
    )
    assert decided(desk, item).is_done == (edit is not denied)
    assert may_be_written(home, ledger) == (edit is not denied)


def test_suggestion_is_noted_only_as_the_policy_in_force_judges_it(tmp_path: Path) -> None:
    """RVW-2, RVW-6: it waits for an answer in any case; nothing is noted that was judged otherwise."""
    home, ledger = queue(tmp_path, suggestion())
    another_policy(home, ledger)
    assert judge_approvals(home, ledger, CLOCK).held[0].is_unjudged
    assert len(judging(home, ledger, objected).waiting) == 1
    judged = judge_approvals(home, ledger, CLOCK)
    assert (judged.standing, [each.is_unjudged for each in judged.held]) == ((), [False])
    assert [each.state for each in desk_at(home, ledger).items()] == ["waiting"]


def test_what_is_open_is_asked_by_the_time_that_is_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """RVW-2, RVW-6: a suggestion that is noted at a time is judged again for that time, whatever the clock shows."""
    home, ledger = queue(tmp_path, suggestion())
    another_policy(home, ledger)
    sealed = list(map(as_sealed, sealed_changes(home, ledger)))
    monkeypatch.setattr("wb_pipeline.review.rejudging.judge_again", lambda *_: sealed)
    late = CLOCK + timedelta(days=400)
    assert rejudge_by_road(home, ledger, clock=lambda: late).judged == 0
    assert len(rejudge_by_road(home, ledger, clock=lambda: CLOCK).standing) == 1
    assert len(judge_approvals(home, ledger, CLOCK).standing) == 1
