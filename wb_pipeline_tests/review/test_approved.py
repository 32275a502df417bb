"""What may be written: automatic changes and approvals that stand; what is void, and what waits for the new policy."""

from __future__ import annotations

from datetime import UTC, timedelta
from pathlib import Path

import pytest

from wb_pipeline.canonical import content_hash
from wb_pipeline.home import Home
from wb_pipeline.ledger import store
from wb_pipeline.ledger.chain import NewEvent
from wb_pipeline.ledger.kinds import PolicyRegistered
from wb_pipeline.ledger.kinds_review import ItemRejudged, ItemReturned
from wb_pipeline.ledger.kinds_writes import WritePlanned, WriteSettled
from wb_pipeline.ledger.modes import Mode, switch_mode
from wb_pipeline.ledger.store import Ledger
from wb_pipeline.paths import default_policy_file
from wb_pipeline.review.approved import approved_changes, changed_since, judge_approvals
from wb_pipeline.review.model import Item
from wb_pipeline_tests.ledger.factories import CLOCK
from wb_pipeline_tests.review.factories import (
    EVIDENCE,
    create,
    decided,
    desk_at,
    queue,
    suggestion,
    take_crm,
    take_evidence,
    update,
    use_policy,
)

KEY = content_hash("a write")


def _approved(tmp_path: Path, *proposals) -> tuple[Home, Ledger, Item]:
    home, ledger = queue(tmp_path, *proposals)
    desk = desk_at(home, ledger)
    [item] = desk.items()
    assert decided(desk, item).is_done
    return home, ledger, item


def _new_policy(home: Home, ledger: Ledger) -> str:
    return use_policy(home, ledger, default_policy_file().read_bytes() + b"\n# another version\n")


def _write(ledger: Ledger, item: Item, outcome: str = "written", approvals: tuple[int, ...] = (), **values) -> None:
    """Put a write of an item into the outbox, and settle it."""
    with ledger.writing("pipeline") as book:
        digest = book.keep("{}")
        before = book.keep(values["before"]) if "before" in values else None
        planned = WritePlanned(
            change_ids=[item.item_id], approvals=list(approvals), batch_key=item.batch_key, action="update", attempt=1,
            proposal_key=item.proposal_key, actor_id=item.actor_id, object=item.object, record_id=item.record_id,
            fields=["title"], values_digest=digest, crm="files", undoes=None,
        )  # fmt: skip
        settled = WriteSettled(
            outcome=outcome, record_id=item.record_id, before_digest=before, after_digest=None, attempts=1, answer="",
            reconciled=False,
        )  # fmt: skip
        book.append([planned.about(KEY), settled.about(KEY)])


def test_automatic_and_approved_changes_may_be_written(tmp_path: Path) -> None:
    """RVW-2, CNF-1: each with its value over what, who approved it, and a suggestion in its own field only."""
    home, ledger = queue(
        tmp_path, update(lane="auto"), update("phone", "+13035550199", record_id="con-2"), suggestion(), update()
    )
    desk = desk_at(home, ledger)
    phone = next(item for item in desk.items() if item.record_id == "con-2")
    outcome = decided(desk, phone)
    automatic, approved, noted = judge_approvals(home, ledger, CLOCK).standing
    assert (automatic.is_automatic, automatic.approvals, automatic.fields[0].value) == (True, (), '"VP IT"')
    assert (approved.approvals, approved.approved_by) == ((outcome.sequence,), ("u-ops-1",))
    assert approved.binding == phone.binding
    assert (noted.is_suggestion, noted.fields[0].field) == (True, "ai_suggested_persona")
    assert noted.fields[0].base is None


def test_accepted_suggestion_goes_into_the_field_itself(tmp_path: Path) -> None:
    """RVW-6: accepting is an approval; dismissing keeps it out of both fields."""
    home, ledger = queue(tmp_path, suggestion(), suggestion("title", "COO"))
    desk = desk_at(home, ledger)
    persona, title = sorted(desk.items(), key=lambda item: item.line_number)
    assert decided(desk, persona, "accept").is_done
    assert decided(desk, title, "dismiss").is_done
    [change] = judge_approvals(home, ledger, CLOCK).standing
    assert (change.fields[0].field, change.is_suggestion, change.is_automatic) == ("persona", False, False)


def test_whole_create_is_one_change_in_dependency_free_form(tmp_path: Path) -> None:
    """RVW-1: a record is made with all its fields by one approval."""
    home, ledger, item = _approved(tmp_path, create("company", {"name": "Oakhurst", "domain": "oakhurst.example"}))
    [change] = judge_approvals(home, ledger, CLOCK).standing
    assert (change.action, change.record_id, len(change.fields), len(change.change_ids)) == ("create", None, 2, 3)
    assert change.item_id == item.item_id


