"""Who took part in what a log names, and whether it took place."""

from __future__ import annotations

import json
from typing import Any

import pytest

from wb_pipeline.facts.activity_evidence import write_activity_evidence
from wb_pipeline.facts.field_names import write_field_names
from wb_pipeline_tests.facts.factories import World

ANA, BEN = "ana@northwind.example", "ben@northwind.example"


def the_world() -> World:
    """Return Northwind with Ana, Ben and a deal."""
    world = World()
    world.record("company", "com-1", name="Northwind", domain="northwind.example", additional_domains=["nw.example"])
    world.record("company", "com-2", name="Halcyon", domain="halcyon.example")
    world.record("contact", "con-1", first_name="Ana", last_name="Ruiz", email=ANA, company_id="com-1")
    world.record("contact", "con-2", first_name="Ben", last_name="Okafor", email=BEN, second_email="b@home.example")
    world.record("deal", "deal-1", company_id="com-1")
    return world


def logged(world: World, kind: str = "meeting", cites: tuple[str, ...] = (), **said: Any) -> dict[str, Any]:
    """Return the facts of a log of con-1."""
    payload = {"activity_type": kind, "contact_id": "con-1", **said}
    key = world.proposal("log", "activity", payload=payload, cites=cites)
    world.run(write_field_names, write_activity_evidence)
    cursor = world.con.execute("select * from facts.activity_evidence where proposal_key = ?", [key])
    names = [column[0] for column in cursor.description or []]
    (row,) = cursor.fetchall()
    return dict(zip(names, row, strict=True))


def attendee(email: str, **more: Any) -> dict[str, Any]:
    """Return somebody who was at a meeting."""
    return {"name": "", "email": email, "response": "accepted", "attended": True, **more}


@pytest.mark.parametrize(
    ("evidence_type", "parts", "took_part"),
    [
        ("email", {"from": {"email": "ANA+crm@Northwind.example"}, "to": []}, True),
        ("email", {"from": {"email": "x@our.example"}, "to": [{"email": BEN}], "cc": [{"email": ANA}]}, True),
        ("email", {"from": {"email": BEN}, "to": [{"email": "x@our.example"}]}, False),
        ("email", {"from": "Ana Ruiz <ana@northwind.example>"}, True),
        ("calendar_event", {"attendees": [attendee(ANA)]}, True),
        ("calendar_event", {"attendees": [attendee(ANA, attended=False), attendee(BEN)]}, False),
        ("calendar_event", {"organizer": ANA, "attendees": [attendee(ANA, attended=False)]}, False),
        ("calendar_event", {"attendees": [attendee(ANA, attended=None, response="declined")]}, False),
        ("calendar_event", {"attendees": []}, False),
        ("calendar_event", {}, False),
        ("calendar_event", {"attendees": "everybody"}, False),
        ("call_recording", {"participants": [{"name": "Ana Ruiz", "role": "prospect"}]}, True),
        ("call_recording", {"participants": [{"name": "Ruiz, Ana"}]}, True),
        ("call_recording", {"participants": [{"name": "Ana"}]}, False),
        ("call_recording", {"participants": [{"name": "Ana Ruiz", "email": "ana@elsewhere.example"}]}, False),
    ],
)
def test_contact_takes_part_by_any_address(evidence_type: str, parts: dict[str, Any], *, took_part: bool) -> None:
    """LOG-2: sender, recipient, attendee or speaker; a name counts only where there is no address."""
    world = the_world()
    state = {"email": "inbound", "calendar_event": "held", "call_recording": "completed"}[evidence_type]
    world.evidence("ev-1", evidence_type, state, **parts)
    assert logged(world, "call", ("ev-1",))["has_part_taken"] is took_part


def test_what_a_log_names_decides_beside_what_it_cites() -> None:
    """LOG-2: the meeting that it names is the one it is about, whatever else it cites."""
    world = the_world()
    world.evidence("ev-1", "calendar_event", "held", event_id="cal-1", attendees=[attendee(BEN)])
    world.evidence("ev-2", "email", "inbound", **{"from": {"email": ANA}})
    assert logged(world, cites=("ev-2",))["has_part_taken"] is True
    assert logged(world, cites=("ev-2",), calendar_event_id=" CAL-1")["has_part_taken"] is False
    assert logged(world, cites=("ev-1", "ev-2"))["has_part_taken"] is True


