"""Whom a create means where no key says it, whose id does not fit, and which creates are one: matching on the road."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest

from wb_pipeline_tests.road.harness import Outcome, Road
from wb_pipeline_tests.road.world import (
    Row,
    change,
    contact,
    create_contact,
    record,
    update,
    verified,
    with_records,
)

_PROFILE = "https://www.linkedin.com/in/robert-castellanos"
_ROBERT = contact(
    "con-3",
    first_name="Robert",
    last_name="Castellanos",
    email="robert.castellanos@northwind.example",
    title="Plant Manager",
    phone="+14155550177",
    linkedin_url=_PROFILE,
)
_JELENA = contact("con-4", first_name="Jelena", last_name="Vukovic", email="jelena.vukovic@northwind.example")
_LEAD = record(
    "lead",
    "lead-1",
    {
        "first_name": "Mirela",
        "last_name": "Dragomir",
        "email": "mirela.dragomir@halcyon.example",
        "phone": "+14155550188",
    },
)
_MAILBOXES = (
    "bob.castellanos@northwind.example",
    "robert.castellanos@northwind.example",
    "mirela.d@halcyon.example",
    "jvukovic@halcyon.example",
    "noemi.szabo@northwind.example",
    "n.szabo@northwind.example",
    "szabo.noemi@northwind.example",
)


def _profile(ref: str, name: str, slug: str, company: str = "Northwind", domain: str = "northwind.example") -> Row:
    current = {"title": "CTO", "company": company, "company_domain": domain}
    item = {"id": ref, "type": "linkedin_profile", "url": f"https://www.linkedin.com/in/{slug}", "name": name}
    return {**item, "current": current, "past": [], "observed_at": "2026-02-27T09:00:00Z"}


_EVIDENCE = (
    *map(verified, _MAILBOXES),
    _profile("own", "Bob Castellanos", "robert-castellanos"),
    _profile("colleague", "Jelena Vukovic", "jelena-vukovic-4"),
    _profile("stranger", "Per Holm", "per-holm-77", "Larkspur", "larkspur.example"),
)
_WORLD = with_records(_ROBERT, _JELENA, _LEAD, evidence=_EVIDENCE)


def _create(proposal_id: str, email: str, **fields: Any) -> Row:
    return create_contact(proposal_id, email, payload={"email": email, **fields})


_NICKNAME = _create(
    "p-1",
    "bob.castellanos@northwind.example",
    first_name="Bob",
    last_name="Castellanos",
    phone="+1 415 555 0177",
    linkedin_url=_PROFILE,
    title="Plant Director",
    persona="it_leader",
)


def _likeness(road: Road, table: str = "likeness_decisions") -> list[dict[str, Any]]:
    return road.rows(f"select * from facts.{table} order by all")


def test_create_of_a_known_person_is_judged_as_an_update(road: Road) -> None:
    """IDN-2, IDN-3: nickname and address are others; the record keeps its values, a blank field meets the gates of an
    update, an equal one is done, a differing one is pending, and there are as many rows as the create had.
    """
    outcome = road.run(_WORLD, _NICKNAME, with_suites=True)
    action = outcome.row()
    assert (action["effective_action"], action["record_id"], action["match_method"]) == ("update", "con-3", "likeness")
    assert outcome.lanes() == {
        "*": "auto",
        "email": "deny",
        "first_name": "deny",
        "last_name": "noop",
        "phone": "noop",
        "linkedin_url": "noop",
        "title": "deny",
        "persona": "auto",
    }
    assert "one in short form" in action["match_reason"]


def test_both_confidences_are_shown_and_the_smaller_is_used(road: Road) -> None:
    """IDN-12: a match by likeness is less than certain, and so is what is written by it."""
    for stated in (95, 100):
        row = road.rehearse(_WORLD, {**_NICKNAME, "confidence": stated}).row(1, "persona")
        assert 0.97 < row["match_probability"] < 1
        assert row["confidence"] == stated
        assert row["effective_confidence"] == pytest.approx(min(stated, 100 * row["match_probability"]))


def test_person_who_is_nobody_in_the_crm_is_created(road: Road) -> None:
    """IDN-3: where nobody is like it there is nothing to wait for."""
    outcome = road.run(_WORLD, _create("p-1", "noemi.szabo@northwind.example", first_name="Noemi", last_name="Szabo"))
    assert set(outcome.lanes().values()) == {"auto"}
    (decision,) = _likeness(road)
    assert (decision["decision"], decision["record_id"]) == ("create", None)
    assert decision["new_probability"] > 0.99


@pytest.mark.parametrize(
    ("email", "fields", "record_id"),
    [
        ("jvukovic@halcyon.example", {"first_name": "Jelena", "last_name": "Vukovic"}, "con-4"),
        (
            "mirela.d@halcyon.example",
            {"first_name": "Mirela", "last_name": "Dragomir", "phone": "+14155550188"},
            "lead-1",
        ),
    ],
    ids=["namesake_at_another_firm", "lead_of_the_same_person"],
)
def test_create_in_doubt_waits_with_its_candidates(road: Road, email: str, fields: Row, record_id: str) -> None:
    """IDN-2, IDN-3: neither matched nor created; a contact is never judged as an update of a lead."""
    outcome = road.run(_WORLD, _create("p-1", email, **fields), with_suites=True)
    assert set(outcome.lanes().values()) == {"review"}
    assert "gate_identity__target_ambiguous" in outcome.gates()
    (row,) = road.rows("select match_candidates from main.int_proposals_matched_to_records")
    assert record_id in {each["record_id"] for each in json.loads(row["match_candidates"])}


@pytest.mark.parametrize(("first", "last"), [("Agnieszka", "Wojcik"), ("Agnieszka", "Castellanos")])
def test_recycled_address_is_no_match(road: Road, first: str, last: str) -> None:
    """IDN-1: the very address of a record, under the name of somebody else, identifies nobody."""
    proposal = _create("p-1", "robert.castellanos@northwind.example", first_name=first, last_name=last)
    outcome = road.run(_WORLD, proposal)
    assert set(outcome.lanes().values()) == {"review"}
    assert "given to somebody else" in outcome.row()["match_reason"]


def test_address_without_a_name_still_identifies(road: Road) -> None:
    """IDN-1: an exact key that is not shared decides by itself."""
    outcome = road.run(_WORLD, _create("p-1", "robert.castellanos@northwind.example", persona="it_leader"))
    assert (outcome.row()["record_id"], outcome.lane(1, "persona")) == ("con-3", "auto")


def _title(*refs: str) -> Row:
    seen = change("title", "CTO", seen="Plant Manager")
    return update("con-3", seen, source="linkedin", evidence=[{"ref": ref} for ref in refs])


@pytest.mark.parametrize(
    ("refs", "lane", "is_contradicted"),
    [
        (("own",), "auto", False),
        (("colleague",), "deny", True),
        (("stranger",), "deny", True),
        (("own", "colleague"), "deny", False),
        (("colleague", "stranger"), "deny", True),
    ],
    ids=["own", "colleague", "stranger", "own_among_others", "only_others"],
)
def test_target_id_is_held_against_the_evidence(
    road: Road, refs: Sequence[str], lane: str, *, is_contradicted: bool
) -> None:
    """IDN-1, IDN-2, EVD-3: a wrong id is caught; one item that fits the record is enough for a right one, and what is
    about somebody else is still no evidence.
    """
    outcome = road.run(_WORLD, _title(*refs))
    assert outcome.lane(1, "title") == lane
    assert ("gate_identity__target_contradicted" in outcome.gates()) is is_contradicted


def test_verification_of_an_address_that_the_change_brings_does_not_contradict_the_id(road: Road) -> None:
    """IDN-1: what a proposal is about to write says nothing of the record as it stands."""
    new = change("email", "bob.castellanos@northwind.example", seen="robert.castellanos@northwind.example")
    outcome = road.run(_WORLD, update("con-3", new, evidence=[{"ref": "valid:bob.castellanos@northwind.example"}]))
    assert "gate_identity__target_contradicted" not in outcome.gates()


_SZABO = "https://www.linkedin.com/in/noemi-szabo-7a1"
_ONE_PERSON = [
    _create(f"p-{number}", email, first_name=first, last_name="Szabo", linkedin_url=_SZABO, phone="+36301234567")
    for number, (email, first) in enumerate(
        [
            ("noemi.szabo@northwind.example", "Noemi"),
            ("n.szabo@northwind.example", "Noémi"),
            ("szabo.noemi@northwind.example", "Noemi"),
        ],
        start=1,
    )
]


def _keys(road: Road) -> set[Any]:
    return {row["create_key"] for row in road.rows("select create_key from facts.proposal_keys")}


def test_creates_of_one_person_are_one(road: Road) -> None:
    """IDN-4: three addresses of one person share a key, one goes on and the others point to it, in any order."""
    keys, chosen = set(), set()
    for order in (_ONE_PERSON, _ONE_PERSON[::-1]):
        outcome = road.rehearse(_WORLD, *order)
        lanes = {order[line - 1]["proposal_id"]: outcome.lane(line) for line in (1, 2, 3)}
        assert sorted(lanes.values()) == ["auto", "noop", "noop"]
        chosen.add(next(name for name, lane in lanes.items() if lane == "auto"))
        keys |= _keys(road)
    assert (len(keys), len(chosen)) == (1, 1)


def test_create_of_a_person_whom_an_open_create_made_points_to_it(road: Road) -> None:
    """IDN-4: an earlier batch's create that was not stopped counts like a record."""
    earlier = road.run(_WORLD, _ONE_PERSON[0])
    later = road.run(_WORLD, _ONE_PERSON[1])
    assert (earlier.lane(), later.lane()) == ("auto", "noop")
    assert later.row()["repeats_change_id"] == earlier.row()["change_id"]


