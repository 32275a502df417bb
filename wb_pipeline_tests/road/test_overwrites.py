"""What stands already, who wrote it and from where, as the road weighs it. Conflicts of one batch: test_conflicts."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from wb_pipeline_tests.road.harness import Outcome, Road, World
from wb_pipeline_tests.road.titles import new_title, rehearsed_together, shows_title, stranger
from wb_pipeline_tests.road.world import (
    WORLD,
    Row,
    change,
    contact,
    policy_with,
    record,
    title_update,
    update,
    with_records,
)

_SHIELD = "gate_overwrite__written_by_person"
_OUTRANKED = "gate_overwrite__source_outranked"
_FLAPPING = "gate_overwrite__field_flapping"
_OPEN = "gate_conflict__open_change_disagrees"
_OLD = "gate_overwrite__snapshot_too_old"
# Titles of which profiles tell, by the letters of the guardrail.
_TITLES = {"A": "Head of IT", "B": "VP IT", "C": "CIO", "D": "IT Lead", "E": "CTO"}


def _ana(title: str = "Head of IT", **more: Any) -> World:
    """Return the small world with con-1 as it says; `meta`, `history`, `updated_at` are the record's own."""
    fields = {"email": "ana@northwind.example", "title": title, "phone": "+14155550132", **more.pop("fields", {})}
    return with_records({**contact("con-1", **fields), **more})


def _by(writer: str | None, at: str | None) -> Row:
    return {"meta": {"title": {"by": writer, "at": at}}}


def _wrote(old: str | None, new: str | None, writer: str, at: str) -> Row:
    return {"field": "title", "old": old, "new": new, "by": writer, "at": at}


_EDITS: list[tuple[Row, bool]] = [
    (_by("user:u-2", "2026-02-11T10:04:00Z"), True),
    (_by("user:u-2", "2025-06-11T10:04:00Z"), False),
    (_by("agent:agent-enrich-1", "2026-02-11T10:04:00Z"), False),
    (_by("integration:forms", "2026-02-11T10:04:00Z"), False),
    ({"updated_at": "2026-02-11T10:04:00Z"}, True),
    ({**_by(None, None), "updated_at": "2026-02-11T10:04:00Z"}, True),
    ({**_by("user:u-2", None), "updated_at": "2025-06-11T10:04:00Z"}, False),
    ({**_by("user:u-2", "last week"), "updated_at": "2026-02-11T10:04:00Z"}, True),
    ({"history": [_wrote("IT", "Head of IT", "user:u-2", "2026-02-11T10:04:00Z")]}, True),
    # Metadata and history may each be behind: the later one counts.
    (
        {
            **_by("user:u-2", "2026-02-11T10:04:00Z"),
            "history": [_wrote("IT", "Head of IT", "agent:a-1", "2026-02-12T10:04:00Z")],
        },
        False,
    ),
    (
        {
            **_by("agent:a-1", "2026-02-11T10:04:00Z"),
            "history": [_wrote("IT", "Head of IT", "user:u-2", "2026-02-12T12:04:00+02:00")],
        },
        True,
    ),
]


@pytest.fixture(scope="module")
def edited(rehearsals: Road) -> Outcome:
    """Return what becomes of a new title for people whose last one was written as `_EDITS` say, a line each."""
    return rehearsed_together(rehearsals, [stranger(number, **edit) for number, (edit, _) in enumerate(_EDITS)])


@pytest.mark.parametrize("number", range(len(_EDITS)))
def test_edit_of_a_person_is_shielded(edited: Outcome, number: int) -> None:
    """OVW-2: what a person wrote within 90 days goes to a person; imports and agents are none, nor is an old edit."""
    line, (edit, is_shielded) = number + 1, _EDITS[number]
    assert (_SHIELD in edited.gates(line, "title")) is is_shielded, edit
    assert edited.lane(line, "title") == ("review" if is_shielded else "auto"), edit


def test_person_may_overwrite_a_person(road: Road) -> None:
    """OVW-2: the shield is against agents; a person who proposes through the gate is none."""
    world = _ana(**_by("user:u-2", "2026-02-11T10:04:00Z"))
    outcome = road.rehearse(world, title_update(actor={"type": "user", "id": "u-ops-1"}, source="user"))
    assert outcome.lane(1, "title") == "auto"