def test_approval_is_void_once_cited_evidence_changed_or_is_gone(tmp_path: Path) -> None:
    """RVW-2: it holds for the evidence that was seen; the item waits again, with the reason, bound to what is there."""
    home, ledger, item = _approved(tmp_path)
    take_evidence(home, ledger, tmp_path, EVIDENCE | {"ev-2": "Something else."})
    assert judge_approvals(home, ledger, CLOCK).void == ()
    take_evidence(home, ledger, tmp_path, EVIDENCE | {"ev-1": "I am CTO now."})
    assert approved_changes(home, ledger, CLOCK) == []
    [returned] = ledger.events(ItemReturned.kind)
    assert (returned.subject, returned.payload["reason"]) == (item.item_id, "evidence_changed")
    [again] = desk_at(home, ledger).items()
    assert (again.state, again.binding != item.binding) == ("returned", True)
    assert "evidence that it cites changed or is gone: ev-1 changed" in again.returned_because
    desk = desk_at(home, ledger)
    assert desk.citations(again)[0].items[0].payload["body"] == "I am CTO now."
    assert decided(desk, item).code == "changed"
    assert decided(desk, again).is_done
    assert len(approved_changes(home, ledger, CLOCK)) == 1
    take_evidence(home, ledger, tmp_path, {"ev-2": "gone"})
    assert judge_approvals(home, ledger, CLOCK).void[0].note == "ev-1 is gone"


@pytest.mark.parametrize(("days", "state", "noted"), [(20, "waiting", 1), (31, "expired", 0)])
def test_suggestion_lapses_at_its_own_time_and_not_at_an_approvals(
    tmp_path: Path, days: int, state: str, noted: int
) -> None:
    """RVW-6: it was sealed with thirty days; that approvals lapse after fourteen does not touch it."""
    until = (CLOCK + timedelta(days=30)).astimezone(UTC).replace(tzinfo=None)
    home, ledger = queue(tmp_path, suggestion(expires_at=until))
    [item] = desk_at(home, ledger).items()
    now = CLOCK + timedelta(days=days)
    assert desk_at(home, ledger, now).item(item.item_id).state == state
    assert len(judge_approvals(home, ledger, now).standing) == noted


def test_approval_expires(tmp_path: Path) -> None:
    """RVW-2: approvals expire after 14 days (policy) and may be given again."""
    home, ledger, item = _approved(tmp_path)
    late = CLOCK + timedelta(days=14)
    assert judge_approvals(home, ledger, late - timedelta(seconds=1)).void == ()
    assert desk_at(home, ledger, late).item(item.item_id).state == "expired"
    assert approved_changes(home, ledger, late) == []
    assert [event.payload["reason"] for event in ledger.events(ItemReturned.kind)] == ["expired"]
    again = desk_at(home, ledger, late).item(item.item_id)
    assert (again.state, again.binding) == ("returned", item.binding)


def test_approval_waits_for_the_new_policy_and_stands_if_it_says_the_same(tmp_path: Path) -> None:
    """RVW-2: after a policy change the item is judged again; the approval stands unless lane or objections changed."""
    home, ledger, item = _approved(tmp_path)
    policy = _new_policy(home, ledger)
    [held] = judge_approvals(home, ledger, CLOCK).held
    assert "the policy changed" in held.why
    assert "the policy changed" in desk_at(home, ledger).item(item.item_id).held_because
    same = ItemRejudged(policy_hash=policy, lane="review", objections_digest=content_hash([]), stands=True)
    ledger.append([same.about(item.item_id)], recorded_by="pipeline")
    assert len(judge_approvals(home, ledger, CLOCK).standing) == 1


def test_approval_is_void_where_the_new_policy_says_otherwise(tmp_path: Path) -> None:
    """RVW-2, FLD-2: the item waits again; what the new policy denies nobody can approve."""
    home, ledger, item = _approved(tmp_path)
    policy = _new_policy(home, ledger)
    denied = ItemRejudged(policy_hash=policy, lane="deny", objections_digest=content_hash(["x"]), stands=False)
    ledger.append([denied.about(item.item_id)], recorded_by="pipeline")
    desk = desk_at(home, ledger)
    [again] = desk.items()
    assert "the policy in force judges it otherwise" in again.returned_because
    assert decided(desk, again).code == "denied"
    ledger.append([denied.model_copy(update={"lane": "review"}).about(item.item_id)], recorded_by="pipeline")
    assert decided(desk, desk.items()[0]).is_done
    assert len(judge_approvals(home, ledger, CLOCK).standing) == 1


def test_item_from_before_the_policy_is_not_written_before_it_is_judged_again(tmp_path: Path) -> None:
    """RVW-2: an approval given under the new policy does not stand for the new policy's judgement."""
    home, ledger = queue(tmp_path)
    policy = _new_policy(home, ledger)
    desk = desk_at(home, ledger)
    assert decided(desk, desk.items()[0]).is_done
    assert len(judge_approvals(home, ledger, CLOCK).held) == 1
    assert ledger.events(PolicyRegistered.kind)[-1].subject == policy


