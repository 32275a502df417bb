"""What has to be shown before something is written, and what is said where it was not."""

from __future__ import annotations

from wb_pipeline_tests.road.harness import Road
from wb_pipeline_tests.road.world import EVIDENCE, WORLD, create_contact, log, title_update, with_records

_NOT_HELD = "gate_activity__not_held"
_VOID = "gate_evidence__void_state"
_MISSING = "gate_evidence__required_kind_missing"


def test_text_without_evidence_is_labelled(road: Road) -> None:
    """EVD-8: a note is written, and never presented as fact, however its key is written (CON-5)."""
    keys = {
        "body": "the board said yes",
        "Body": "they hire in spring",
        "properties.body": "call again in May",
        "BODY ": "price is no issue",
    }
    outcome = road.run(WORLD, *(log("note", f"p-{key}", **{key: text}) for key, text in keys.items()))
    for line, key in enumerate(keys, start=1):
        assert (outcome.lane(line), outcome.row(line)["labels"]) == ("auto", '["unverified"]'), key


def test_text_with_evidence_is_not_labelled(road: Road) -> None:
    """EVD-8: the label says that nothing was cited, so it must not stand on a text with evidence."""
    outcome = road.run(
        WORLD,
        log("note", "p-1", body="they liked it", evidence=[{"ref": "meeting"}]),
        log("call", "p-2", evidence=[]),
        log("note", "p-3", body="  "),
    )
    assert [outcome.row(line)["labels"] for line in (1, 2, 3)] == ["[]", "[]", "[]"]


def test_meeting_needs_its_calendar_event(road: Road) -> None:
    """EVD-1: however the word is written, a meeting without a calendar event is not logged."""
    written = ["meeting", "\uff4deeting", "\tmeeting", " Meeting", "MEETING", "meeting\u200b", "meeting\u00a0"]
    outcome = road.run(WORLD, *(log(word, f"p-{number}") for number, word in enumerate(written)))
    for line, word in enumerate(written, start=1):
        assert set(outcome.lanes(line).values()) <= {"deny", "review"}, word
    assert _MISSING in outcome.gates(1)


def test_meeting_that_did_not_happen_is_no_evidence(road: Road) -> None:
    """EVD-4: evidence counts in the right state only."""
    event = next(item for item in EVIDENCE if item["id"] == "meeting")
    states = ["cancelled", "no_show", "tentative"]
    world = with_records(evidence=[{**event, "id": state, "status": state} for state in states])
    outcome = road.run(world, *(log("meeting", state, evidence=[{"ref": state}]) for state in states))
    assert [(outcome.lane(line), outcome.gates(line)) for line in (1, 2, 3)] == [
        ("deny", {_MISSING, _VOID, _NOT_HELD})
    ] * 3


def test_cited_evidence_must_exist(road: Road) -> None:
    """EVD-2: one citation of something that is not there stops it, whatever else is cited."""
    outcome = road.run(WORLD, title_update(evidence=[{"ref": "profile"}, {"ref": "made-up"}]))
    assert outcome.lanes() == {"*": "deny", "title": "deny"}


def test_what_waits_for_its_action_has_words(road: Road) -> None:
    """EXC-1: a field that only its action stops says why, and what would let it pass."""
    outcome = road.run(WORLD, create_contact(evidence=[]))
    assert outcome.row(1, "last_name")["objections"] == "[]"
    pending = {row["field"]: row for row in road.mart("pending_changes")}
    assert set(pending) == {None, "email", "last_name"}
    assert pending["last_name"]["why"]
    assert pending["last_name"]["why"] == pending[None]["why"]
    assert pending["last_name"]["to_pass"] == pending[None]["to_pass"]


def test_what_is_reviewed_for_its_action_has_words(road: Road) -> None:
    """EXC-1: the same for a person who reviews it."""
    road.run(WORLD, create_contact(confidence=60))
    queue = road.mart("review_queue")
    assert {row["field"] for row in queue} == {None, "email", "last_name"}
    assert all(row["why"] for row in queue)