def test_empty_field_has_nothing_to_shield_unless_a_person_emptied_it(rehearsals: Road) -> None:
    """OVW-2: to fill what is empty overwrites nobody, but to have cleared a value was an edit too."""
    empty = stranger(1, "", updated_at="2026-02-20T10:00:00Z")
    cleared = stranger(2, "", history=[_wrote("Head of IT", None, "user:u-2", "2026-02-20T10:00:00Z")])
    outcome = rehearsed_together(rehearsals, [empty, cleared])
    assert outcome.lane(1, "title") == "auto"
    assert outcome.gates(2, "title") == {_SHIELD}


def test_addition_to_a_list_overwrites_nobody(road: Road) -> None:
    """OVW-2, OVW-4: what a person put on a list stays on it."""
    company = record(
        "company",
        "com-1",
        {"name": "Northwind", "domain": "northwind.example", "tech_stack_tags": ["okta"]},
        meta={"tech_stack_tags": {"by": "user:u-2", "at": "2026-02-20T10:00:00Z"}},
    )
    world = with_records(company)
    assert road.rehearse(world, update("com-1", change("tech_stack_tags", ["mews"], op="append"))).lane() == "auto"
    replaced = update("com-1", change("tech_stack_tags", ["mews"], seen=["okta"]))
    assert road.rehearse(world, replaced).lane(1, "tech_stack_tags") == "review"


def test_weaker_source_does_not_overwrite_a_stronger_one(road: Road) -> None:
    """OVW-4: what the signature said stands against an enrichment, not against a person; a third's value frees it."""
    before = [stranger(number) for number in range(4)]
    signed = [new_title(person, "CIO", source="email_signature") for person in before]
    world = with_records(*before, evidence=[shows_title(person, "CIO") for person in before])
    outcome = road.run(world, *signed)
    assert [outcome.lane(line, "title") for line in range(1, 5)] == ["auto"] * 4
    written = [stranger(number, "CIO", **_by("integration:writeback", "2026-03-02T10:01:00Z")) for number in range(3)]
    # Somebody wrote another value since: where that came from is not known, so nothing outranks.
    since = stranger(3, "CTO", **_by("integration:sync", "2026-03-02T10:30:00Z"))
    sources = ("linkedin", "email_signature", "user", "linkedin")
    after = [*written, since]
    later = road.rehearse(
        with_records(*after, evidence=[shows_title(person, "VP IT") for person in after]),
        *(
            new_title(person, source=source) | {"proposal_id": f"later-{source}-{person['id']}"}
            for person, source in zip(after, sources, strict=True)
        ),
    )
    assert later.gates(1, "title") == {_OUTRANKED}
    assert [later.lane(line, "title") for line in range(1, 5)] == ["review", "auto", "auto", "auto"]


_DRIFTS = [
    ("ABA", "B", True),
    ("ABAB", "C", True),
    ("ABA", "C", False),
    ("ABC", "A", False),
    ("ABCD", "E", False),
    ("AB", "A", False),
]


def _drifting(number: int, letters: str, writers: tuple[str, str], month: str = "2026-02") -> Row:
    """Return a contact whose title had these values, day after day, the writers taking turns."""
    values = [_TITLES[letter] for letter in letters]
    entries = [
        _wrote(old, new, writers[place % 2], f"{month}-{10 + place}T10:00:00Z")
        for place, (old, new) in enumerate(pairwise(values))
    ]
    return stranger(number, values[-1], history=entries)


@pytest.fixture(scope="module")
def drifted(rehearsals: Road) -> Outcome:
    """Return what becomes of a new title for people whose title drifted as `_DRIFTS` say, a line each."""
    writers = ("integration:one", "integration:two")
    people = [_drifting(number, letters, writers) for number, (letters, _, _) in enumerate(_DRIFTS)]
    return rehearsed_together(rehearsals, people, *(_TITLES[letter] for _, letter, _ in _DRIFTS))


@pytest.mark.parametrize("number", range(len(_DRIFTS)))
def test_flapping_field_is_frozen(drifted: Outcome, number: int) -> None:
    """OVW-5: A, B, A, B between sources freezes the field and opens a case; A, B, C and a steady drift do not."""
    line, (*drift, is_frozen) = number + 1, _DRIFTS[number]
    assert drifted.gates(line, "title") == ({_FLAPPING} if is_frozen else set()), drift
    assert bool(drifted.row(line, "title")["case_id"]) is is_frozen, drift


