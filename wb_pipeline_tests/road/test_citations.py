"""What an agent cites is looked up: whom it is about, what became of it, when it was, what was said in it."""

from __future__ import annotations

from wb_pipeline_tests.road.harness import Road
from wb_pipeline_tests.road.world import (
    EVIDENCE,
    WORLD,
    Row,
    change,
    contact,
    create_deal,
    log,
    record,
    title_update,
    update,
    with_records,
)

_MEETING = next(item for item in EVIDENCE if item["id"] == "meeting")
_PROFILE = next(item for item in EVIDENCE if item["id"] == "profile")
_CALL: Row = {
    "id": "call",
    "type": "call_recording",
    "recording_id": "rec-1",
    "started_at": "2026-02-26T09:00:00Z",
    "outcome": "connected",
    "participants": [
        {"name": "Ana", "email": "ana@northwind.example", "role": "prospect"},
        {"name": "Dana", "email": "dana@our-company.example", "role": "seller"},
    ],
    "transcript": [
        {"t": "00:00:05", "speaker": "Dana", "role": "seller", "text": "Will you send the signed form on Friday?"},
        {"t": "00:00:20", "speaker": "Ana", "role": "prospect", "text": "Please send the revised quote by Friday."},
    ],
}


def _gate(name: str) -> str:
    return f"gate_evidence__{name}"


def _next_step(deal: str, quote: str, at: str | None) -> Row:
    cited = {"ref": "call", "quote": quote, **({"at": at} if at else {})}
    wanted = change("next_step", "Send the revised quote by Friday", seen=None)
    return update(deal, wanted, proposal_id=deal, source="call", evidence=[cited])


def test_citation_has_to_hold(road: Road) -> None:
    """EVD-3, EVD-4, EVD-5: each fault is told by a gate of its own, on the action and on its fields."""
    faults: dict[str, tuple[Row, str]] = {
        "another": ({**_PROFILE, "url": "https://www.linkedin.com/in/con-2", "name": "Ben"}, _gate("not_about_record")),
        "later": ({**_PROFILE, "observed_at": "2026-03-02T09:30:00Z"}, _gate("after_proposal")),
        "timeless": ({**_PROFILE, "observed_at": "2026-02-27T09:00:00"}, _gate("after_proposal")),
        "old": ({**_PROFILE, "observed_at": "2024-02-27T09:00:00Z"}, _gate("too_old")),
    }
    world = with_records(evidence=[{**item, "id": name} for name, (item, _) in faults.items()])
    outcome = road.run(world, title_update("p-0"), *(title_update(name, evidence=[{"ref": name}]) for name in faults))
    assert outcome.lanes(1) == {"*": "auto", "title": "auto"}
    for line, (name, (_, gate)) in enumerate(faults.items(), start=2):
        assert gate in outcome.gates(line, "title"), name
        assert outcome.lane(line, "title") == "deny", name
        assert (gate in outcome.gates(line)) is (name != "old"), name


def test_good_citation_does_not_excuse_a_bad_one(road: Road) -> None:
    """EVD-3, EVD-4: who cites what is not so is not believed the rest."""
    cancelled = {**_MEETING, "id": "cancelled", "status": "cancelled"}
    both = [{"ref": "profile"}, {"ref": "cancelled"}]
    outcome = road.run(with_records(evidence=[cancelled]), title_update(evidence=both))
    assert outcome.gates(1, "title") == {_gate("void_state")}
    assert outcome.lanes() == {"*": "deny", "title": "deny"}


def test_quote_has_to_stand_there(road: Road) -> None:
    """EVD-6: the buyer's own words, at their time; changed digits and our own words do not count."""
    quotes = [
        ("please send the REVISED quote — by friday", "00:00:30", set()),
        ("please send the revised quote by Monday", None, {_gate("quote_not_found")}),
        ("Will you send the signed form on Friday", None, {_gate("quote_not_found")}),
        ("Please send the revised quote by Friday", "00:09:00", {_gate("quote_not_found")}),
    ]
    # One deal each, so that nothing is repeated.
    deals = [record("deal", f"deal-{n}", {"name": str(n), "company_id": "com-1"}) for n in range(len(quotes))]
    proposals = [_next_step(f"deal-{n}", quote, at) for n, (quote, at, _) in enumerate(quotes)]
    outcome = road.run(with_records(*deals, evidence=[_CALL]), *proposals)
    for line, (quote, _, gates) in enumerate(quotes, start=1):
        assert outcome.gates(line) == gates, quote