def test_named_message_is_found_without_its_brackets() -> None:
    """LOG-2: `<id@host>` and `id@host` are one message; what nobody has is named."""
    world = the_world()
    world.evidence("ev-1", "email", "inbound", message_id="<M-1@mail.example>", **{"from": {"email": BEN}})
    assert logged(world, "email", message_id="m-1@mail.example")["has_part_taken"] is False
    found = logged(world, "email", message_id="<m-2@mail.example>")
    assert (found["unknown_ids"], found["item_count"], found["has_part_taken"]) == ('["<m-2@mail.example>"]', 0, True)


@pytest.mark.parametrize(
    ("about", "took_part"),
    [
        ({"company_id": "com-1"}, True),
        ({"company_id": "com-2"}, False),
        ({"deal_id": "deal-1"}, True),
        ({"contact_id": "con-2"}, False),
        ({"contact_id": "con-9"}, False),
    ],
)
def test_company_takes_part_by_its_domains_and_contacts(about: dict[str, str], *, took_part: bool) -> None:
    """LOG-2: where no contact is named, anybody of the company will do."""
    world = the_world()
    world.evidence("ev-1", "email", "inbound", **{"from": {"email": "who@mail.nw.example"}})
    world.evidence("ev-2", "email", "inbound", **{"from": {"email": ANA}})
    for cited in ("ev-1", "ev-2"):
        said = {"contact_id": None, **about}
        assert logged(world, "email", (cited,), **said)["has_part_taken"] is took_part, cited


@pytest.mark.parametrize(
    ("said", "unrelated"),
    [
        ({"company_id": "com-1"}, []),
        ({"company_id": "com-2"}, ["com-2"]),
        ({"company_id": "com-9"}, ["com-9"]),
        ({"company_id": "com-up"}, []),
        ({"company_id": "com-1", "deal_id": "deal-2"}, ["deal-2"]),
        ({"deal_id": "deal-1"}, []),
        # Ben has no company on record: his address speaks for him.
        ({"contact_id": "con-2", "company_id": "com-1"}, []),
        ({"contact_id": "con-3", "company_id": "com-2"}, []),
        ({"contact_id": "con-4", "company_id": "com-3"}, ["com-3"]),
        ({"contact_id": None, "company_id": "com-1", "deal_id": "deal-1"}, []),
        ({"contact_id": None, "company_id": "com-1", "deal_id": "deal-2"}, ["com-1", "deal-2"]),
        ({"contact_id": None, "deal_id": "deal-2"}, []),
    ],
)
def test_company_and_deal_are_of_whom_it_names(said: dict[str, str], unrelated: list[str]) -> None:
    """LOG-2: by employer (its house is one), by the domain of an address (aliases count, mail providers do not)."""
    world = the_world()
    world.record("company", "com-up", name="Northwind Group", domain="group.example")
    world.record("company", "com-1", name="Northwind", domain="northwind.example", parent_company_id="com-up")
    world.record("company", "com-3", name="One-man show", domain="free.example")
    world.record("deal", "deal-2", company_id="com-2")
    world.record("contact", "con-3", last_name="Roe", email="cy@halcyon-care.example")
    world.record("contact", "con-4", last_name="Poe", email="di@free.example")
    world.con.execute("insert into policy.domain_aliases values ('p', 'halcyon-care.example', 'halcyon.example')")
    world.con.execute("insert into policy.mail_domains values ('p', 'personal', 'free.example')")
    assert json.loads(logged(world, "note", **said)["unrelated_ids"]) == unrelated


def test_who_took_part_relates_a_company() -> None:
    """LOG-2: somebody of Halcyon was there, so it is Halcyon's meeting too; whom another item names was not."""
    world = the_world()
    world.record("deal", "deal-2", company_id="com-2")
    world.evidence("ev-1", "calendar_event", "held", attendees=[attendee(ANA), attendee("x@halcyon.example")])
    world.evidence("ev-2", "calendar_event", "held", event_id="cal-2", attendees=[attendee(ANA)])
    said = {"company_id": "com-2", "deal_id": "deal-2"}
    assert logged(world, cites=("ev-1",), **said)["unrelated_ids"] == "[]"
    named = logged(world, cites=("ev-1",), calendar_event_id="cal-2", **said)
    assert json.loads(named["unrelated_ids"]) == ["com-2", "deal-2"]


