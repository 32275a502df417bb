"""Activities: logged once, on whom they concern, and only if they took place."""

from __future__ import annotations

from typing import Any

import pytest

from wb_pipeline_tests.road.harness import Road
from wb_pipeline_tests.road.world import WORLD, Row, log, record, with_records

_CALL: Row = {
    "occurred_at": "2026-02-27T09:00:00Z",
    "subject": "Roll-out",
    "body": "They plan on paper. Ana owns the decision, Ben checks the numbers.",
}


def event(event_id: str, status: str, *addresses: str, **more: Any) -> Row:
    """Return a calendar event of last week that everybody named attended."""
    attendees = [{"name": "", "email": one, "response": "accepted", "attended": True} for one in addresses]
    times = {"start": "2026-02-26T09:00:00Z", "end": "2026-02-26T10:00:00Z", **more}
    common = {"id": event_id, "type": "calendar_event", "event_id": event_id, "status": status}
    return {**common, "attendees": attendees, **times}


def email(message_id: str, sender: str) -> Row:
    """Return an email to us."""
    people = {"direction": "inbound", "from": {"name": "", "email": sender}, "to": [], "cc": []}
    said = {"subject": "Re", "body": "Yes.", "sent_at": "2026-02-26T09:00:00Z"}
    return {"id": message_id, "type": "email", "message_id": f"<{message_id}@mail.example>", **people, **said}


def meeting(proposal_id: str = "p-1", **said: Any) -> Row:
    """Return a log of the meeting that Ana was at."""
    return log("meeting", proposal_id, evidence=[{"ref": "meeting"}], **said)


def test_call_that_two_tools_report_is_logged_once(road: Road) -> None:
    """LOG-1: other field names, other words for call, minutes apart: one goes on, the other points to it."""
    outcome = road.run(
        WORLD,
        log("call", "p-1", **_CALL),
        log("meeting", "p-2", evidence=[{"ref": "meeting"}], **{**_CALL, "occurred_at": "2026-02-27T10:04:00+01:00"}),
        log("call", "p-3", occurred_at=_CALL["occurred_at"], Subject="Roll-out", Body=_CALL["body"]),
        log("call", "p-4", **{**_CALL, "occurred_at": "2026-02-27T15:00:00Z"}),
    )
    assert [outcome.lane(line) for line in (1, 2, 3, 4)] == ["auto", "noop", "noop", "auto"]
    assert outcome.row(2)["repeats_change_id"] == outcome.row(1)["change_id"] == outcome.row(3)["repeats_change_id"]
    assert set(outcome.lanes(3).values()) == {"noop"}


def test_stopped_report_swallows_no_other(road: Road) -> None:
    """LOG-1, IDN-4: of two reports the one that passes goes on, whatever their order."""
    unsure = {**log("call", "p-1", **_CALL), "confidence": 30}
    outcome = road.run(WORLD, unsure, log("call", "p-2", **_CALL))
    assert [outcome.lane(line) for line in (1, 2)] == ["deny", "auto"]


def test_activity_of_an_earlier_batch_is_not_logged_again(road: Road) -> None:
    """LOG-1: by its message or its words, also under another name of the field."""
    world = with_records(evidence=[email("m-1", "ana@northwind.example")])
    first = log("email", "p-1", evidence=[{"ref": "m-1"}], message_id="<m-1@mail.example>", subject="Re: quote")
    road.run(world, first, log("note", "p-2", body="Left a voicemail."))
    outcome = road.run(
        world,
        log("email", "p-3", evidence=[{"ref": "m-1"}], messageId="M-1@mail.example"),
        log("note", "p-4", BODY="Left a voicemail"),
        log("note", "p-5", body="Asked for the security answers."),
    )
    assert [outcome.lane(line) for line in (1, 2, 3)] == ["noop", "noop", "auto"]


def test_activity_of_the_crm_is_not_logged_again(road: Road) -> None:
    """LOG-1: what the CRM has is denied with the activity's id."""
    world = with_records(
        record("activity", "act-1", {"type": "meeting", "contact_id": "con-1", "calendar_event_id": "cal-1"})
    )
    outcome = road.run(world, meeting(calendar_event_id="CAL-1"), meeting("p-2", subject="Another one"))
    assert (outcome.lane(1), outcome.gates(1)) == ("deny", {"gate_activity__already_logged"})
    assert '"act-1"' in outcome.row(1)["objections"]
    assert outcome.lane(2) == "auto"


def test_activity_goes_to_whom_it_concerns(road: Road) -> None:
    """LOG-2: Ben was not in Ana's meeting; a deal or company of theirs may have it; nobody's waits."""
    outcome = road.run(
        WORLD,
        meeting(),
        meeting("p-2", contact_id="con-2", subject="Other"),
        meeting("p-3", contact_id=None, company_id="com-1", subject="Third"),
        meeting("p-4", contact_id=None, company_id="com-2", subject="Fourth"),
        log("note", "p-5", contact_id=None, body="The board said yes."),
        log("note", "p-6", body="The board said no."),
    )
    lanes = [outcome.lane(line) for line in range(1, 7)]
    assert lanes == ["auto", "deny", "auto", "deny", "review", "auto"]
    assert "gate_activity__contact_took_no_part" in outcome.gates(2) & outcome.gates(4)
    assert "gate_activity__about_nobody" in outcome.gates(5)
    assert outcome.row(6)["labels"] == '["unverified"]'


