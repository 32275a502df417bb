"""The queue as people see it: what waits, why, in which order; and what becomes of decisions."""

from __future__ import annotations

from pathlib import Path

from wb_pipeline.ledger.kinds_review import DecisionRefused, ItemDecided
from wb_pipeline.review.filters import ItemFilter
from wb_pipeline_tests.review.factories import (
    create,
    decided,
    desk_at,
    merge,
    objection,
    queue,
    suggestion,
    trigger,
    update,
)


def test_item_shows_everything_that_a_person_needs(tmp_path: Path) -> None:
    """RVW-1: old and new value, evidence, objections in words, match and confidence are in view."""
    home, ledger = queue(tmp_path)
    desk = desk_at(home, ledger)
    [item] = desk.items()
    [field] = item.fields
    assert (item.name, field.old_value, field.new_value) == ("update contact con-1 title", '"Head of IT"', '"VP IT"')
    assert (item.kind, item.state, item.confidence, item.owner_id) == ("change", "waiting", 91.0, "u-sales-1")
    assert item.objections[0].says == "The field matters too much to change without a person."
    assert item.objections[0].to_pass
    assert item.match_reason == "The proposal names this record by its id."
    [cited] = desk.citations(item)
    assert [each.payload["body"] for each in cited.items] == ["I am VP IT now."]
    assert [quote.text for quote in cited.quotes] == ["VP IT"]


def test_decisions_are_on_record_and_take_the_item_off_the_queue(tmp_path: Path) -> None:
    """RVW-1, RVW-4: approve and reject by a named reviewer, appended to the ledger, nothing edited."""
    home, ledger = queue(tmp_path, update(), update("phone", "+13035550199", record_id="con-2"))
    desk = desk_at(home, ledger)
    first, second = desk.items()
    assert decided(desk, first).code == "decided"
    refusal = decided(desk, second, "reject", reason_code="wrong_record", words="It is her brother.")
    assert refusal.is_done
    assert desk.items() == []
    approved, rejected = ledger.events(ItemDecided.kind)
    assert (approved.subject, approved.recorded_by) == (first.item_id, "u-ops-1")
    assert approved.payload["binding"] == first.binding
    assert (rejected.payload["reason_code"], rejected.payload["words"]) == ("wrong_record", "It is her brother.")
    assert desk.item(second.item_id).state == "rejected"


def test_what_matters_comes_first(tmp_path: Path) -> None:
    """RVW-1: opt-outs, then value at risk, then age."""
    small, large = (update("stage", "negotiation", object="deal", record_id=each) for each in ("deal-1", "deal-2"))
    opt_out = update("email_opt_out", True, old=False)
    home, ledger = queue(tmp_path, update(), small, large, opt_out)
    shown = [(item.record_id, item.value_at_risk) for item in desk_at(home, ledger).items()]
    assert shown == [("con-1", None), ("deal-2", 400_000.0), ("deal-1", 48_000.0), ("con-1", None)]


def test_whole_proposals_wait_as_one(tmp_path: Path) -> None:
    """RVW-1: a create, log, trigger or merge is one decision with all its fields; an update is one per field."""
    lead = create("lead", {"first_name": "Pia", "last_name": "Lund", "email": "pia@oakhurst.example"})
    home, ledger = queue(tmp_path, lead, merge(), trigger(), suggestion(), update())
    items = {item.action + item.kind: item for item in desk_at(home, ledger).items()}
    assert [each.field for each in items["createchange"].fields] == ["first_name", "last_name", "email"]
    assert items["mergechange"].payload == {"survivor": "com-1", "loser": "com-2"}
    assert items["triggerchange"].payload == {"workflow_id": "wf-2"}
    assert items["updatesuggestion"].fields[0].suggestion_field == "ai_suggested_persona"
    assert len(items) == 5


def test_filters_narrow_the_queue(tmp_path: Path) -> None:
    """RVW-1: by object, field, actor, gate, owner, batch, record and state."""
    other = update("stage", "negotiation", object="deal", record_id="deal-1", actor_id="agent-sales-1", owner_id="u-1",
                   objections=objection("gate_policy__stage_out_of_order"))  # fmt: skip
    home, ledger = queue(tmp_path, update(), other)
    desk = desk_at(home, ledger)
    for narrow in (
        ItemFilter(object="deal"),
        ItemFilter(field="stage"),
        ItemFilter(actor="agent-sales-1"),
        ItemFilter(gate="policy__stage_out_of_order"),
        ItemFilter(owner="u-1"),
        ItemFilter(record="deal-1"),
    ):
        assert [item.record_id for item in desk.items(narrow)] == ["deal-1"]
    assert len(desk.items(ItemFilter(batch=desk.items()[0].batch_key[:10]))) == 2
    assert desk.items(ItemFilter(batch="none")) == desk.items(ItemFilter(states={"written"})) == []


def test_whoever_comes_second_is_refused_and_both_are_on_record(tmp_path: Path) -> None:
    """RVW-4: two reviewers decide on what they both saw; the first one's decision stands."""
    home, ledger = queue(tmp_path)
    one, other = desk_at(home, ledger), desk_at(home, ledger)
    seen, also_seen = one.items()[0], other.items()[0]
    assert decided(one, seen, by="u-ops-1").is_done
    late = decided(other, also_seen, "reject", by="u-sales-1")
    assert (late.is_done, late.code) == (False, "decided_already")
    assert "u-ops-1 approved it meanwhile" in late.message
    [refused] = ledger.events(DecisionRefused.kind)
    [stands] = ledger.events(ItemDecided.kind)
    assert (refused.recorded_by, refused.payload["standing_sequence"]) == ("u-sales-1", stands.sequence)
    assert other.item(seen.item_id).state == "approved"