def test_log_about_nobody_is_seen() -> None:
    """LOG-2: without contact, company and deal it is about nobody."""
    world = the_world()
    assert logged(world, "note", contact_id=" ")["is_about_somebody"] is False
    assert logged(world, "note", contact_id=None, deal_id="deal-1")["is_about_somebody"] is True


@pytest.mark.parametrize(
    ("state", "said", "because"),
    [
        ("held", {}, None),
        ("confirmed", {}, None),
        ("cancelled", {}, "not_held"),
        ("no_show", {}, "not_held"),
        ("tentative", {}, "not_held"),
        ("", {}, "not_held"),
        ("no_show", {"outcome": "No-show"}, None),
        ("held", {"occurred_at": "2026-03-04T09:00:00Z"}, "in_the_future"),
        ("held", {"activity_type": "task", "occurred_at": "2026-03-04T09:00:00Z"}, None),
        ("cancelled", {"activity_type": "note"}, None),
    ],
)
def test_meeting_that_was_not_held_is_seen(state: str, said: dict[str, Any], because: str | None) -> None:
    """LOG-3: cancelled, missed, tentative or still to come; one that is logged as missed is honest."""
    world = the_world()
    world.evidence("ev-1", "calendar_event", state, event_id="cal-1", attendees=[attendee(ANA)])
    assert logged(world, **{"calendar_event_id": "cal-1", **said})["not_held_because"] == because
    assert logged(world, cites=("ev-1",), **said)["not_held_because"] == because


def test_meeting_that_is_still_to_come_is_seen() -> None:
    """LOG-3: confirmed for next week is not held."""
    world = the_world()
    world.evidence("ev-1", "calendar_event", "confirmed", event_id="cal-1", happened_at="2026-03-09 09:00:00")
    world.evidence("ev-2", "calendar_event", "held", event_id="cal-2", happened_at=None)
    assert logged(world, calendar_event_id="cal-1")["not_held_because"] == "in_the_future"
    assert logged(world, calendar_event_id="cal-2")["not_held_because"] == "time_unknown"


@pytest.mark.parametrize(
    ("state", "outcome", "because"),
    [
        ("completed", None, None),
        ("no_answer", None, "nobody_reached"),
        ("voicemail", "connected", "nobody_reached"),
        ("no_answer", "Left voicemail", None),
        ("", "connected", "nobody_reached"),
    ],
)
def test_call_that_reached_nobody_is_seen(state: str, outcome: str | None, because: str | None) -> None:
    """LOG-3: a dialler's `no_answer` is no conversation, unless the log says so itself."""
    world = the_world()
    world.evidence("ev-1", "call_recording", state, recording_id="rec-1", participants=[{"email": ANA}])
    assert logged(world, "call", recording_id="rec-1", outcome=outcome)["not_held_because"] == because


def test_item_whose_id_stands_twice_proves_no_part() -> None:
    """LOG-2, EVD-2: which of the two was meant, nobody can say."""
    world = the_world()
    world.evidence("ev-1", "email", "inbound", message_id="m-1", **{"from": {"email": ANA}})
    world.con.execute("update raw.evidence_items set is_duplicated_id = true")
    assert logged(world, "email", cites=("ev-1",))["has_part_taken"] is False


def test_evidence_that_is_no_object_takes_no_time_and_nobody_part() -> None:
    """LOG-2: wrong shapes name nobody and raise nothing; a long list is read so far."""
    world = the_world()
    crowd = [{"email": f"p{number}@crowd.example"} for number in range(5_000)]
    world.evidence("ev-1", "email", "inbound", **{"from": [None, 3, {"email": ["x"]}], "to": {"a": {"b": []}}})
    world.evidence("ev-2", "call_recording", "completed", participants=[*crowd, {"email": ANA}])
    for cited in ("ev-1", "ev-2"):
        assert logged(world, "email", (cited,))["has_part_taken"] is False