def test_right_contact_is_no_ticket_for_another_deal(road: Road) -> None:
    """LOG-2: Ana's meeting goes on her company and its deal, on nobody else's by itself, with a contact or without."""
    world = with_records(
        record("deal", "deal-2", {"name": "Wards", "company_id": "com-2", "stage": "proposal"}),
        record("deal", "deal-3", {"name": "Nobody's", "stage": "proposal"}),
        record("deal", "deal-4", {"name": "Hers", "stage": "proposal", "primary_contact_id": "con-1"}),
    )
    named: list[tuple[Row, str]] = [
        ({"company_id": "com-1", "deal_id": "deal-1"}, "auto"),
        ({"company_id": "com-2"}, "review"),
        ({"company_id": "com-1", "deal_id": "deal-2"}, "review"),
        ({"deal_id": "deal-3"}, "review"),
        ({"deal_id": "deal-4"}, "auto"),
        ({"contact_id": None, "company_id": "com-1", "deal_id": "deal-2"}, "review"),
    ]
    logs = [meeting(f"p-{i}", subject=f"No. {i}", **said) for i, (said, _) in enumerate(named)]
    bare = {"contact_id": None, "body": "Asked for a quote."}
    logs.append(log("note", "p-7", **bare, company_id="com-1", deal_id="deal-2"))
    logs.append(log("note", "p-8", **bare, company_id="com-2"))
    outcome = road.run(world, *logs)
    lanes = [lane for _, lane in named] + ["review", "auto"]
    assert [outcome.lane(line) for line in range(1, 9)] == lanes
    for line, lane in enumerate(lanes, start=1):
        assert ("gate_activity__named_record_unrelated" in outcome.gates(line)) is (lane == "review"), line


def test_call_that_names_an_unknown_recording_is_reviewed(road: Road) -> None:
    """LOG-2: who took part in a recording that nobody has, nobody can tell."""
    outcome = road.run(WORLD, log("call", recording_id="rec-9"))
    assert (outcome.lane(), outcome.gates()) == ("review", {"gate_activity__named_item_unknown"})


@pytest.mark.parametrize("status", ["cancelled", "no_show", "tentative"])
def test_meeting_that_was_not_held_is_not_logged(status: str, road: Road) -> None:
    """LOG-3: also as a call, and beside another meeting that was held."""
    world = with_records(evidence=[event("cal-2", status, "ana@northwind.example")])
    outcome = road.run(
        world,
        log("meeting", "p-1", calendar_event_id="cal-2", evidence=[{"ref": "cal-2"}]),
        log("call", "p-2", calendar_event_id="cal-2", evidence=[{"ref": "meeting"}], outcome="connected"),
    )
    for line in (1, 2):
        assert outcome.lane(line) == "deny"
        assert "gate_activity__not_held" in outcome.gates(line)


def test_meeting_that_is_still_to_come_is_not_logged(road: Road) -> None:
    """LOG-3: confirmed is not held as long as its time has not come."""
    later = event(
        "cal-2", "confirmed", "ana@northwind.example", start="2026-03-05T15:00:00Z", end="2026-03-05T15:30:00Z"
    )
    outcome = road.run(
        with_records(evidence=[later]),
        log("meeting", "p-1", evidence=[{"ref": "cal-2"}]),
        meeting("p-2", occurred_at="2026-03-05T15:00:00Z"),
        log("task", "p-3", subject="Call back", occurred_at="2026-03-05T15:00:00Z"),
    )
    assert [outcome.lane(line) for line in (1, 2, 3)] == ["deny", "deny", "auto"]


def test_call_that_nobody_answered_is_logged_as_such_only(road: Road) -> None:
    """LOG-3: `connected` on a call that rang out is a claim; `no answer` is what happened."""
    rang: Row = {
        "id": "rec-1",
        "type": "call_recording",
        "recording_id": "rec-1",
        "started_at": "2026-02-26T09:00:00Z",
        "duration_s": 31,
        "outcome": "no_answer",
        "participants": [{"name": "Ana", "email": "ana@northwind.example", "role": "prospect"}],
        "transcript": [],
    }
    world = with_records(evidence=[rang])
    said = [{"outcome": "connected"}, {}, {"outcome": "No answer"}]
    for outcome_said, lane in zip(said, ["deny", "deny", "auto"], strict=True):
        assert (
            road.rehearse(world, log("call", recording_id="rec-1", evidence=[{"ref": "rec-1"}], **outcome_said)).lane()
            == lane
        )