def test_quarrel_counts_within_its_days_and_between_sources(rehearsals: Road) -> None:
    """OVW-5: what flapped months ago, or was one source that changed its mind, freezes nothing."""
    long_ago = _drifting(1, "ABAB", ("integration:one", "integration:two"), "2025-11")
    one_source = _drifting(2, "ABAB", ("integration:one", "integration:one"))
    outcome = rehearsed_together(rehearsals, [long_ago, one_source], "CIO", "CIO")
    assert [outcome.lane(line, "title") for line in (1, 2)] == ["auto", "auto"]


def test_flapping_is_seen_on_our_own_books(road: Road) -> None:
    """OVW-5: two of our own sources that take turns are a quarrel too, though the CRM tells no history."""
    turns = (("A", "B", "call"), ("B", "A", "email"), ("A", "B", "call"))
    for number, (before, after, source) in enumerate(turns):
        old, new = _TITLES[before], _TITLES[after]
        wish = title_update(f"p-{number}", changes=[change("title", new, seen=old)], source=source)
        outcome = road.run(replace(_ana(old), now=f"2026-03-02T1{number}:00:00Z"), wish)
        assert outcome.gates(1, "title") == ({_FLAPPING} if number == len(turns) - 1 else set())


def test_open_change_of_an_earlier_batch_disagrees(road: Road) -> None:
    """OVW-6: what is decided and not written yet, or queued, and wants another value: review, as one case."""
    people = [stranger(number) for number in range(3)]
    shown = [shows_title(person, title) for person in people for title in ("CIO", "VP IT")]
    world = with_records(*people, evidence=shown)
    first = road.run(world, *(new_title(person, "CIO") for person in people))
    assert [first.lane(line, "title") for line in (1, 2, 3)] == ["auto"] * 3
    # The same wish again is no dispute, and what is in the CRM is open no longer.
    written = stranger(2, "CIO")
    wishes = [new_title(people[0], "VP IT"), new_title(people[1], "CIO"), new_title(written, "VP IT")]
    outcome = road.rehearse(
        with_records(*people[:2], written, evidence=shown),
        *({**wish, "proposal_id": f"later-{number}"} for number, wish in enumerate(wishes)),
    )
    assert outcome.gates(1, "title") == {_OPEN}
    assert [outcome.lane(line, "title") for line in (1, 2, 3)] == ["review", "noop", "auto"]


def test_queued_conflict_is_joined_by_a_third_value(road: Road) -> None:
    """OVW-6, RVW-6: two that wait as one case are joined by whoever comes next, also after two weeks: they wait."""
    queued = road.run(WORLD, title_update("p-1", "CIO"), title_update("p-2", "CTO"))
    outcome = road.rehearse(WORLD, title_update("p-3", "VP IT"))
    assert outcome.gates(1, "title") == {_OPEN}
    assert outcome.row(1, "title")["case_id"] == queued.row(1, "title")["case_id"]
    much_later = replace(WORLD, now="2026-03-20T10:00:00Z")
    later = road.rehearse(much_later, title_update("p-3", "VP IT"), title_update("p-4", "CIO"))
    assert later.gates(1, "title") >= {_OPEN}
    assert [later.lane(line, "title") for line in (1, 2)] == ["review", "noop"]


def test_old_snapshot_sends_everything_automatic_to_review(road: Road) -> None:
    """OVW-7: judged a day and a minute after the CRM was pulled, nothing is written by itself."""
    path = road.write_batch([title_update()])
    run_id = road.begin(WORLD, path)
    road.con.execute("update raw.run_manifests set snapshot_taken_at = clock_at - interval 1441 minutes")
    road.decide(run_id)
    outcome = road.decided()
    assert outcome.lane(1, "title") == outcome.lane(1) == "review"
    assert outcome.gates(1) == {_OLD}


def test_same_picture_pulled_again_is_young_again(road: Road) -> None:
    """OVW-7: a CRM in which nothing changed since last week was looked at today."""
    road.run(
        replace(WORLD, now="2026-02-20T10:00:00Z"), title_update("p-1", "CIO", submitted_at="2026-02-20T09:00:00Z")
    )
    phone = update("con-2", change("phone", "+14155550101", seen=None), proposal_id="p-2")
    assert road.rehearse(WORLD, phone).lane() == "auto"


def test_policy_decides_how_long_a_shield_holds(road: Road) -> None:
    """OVW-2: the days are policy."""
    world = replace(
        _ana(**_by("user:u-2", "2026-02-11T10:04:00Z")),
        policy=policy_with(("human_shield_days: 90", "human_shield_days: 7")),
    )
    assert road.rehearse(world, title_update()).lane(1, "title") == "auto"