def test_write_that_found_another_value_comes_back_with_that_value(tmp_path: Path) -> None:
    """RVW-2, SYN-3: the item waits again over the value that stands now, under another binding."""
    home, ledger, item = _approved(tmp_path, update("title", "VP IT", old="Head of IT"))
    sequence = ledger.head().sequence
    _write(ledger, item, "conflict", (sequence,), before='{"title":"CTO"}')
    returned = ItemReturned(reason="value_changed", approval_sequence=sequence, note="CTO stands there")
    ledger.append([returned.about(item.item_id)], recorded_by="pipeline")
    desk = desk_at(home, ledger)
    [again] = desk.items()
    assert (again.state, again.fields[0].old_value) == ("returned", '"CTO"')
    assert again.binding != item.binding
    assert decided(desk, again).is_done
    assert judge_approvals(home, ledger, CLOCK).standing[0].fields[0].base == '"CTO"'


def test_returned_item_without_a_read_value_shows_the_latest_snapshot(tmp_path: Path) -> None:
    """RVW-2: where no write read the value, what the CRM said last is what is approved over."""
    home, ledger, item = _approved(tmp_path, update("title", "VP IT", old="Head of IT"))
    take_crm(home, ledger, tmp_path, {"con-1": {"title": "COO"}}, now=CLOCK + timedelta(hours=1))
    returned = ItemReturned(reason="value_changed", approval_sequence=ledger.head().sequence, note="")
    ledger.append([returned.about(item.item_id)], recorded_by="pipeline")
    assert desk_at(home, ledger).items()[0].fields[0].old_value == '"COO"'


def test_written_changes_are_written_once(tmp_path: Path) -> None:
    """SYN-2: what is settled is not offered again, and what is written is not decided again."""
    home, ledger, item = _approved(tmp_path)
    _write(ledger, item, "written", (ledger.head().sequence,))
    assert judge_approvals(home, ledger, CLOCK).standing == ()
    desk = desk_at(home, ledger)
    written = desk.item(item.item_id)
    assert written.state == "written"
    assert decided(desk, written, "reject", supersedes=written.standing_sequence).code == "written"


def test_decision_is_superseded_before_it_is_written(tmp_path: Path) -> None:
    """RVW-4: whoever saw the earlier decision may replace it; both stay on record, the last one holds."""
    home, ledger, item = _approved(tmp_path)
    sequence = ledger.head().sequence
    desk = desk_at(home, ledger)
    assert decided(desk, item, "reject").code == "decided_already"
    taken_back = decided(desk, item, "reject", supersedes=sequence)
    assert taken_back.is_done
    assert judge_approvals(home, ledger, CLOCK).standing == ()
    assert changed_since(ledger, sequence) == {item.item_id: taken_back.sequence}
    assert [made.decision for made in desk.item(item.item_id).decisions] == ["approve", "reject"]


def test_modes_hold_automatic_changes_for_people_or_everything(tmp_path: Path) -> None:
    """FLD-7: `review_everything` puts automatic changes into the queue, `read_only` holds approvals too."""
    home, ledger = queue(tmp_path, update(lane="auto"), update("phone", "+13035550199", record_id="con-2"))
    desk = desk_at(home, ledger)
    [asked] = desk.items()
    assert decided(desk, asked).is_done
    modes: list[tuple[Mode, int]] = [("running", 2), ("review_everything", 1), ("read_only", 0), ("stopped", 0)]
    for mode, writable in modes:
        switch_mode(ledger, "*", mode, "u-ops-1", "a test")
        assert len(judge_approvals(home, ledger, CLOCK).standing) == writable
    assert desk.items() == []
    switch_mode(ledger, "*", "review_everything", "u-ops-1", "a test")
    [held] = desk.items()
    assert "goes to a person now" in held.held_because
    assert decided(desk, held, "reject").is_done
    switch_mode(ledger, "*", "running", "u-ops-1", "a test")
    assert [change.record_id for change in judge_approvals(home, ledger, CLOCK).standing] == ["con-2"]


def test_automatic_write_that_conflicted_waits_for_a_person(tmp_path: Path) -> None:
    """OVW-1: an automatic change that met another value becomes an item, and is not written by itself again."""
    home, ledger = queue(tmp_path, update(lane="auto", old="Head of IT"))
    desk = desk_at(home, ledger)
    assert desk.items() == []
    [change] = judge_approvals(home, ledger, CLOCK).standing
    returned = ItemReturned(reason="value_changed", approval_sequence=0, note="")
    ledger.append([returned.about(change.item_id)], recorded_by="pipeline")
    assert judge_approvals(home, ledger, CLOCK).standing == ()
    [item] = desk.items()
    assert decided(desk, item).is_done
    assert len(judge_approvals(home, ledger, CLOCK).standing) == 1


def test_events_that_say_nothing_about_approvals_are_not_read(tmp_path: Path, monkeypatch) -> None:
    """SYN-2: a long history of other things costs a run of writing nothing, and changes nothing in what it finds."""
    home, ledger, _ = _approved(tmp_path)
    before = judge_approvals(home, ledger, CLOCK)
    ledger.append([NewEvent("test", str(number)) for number in range(500)], recorded_by="pipeline")
    read: list[str] = []
    made = store._event

    def counted(row: dict) -> object:
        read.append(row["kind"])
        return made(row)

    monkeypatch.setattr(store, "_event", counted)
    assert judge_approvals(home, ledger, CLOCK) == before
    assert "test" not in read
    assert len(read) < 50
