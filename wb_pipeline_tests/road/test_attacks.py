"""What a hostile reader tried, and must not work again."""

from __future__ import annotations

from wb_pipeline_tests.road.harness import Road
from wb_pipeline_tests.road.world import (
    WORLD,
    change,
    create_company,
    create_contact,
    create_deal,
    log,
    title_update,
    update,
    verified,
    with_records,
)


def test_target_beside_a_create_lends_it_no_domain(road: Road) -> None:
    """EVD-1: the email that is written has to match the company, not one that is named beside it."""
    world = with_records(evidence=[verified("zz@evil.example")])
    stranger = {**create_contact(email="zz@evil.example"), "target": {"match": {"email": "aa@northwind.example"}}}
    outcome = road.run(world, stranger)
    assert outcome.lane() == "deny"
    assert "gate_evidence__required_kind_missing" in outcome.gates()


def test_target_beside_a_create_hides_no_twin(road: Road) -> None:
    """IDN-4: two creates of one address are one deed, whatever else they name."""
    first = {**create_contact(), "target": {"match": {"email": "aa@northwind.example"}}}
    second = {**create_contact("p-2"), "target": {"match": {"email": "ab@northwind.example"}}}
    outcome = road.run(WORLD, first, second)
    assert [outcome.lane(line) for line in (1, 2)] == ["auto", "noop"]


def test_identical_creates_without_a_key_are_one_deed(road: Road) -> None:
    """IDN-4: a deal has no exact key; the same words twice are still one deal."""
    outcome = road.run(WORLD, create_deal(), create_deal("p-2"))
    assert outcome.lane(1) != "noop"
    assert outcome.lane(2) == "noop"


def test_approved_action_row_carries_no_field(road: Road) -> None:
    """FLD-1, FLD-2: what was denied in a field must not come back in the row of its action."""
    road.run(WORLD, log("note", body="x", verified=True))
    approved = {row["field"]: row["new_value"] for row in road.mart("approved_writes")}
    assert "verified" not in approved
    assert approved[None] is None
    assert approved["body"] == '"x"'


def test_unseen_text_is_empty(road: Road) -> None:
    """OVW-3: a blank letter over a value deletes it, and deleting waits for a person."""
    outcome = road.run(WORLD, title_update(title="\u3164\u200b"))
    assert outcome.lane(field="title") in {"review", "deny"}
    assert "gate_overwrite__blank_over_value" in outcome.gates(field="title")


def test_full_width_address_is_the_same_mailbox(road: Road) -> None:
    """IDN-1: an address in other letters makes no second contact."""
    email = "\uff41na@northwind.example"
    outcome = road.run(WORLD, create_contact(email=email, payload={"email": email, "last_name": "con-1"}))
    assert outcome.row()["effective_action"] == "update"


def test_set_and_append_of_one_field_disagree(road: Road) -> None:
    """OVW-6: what comes out would hang on the order, so both are one case."""
    tags = change("tech_stack_tags", ["zzz"], seen=["okta"])
    more = {"field": "tech_stack_tags", "op": "append", "value": ["yyy"]}
    first = {**update("com-1", tags), "object": "company"}
    second = {**update("com-1", more, proposal_id="p-2"), "object": "company"}
    outcome = road.run(WORLD, first, second)
    lanes = [outcome.lane(line, "tech_stack_tags") for line in (1, 2)]
    assert "auto" not in lanes


def test_one_value_in_two_spellings_is_written_once(road: Road) -> None:
    """IDN-4: a phone number with and without spaces is one deed."""
    spellings = ("+1 415 555 0177", "+14155550177")
    current = next(row for row in WORLD.crm if row["id"] == "con-1")["fields"].get("phone")
    wanted = [update("con-1", change("phone", text, seen=current), proposal_id=f"p-{text}") for text in spellings]
    outcome = road.run(WORLD, *wanted)
    assert sorted(outcome.lane(line, "phone") for line in (1, 2)) == ["auto", "noop"]


def test_switched_off_actor_uses_up_no_ids(road: Road) -> None:
    """CON-4, FLD-7: who has no standing cannot quarantine a colleague's proposal by taking its id."""
    stranger = {**title_update(title="Other"), "actor": {"type": "ai_agent", "id": "nobody"}}
    outcome = road.run(WORLD, stranger, title_update())
    assert [outcome.lane(line) for line in (1, 2)] == ["deny", "auto"]


def test_suggestion_does_not_answer_for_a_later_write(road: Road) -> None:
    """CNF-1: what was only suggested is written when a surer proposal comes."""
    unsure = title_update(confidence=60)
    assert road.run(WORLD, unsure).lane(field="title") == "suggest"
    assert road.run(WORLD, title_update("p-2")).lane(field="title") == "auto"


def test_create_company_with_an_unseen_name_lacks_a_required_field(road: Road) -> None:
    """FLD-1: a name that nobody sees is no name."""
    named = create_company()
    unseen = {**named, "payload": {**named["payload"], "name": "\u200b"}}
    assert road.run(WORLD, unseen).lane() == "deny"