def test_stopped_create_of_an_earlier_batch_holds_nobody_back(road: Road) -> None:
    """IDN-4: what was denied made nothing."""
    assert road.run(_WORLD, {**_ONE_PERSON[0], "evidence": []}).lane() == "deny"
    assert road.run(_WORLD, _ONE_PERSON[1]).lane() == "auto"


def test_creates_that_may_be_one_both_wait(road: Road) -> None:
    """IDN-4: in doubt neither of two goes on by chance."""
    vague = [
        {**each, "payload": {key: each["payload"][key] for key in ("email", "first_name", "last_name")}}
        for each in _ONE_PERSON[:2]
    ]
    outcome: Outcome = road.run(_WORLD, *vague)
    assert [outcome.lane(line) for line in (1, 2)] == ["review", "review"]


@pytest.mark.parametrize(
    "name",
    ["'; drop table facts.likely_twins; --", "\u202eobázS", "\N{OGHAM LETTER UATH}" * 300, "\x00", "%_%", "{{ x }}"],
)
def test_hostile_names_are_compared_like_any_other(road: Road, name: str) -> None:
    """CON-7: a name is data, however it is written; nothing is matched by it."""
    proposal = _create("p-1", "noemi.szabo@northwind.example", first_name=name, last_name=name)
    outcome = road.run(_WORLD, proposal)
    assert outcome.row()["match_method"] is None
    assert outcome.lane() in {"auto", "review", "deny", "quarantine"}


def test_same_batch_again_is_matched_as_it_was_though_another_came_between(road: Road) -> None:
    """CON-4, IDN-4, law 4: what a later batch created is not seen by the one before it when that is run again."""
    tables = ("identity_statements", "likeness_decisions", "likely_records", "likely_twins", "proposal_keys")
    batch = road.write_batch([{**_NICKNAME, "proposal_id": "p-8"}, _ONE_PERSON[0]])
    run_id = road.begin(_WORLD, batch)
    road.decide(run_id)
    before = [_likeness(road, table) for table in tables]
    road.seal(run_id)
    assert road.run(_WORLD, {**_ONE_PERSON[2], "proposal_id": "p-9"}).lane() == "noop"
    road.decide(road.begin(_WORLD, batch))
    assert [_likeness(road, table) for table in tables] == before
