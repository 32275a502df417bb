"""Who is meant, and what is the same deed twice."""

from __future__ import annotations

from wb_pipeline_tests.road.harness import Road
from wb_pipeline_tests.road.world import (
    WORLD,
    Row,
    change,
    contact,
    create_company,
    create_contact,
    policy_with,
    record,
    title_update,
    update,
    verified,
    with_records,
)

_STRANGER = {"type": "ai_agent", "id": "nobody"}


def test_ambiguous_targets_are_no_twins(road: Road) -> None:
    """IDN-4, IDN-1: two records nobody can tell are not one record, even where the value is the same."""
    world = with_records(
        contact("con-8", email="desk@northwind.example"), contact("con-9", email="desk@northwind.example")
    )
    desk = {
        **update("con-8", change("phone", "+14155550199", seen=None)),
        "target": {"match": {"email": "desk@northwind.example"}},
    }
    outcome = road.run(world, desk, {**desk, "proposal_id": "p-2"})
    assert [outcome.lane(line, "phone") for line in (1, 2)] == ["review", "review"]


def test_create_of_a_merged_record_updates_the_survivor(road: Road) -> None:
    """IDN-3, IDN-9: it is judged as an update of what the record was merged into, and a person looks."""
    gone = {**contact("con-7", email="ana.old@northwind.example"), "merged_into": "con-1", "archived": True}
    world = with_records(gone, evidence=[verified("ana.old@northwind.example")])
    payload = {"email": "ana.old@northwind.example", "title": "VP IT", "persona": "it_leader", "phone": "+14155550132"}
    outcome = road.run(world, create_contact(email="ana.old@northwind.example", payload=payload), with_suites=True)
    action = outcome.row()
    assert (action["effective_action"], action["record_id"], action["lane"]) == ("update", "con-1", "review")
    assert "gate_identity__target_merged" in outcome.gates()
    # What stands there stays; what is empty waits for the person; what is so already is done.
    assert outcome.lanes() == {"*": "review", "email": "deny", "title": "deny", "persona": "review", "phone": "noop"}


def test_free_mail_is_no_company(road: Road) -> None:
    """IDN-8, EVD-1: a company in the CRM that carries a mail provider's domain proves nothing."""
    world = with_records(record("company", "com-9", {"domain": "gmail.com"}), evidence=[verified("noor@gmail.com")])
    outcome = road.run(world, create_contact(email="noor@gmail.com"))
    assert outcome.lane() == "deny"
    assert "gate_evidence__required_kind_missing" in outcome.gates()


def test_alias_of_a_domain_is_the_company(road: Road) -> None:
    """IDN-5, EVD-1: an email at another domain of the company matches it where the policy says so, and only there."""
    email = "noor@northwind-group.example"
    aliased = policy_with(("aliases: {}  ", "aliases: {northwind-group.example: northwind.example}  "))
    proposal = create_contact(email=email)
    assert road.rehearse(with_records(evidence=[verified(email)]), proposal).lane() == "deny"
    assert road.rehearse(with_records(evidence=[verified(email)], policy=aliased), proposal).lane() == "auto"


# Each wish in two proposals that differ in everything but the wish, and the field that is looked at.
_TWINS: list[tuple[Row, Row, str | None]] = [
    (create_contact("p-1"), create_contact("p-2", source="web_form"), None),
    (create_company("p-3"), create_company("p-4", source="website"), None),
    (title_update("p-5"), title_update("p-6", confidence=90), "title"),
]
_FIRST, _SECOND, _FIELDS = zip(*_TWINS, strict=True)


def test_one_of_two_twins_goes_on(road: Road) -> None:
    """IDN-4: the other does nothing, whole, and points to it; the order of the lines does not choose."""
    outcome = road.run(WORLD, *_SECOND, *_FIRST)
    for line, field in enumerate(_FIELDS, start=1):
        first = line + len(_FIELDS)
        assert set(outcome.lanes(line).values()) == {"noop"}
        assert set(outcome.lanes(first).values()) == {"auto"}
        assert outcome.row(line, field)["repeats_change_id"] == outcome.row(first, field)["change_id"]


def test_twin_of_an_earlier_batch_points_to_it(road: Road) -> None:
    """IDN-4: what an open earlier batch decided goes on; it is not done twice."""
    earlier, later = road.run(WORLD, *_FIRST), road.run(WORLD, *_SECOND)
    for line, field in enumerate(_FIELDS, start=1):
        assert later.row(line, field)["repeats_change_id"] == earlier.row(line, field)["change_id"]
        assert set(later.lanes(line).values()) == {"noop"}


def test_stopped_twin_never_swallows_a_passing_one(road: Road) -> None:
    """IDN-4: the one that is denied comes first in every order, and the other still passes."""
    stopped = [{**each, "actor": _STRANGER} for each in _FIRST]
    outcome = road.run(WORLD, *stopped, *_SECOND)
    for line, field in enumerate(_FIELDS, start=1):
        assert outcome.lane(line, field) == "deny"
        assert set(outcome.lanes(line + len(_FIELDS)).values()) == {"auto"}


def test_twin_in_review_does_not_swallow_an_automatic_one(road: Road) -> None:
    """IDN-4: chosen by lane first: the one that needs nobody goes on, the other points to it."""
    outcome = road.run(WORLD, create_contact("p-1", confidence=60), create_contact("p-2"))
    assert (outcome.lane(1), outcome.lane(2)) == ("noop", "auto")


def test_stopped_twin_of_an_earlier_batch_swallows_nothing(road: Road) -> None:
    """IDN-4: a denial in an earlier batch is not something that the same wish, made well, could point to."""
    assert road.run(WORLD, create_contact("p-1", evidence=[])).lane() == "deny"
    assert road.run(WORLD, create_contact("p-2")).lane() == "auto"


def _lanes_in_turn(road: Road, *steps: tuple[str, str]) -> list[str]:
    """Return the lane of each wish (standing title, wanted title) in batches that follow each other."""
    lanes = []
    for number, (base, wanted) in enumerate(steps):
        world = with_records(contact("con-1", email="ana@northwind.example", title=base))
        proposal = title_update(f"p-{number}", changes=[change("title", wanted, seen=base)])
        lanes.append(road.run(world, proposal).lane(1, "title"))
    return lanes


def test_change_back_is_not_swallowed(road: Road) -> None:
    """CON-4, IDN-4: the same value over another base is another deed: an old approval does not answer for it."""
    assert _lanes_in_turn(road, ("Head", "CIO"), ("CIO", "CTO"), ("CTO", "CIO")) == ["auto"] * 3


def test_change_after_a_change_back_is_not_swallowed(road: Road) -> None:
    """CON-4, IDN-4: what was written, and written over since, does not answer for a new wish over the same base."""
    assert _lanes_in_turn(road, ("Head of IT", "CIO"), ("CIO", "Head of IT"), ("Head of IT", "CIO")) == ["auto"] * 3