def test_person_knew_more_than_older_evidence(road: Road) -> None:
    """EVD-5: what a person wrote after all that is cited is not overruled by it."""
    edited = {"meta": {"title": {"by": "user:u-1", "at": "2026-02-28T09:00:00Z"}}}
    person = {**contact("con-1", email="ana@northwind.example", title="Head of IT"), **edited}
    outcome = road.run(with_records(person), title_update())
    assert _gate("older_than_human_edit") in outcome.gates(1, "title")
    assert outcome.lane(1, "title") == "review"


def test_one_item_justifies_no_more_than_the_policy_says(road: Road) -> None:
    """EVD-9: in the run and on the books together; in whatever order, and whatever becomes of the others."""
    deals = [record("deal", f"deal-{n}", {"name": str(n), "company_id": "com-1", "stage": "proposal"}) for n in (1, 2)]
    moves = [
        update(
            f"deal-{n}",
            change("stage", "negotiation", seen="proposal"),
            proposal_id=f"p-{n}",
            evidence=[{"ref": "meeting"}],
        )
        for n in (1, 2)
    ]
    world = with_records(*deals)
    assert _gate("used_too_often") not in road.run(world, moves[0]).gates(1, "stage")
    assert _gate("used_too_often") in road.run(world, moves[1]).gates(1, "stage")


def test_item_is_not_stretched_over_many_records(road: Road) -> None:
    """EVD-9: a list passed off as proof stops every record that cites it, several fields of one count once."""
    people = [contact(f"con-{n}", email=f"p{n}@northwind.example") for n in range(20, 33)]
    attendees = [{"email": person["fields"]["email"], "attended": True} for person in people]
    crowd = {**_MEETING, "id": "crowd", "attendees": attendees}
    proposals = [
        update(
            person["id"],
            change("persona", "buyer", seen=None),
            change("last_outbound_touch", "2026-02-26T09:00:00Z", seen=None),
            proposal_id=person["id"],
            evidence=[{"ref": "crowd"}],
        )
        for person in people
    ]
    few = road.run(with_records(*people, evidence=[crowd]), *proposals[:12])
    assert not any(_gate("used_too_often") in few.gates(line) for line in range(1, 13))
    more = road.run(with_records(*people, evidence=[crowd]), proposals[12])
    assert _gate("used_too_often") in more.gates(1)


def test_bad_evidence_is_objected_to_in_bounded_time(road: Road) -> None:
    """CON-7: two items with one id, thousands of citations, HTML, nobody invited: clear words, and an end."""
    twins = [{**_MEETING, "id": "twin"}, {**_MEETING, "id": "twin", "status": "cancelled"}]
    empty = {**_MEETING, "id": "empty", "attendees": [], "organizer": None}
    page = {
        "id": "page",
        "type": "email",
        "direction": "inbound",
        "from": {"email": "ana@northwind.example"},
        "sent_at": "2026-02-20T09:00:00Z",
        "body": "<html><body><p>Call me <b>after</b> Easter</p></body></html>",
    }
    # A thousand are looked up; more is no proposal any more, and says so.
    many = [{"ref": "profile"}] * 10_000
    outcome = road.run(
        with_records(evidence=[*twins, empty, page]),
        log("meeting", "p-1", evidence=[{"ref": "twin"}]),
        log("meeting", "p-2", evidence=[{"ref": "empty"}]),
        log("note", "p-3", body="call after Easter", evidence=[{"ref": "page", "quote": "Call me after Easter"}]),
        title_update("p-4", evidence=many[:1_000]),
        title_update("p-5", evidence=many),
    )
    assert _gate("cited_evidence_missing") in outcome.gates(1)
    assert _gate("void_state") in outcome.gates(2)
    assert _gate("quote_not_found") not in outcome.gates(3)
    assert not outcome.gates(4, "title") & {_gate("cited_evidence_missing"), _gate("not_about_record")}
    assert {row["lane"] for row in outcome.decisions if row["line_number"] == 5} == {"quarantine"}


def test_contact_speaks_for_a_new_deal_of_the_own_company_only(road: Road) -> None:
    """EVD-1, EVD-3: a meeting with somebody of another company makes no deal of this one, whoever is its contact."""
    outcome = road.run(
        WORLD,
        create_deal("another's", name="A", company_id="com-2", primary_contact_id="con-1"),
        create_deal("own", name="B", primary_contact_id="con-1"),
    )
    assert outcome.lane(1) == "deny"
    assert _gate("not_about_record") in outcome.gates(1)
    assert outcome.lane(2) == "auto"
