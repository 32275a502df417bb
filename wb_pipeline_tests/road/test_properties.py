"""Laws over generated batches: order never matters, nothing vanishes, less evidence never frees."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wb_pipeline.canonical import canonical_json
from wb_pipeline.sql_project import SqlProject
from wb_pipeline_tests.road.harness import Outcome, Road
from wb_pipeline_tests.road.world import (
    Row,
    change,
    coined,
    contact,
    create_company,
    create_contact,
    create_deal,
    log,
    title_update,
    update,
    verified,
    with_records,
)

# A run takes a second: few examples, each a whole batch; the profile `deep` tries hundreds.
_FEW = settings(
    max_examples=settings.default.max_examples // 6,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
_LETS = {"auto": 3, "suggest": 2, "review": 1, "deny": 0, "quarantine": 0, "noop": 0}
_EMAILS = ["noor@northwind.example", "ivy@northwind.example", "ana@northwind.example"]
_WORLD = with_records(
    contact("con-8", email="desk@northwind.example"),
    contact("con-9", email="desk@northwind.example"),
    evidence=[verified(email) for email in _EMAILS],
)

# An id that two contents share stops both, so that happens seldom.
_ids = st.integers(1, 60).map("p-{}".format)
# Mostly what passes: twins and conflicts are between changes that were not stopped.
_said = st.fixed_dictionaries(
    {
        "confidence": st.sampled_from([95, 95, 90, 80, 79.5, 60, 40]),
        "source": st.sampled_from(["user", "linkedin", "linkedin", "enrichment", "nowhere"]),
        "actor": st.sampled_from([{"type": "ai_agent", "id": each} for each in (*["agent-sales-1"] * 7, "nobody")]),
    }
)
_evidence = st.sampled_from([*[[{"ref": "profile"}]] * 3, *[[{"ref": "meeting"}]] * 3, [], [{"ref": "made-up"}]])


def _titles(proposal_id: str, said: Row, evidence: list[Row], title: str, seen: object) -> Row:
    return title_update(proposal_id, **said, evidence=evidence, changes=[change("title", title, seen=seen)])


_proposals = st.one_of(
    st.builds(_titles, _ids, _said, _evidence, st.sampled_from(["VP IT", "CIO", "Head of IT"]), st.just("Head of IT")),
    st.builds(
        lambda proposal_id, said, phone: {
            **update("con-8", change("phone", phone, seen=None), proposal_id=proposal_id, **said),
            "target": {"match": {"email": "desk@northwind.example"}},
        },
        _ids,
        _said,
        st.sampled_from(["+14155550101", "+14155550102"]),
    ),
    st.builds(
        lambda proposal_id, said, item: update(
            "com-1", change("tech_stack_tags", [item], op="append"), proposal_id=proposal_id, **said
        ),
        _ids,
        _said,
        st.sampled_from(["mews", "okta"]),
    ),
    st.builds(
        lambda proposal_id, said, email: create_contact(proposal_id, email, **said),
        _ids,
        _said,
        st.sampled_from(_EMAILS),
    ),
    st.builds(lambda proposal_id, said: create_company(proposal_id, **said), _ids, _said),
    st.builds(
        lambda proposal_id, amount, said: {**create_deal(proposal_id, amount=amount), **said},
        _ids,
        st.sampled_from([100, 20_000]),
        _said,
    ),
    st.builds(
        lambda proposal_id, said, kind, evidence: {
            **log(kind, proposal_id, body="they said so", evidence=evidence),
            **said,
        },
        _ids,
        _said,
        st.sampled_from(["note", "meeting"]),
        _evidence,
    ),
)
# Some lines twice: replays.
_batches = st.lists(_proposals, min_size=4, max_size=10).flatmap(
    lambda batch: st.lists(st.sampled_from(batch), max_size=2).map(lambda again: [*batch, *again])
)


@pytest.fixture(scope="module")
def rehearsal(tmp_path_factory: pytest.TempPathFactory, road_project: SqlProject) -> Iterator[Road]:
    """Return a road on which nothing is sealed: each example meets the same books."""
    road = Road(tmp_path_factory.mktemp("rehearsal"), road_project)
    yield road
    road.con.close()


def _lanes_of(outcome: Outcome, batch: list[Row]) -> Counter[tuple[str, str]]:
    """Return how often each proposal, known by its content, ended in which lanes."""
    return Counter(
        (canonical_json(proposal), canonical_json(outcome.lanes(line))) for line, proposal in enumerate(batch, start=1)
    )


@given(data=st.data())
@_FEW
def test_order_of_lines_never_matters(rehearsal: Road, data: st.DataObject) -> None:
    """OVW-6, law 4: a batch in another order is decided alike; CON-2: rows in = rows out."""
    batch = data.draw(_batches)
    shuffled = data.draw(st.permutations(batch))
    straight, crossed = rehearsal.rehearse(_WORLD, *batch), rehearsal.rehearse(_WORLD, *shuffled)
    assert _lanes_of(straight, batch) == _lanes_of(crossed, shuffled)
    for outcome, lines in ((straight, batch), (crossed, shuffled)):
        assert len(outcome.decisions) == sum(_rows_of(proposal) for proposal in lines)
        assert len({row["change_id"] for row in outcome.decisions}) == len(outcome.decisions)


def _rows_of(proposal: Row) -> int:
    return 1 + len(proposal.get("changes", ())) + len(proposal.get("payload", ()))


# Pairs of one wish about two records that differ in nothing else, so that both stand in one run and never meet.
_PAIRS = 6
_PEOPLE = [f"person{number}@northwind.example" for number in range(2 * _PAIRS)]


def _person(number: int) -> Row:
    """Return the fields of the record with this number."""
    first_name, last_name = coined(f"record {number}")
    profile = f"https://www.linkedin.com/in/{first_name}-{last_name}".lower()
    return {"first_name": first_name, "last_name": last_name, "linkedin_url": profile, "title": "Buyer"}


def _profile(number: int) -> Row:
    """Return the profile of that person."""
    person = _person(number)
    current = {"title": "CIO", "company": "Northwind", "company_domain": "northwind.example"}
    item = {"id": f"profile:{number}", "type": "linkedin_profile", "url": person["linkedin_url"], "past": []}
    name = f"{person['first_name']} {person['last_name']}"
    return {**item, "name": name, "current": current, "observed_at": "2026-02-27T09:00:00Z"}


def _meeting(number: int) -> Row:
    """Return a meeting that this person came to."""
    guest = {"email": f"n{number}@northwind.example", "response": "accepted", "attended": True}
    item = {"id": f"meeting:{number}", "type": "calendar_event", "event_id": f"cal:{number}", "status": "held"}
    times = {"start": "2026-02-26T09:00:00Z", "end": "2026-02-26T10:00:00Z"}
    return {**item, **times, "organizer": "dana@our-company.example", "attendees": [guest]}


def _vendor(number: int) -> Row:
    """Return a vendor's record of the company that this person's wish makes."""
    subject = {"company_domain": f"{coined(_PEOPLE[number])[1].lower()}.example"}
    item = {"id": f"vendor:{number}", "type": "enrichment", "vendor": "firmolytics", "attributes": {}}
    return {**item, "subject": subject, "observed_at": "2026-02-27T09:00:00Z"}


_NUMBERS = range(2 * _PAIRS)
# Evidence is about what it is cited for: to take away what is about somebody else may well free a change.
_CROWD = with_records(
    *(
        contact(f"con-{100 + number}", email=f"n{number}@northwind.example", **_person(number))
        for number in range(2 * _PAIRS)
    ),
    evidence=[
        *map(verified, _PEOPLE),
        *map(_profile, _NUMBERS),
        *map(_meeting, _NUMBERS),
        *map(_vendor, _NUMBERS),
    ],
)


def _wish(kind: str, number: int) -> Row:
    """Return a wish of a kind about the record with this number."""
    target, email = f"con-{100 + number}", _PEOPLE[number]
    first_name, last_name = coined(email)
    wishes = {
        "title": update(target, change("title", "CIO", seen="Buyer"), evidence=[{"ref": f"profile:{number}"}]),
        "phone": update(target, change("phone", "+14155550101", seen=None)),
        "owner": update(target, change("owner", "u-1", seen="u-1"), change("persona", "champion", seen=None)),
        "email": update(target, change("email", "x@northwind.example", seen=None)),
        "contact": create_contact(
            "", email, payload={"email": email, "first_name": first_name, "last_name": last_name}
        ),
        "company": create_company(
            "",
            payload={"name": last_name, "domain": f"{last_name.lower()}.example"},
            evidence=[{"ref": f"vendor:{number}"}],
        ),
        "deal": create_deal("", name=f"Deal {number}", amount=100),
        "note": log("note", contact_id=target, body="they said so", evidence=[{"ref": f"meeting:{number}"}]),
        "meeting": log("meeting", contact_id=target, evidence=[{"ref": f"meeting:{number}"}]),
    }
    return {**wishes[kind], "proposal_id": f"p-{number}"}


_KINDS = ["title", "phone", "owner", "email", "contact", "company", "deal", "note", "meeting"]
_Weakening = tuple[str, tuple[float, float], bool]
_weakenings = st.tuples(
    st.sampled_from(_KINDS),
    st.sampled_from([(95, 80), (95, 79), (80, 50), (79.5, 49), (60, 0), (95, 95)]),
    st.booleans(),
)


@given(wanted=st.lists(_weakenings, min_size=_PAIRS, max_size=_PAIRS))
@_FEW
def test_less_sure_and_less_proven_is_never_freer(rehearsal: Road, wanted: list[_Weakening]) -> None:
    """CNF-1, EVD-1: a proposal with less confidence, or without its evidence, may do no more than before."""
    batch = []
    for number, (kind, (sure, less_sure), keeps_evidence) in enumerate(wanted):
        weak = {**_wish(kind, _PAIRS + number), "confidence": less_sure}
        batch += [{**_wish(kind, number), "confidence": sure}, weak if keeps_evidence else {**weak, "evidence": []}]
    outcome = rehearsal.rehearse(_CROWD, *batch)
    for line in range(1, len(batch), 2):
        strong, weak_lanes = outcome.lanes(line), outcome.lanes(line + 1)
        freer = {name: (strong[name], lane) for name, lane in weak_lanes.items() if _LETS[lane] > _LETS[strong[name]]}
        assert freer == {}, batch[line - 1]
