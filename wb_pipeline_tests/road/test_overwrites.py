"""What stands already, who wrote it and from where, as the road weighs it. Conflicts of one batch: test_conflicts."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from wb_pipeline_tests.road.harness import Road, World
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


@pytest.mark.parametrize(
    ("ana", "is_shielded"),
    [
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
    ],
)
def test_edit_of_a_person_is_shielded(road: Road, ana: Row, *, is_shielded: bool) -> None:
    """OVW-2: what a person wrote within 90 days goes to a person; imports and agents are none, nor is an old edit."""
    outcome = road.rehearse(_ana(**ana), title_update())
    assert (_SHIELD in outcome.gates(1, "title")) is is_shielded
    assert outcome.lane(1, "title") == ("review" if is_shielded else "auto")


def test_person_may_overwrite_a_person(road: Road) -> None:
    """OVW-2: the shield is against agents; a person who proposes through the gate is none."""
    world = _ana(**_by("user:u-2", "2026-02-11T10:04:00Z"))
    outcome = road.rehearse(world, title_update(actor={"type": "user", "id": "u-ops-1"}, source="user"))
    assert outcome.lane(1, "title") == "auto"


def test_empty_field_has_nothing_to_shield_unless_a_person_emptied_it(road: Road) -> None:
    """OVW-2: to fill what is empty overwrites nobody, but to have cleared a value was an edit too."""
    fill = title_update(changes=[change("title", "VP IT", seen=None)])
    assert road.rehearse(_ana("", updated_at="2026-02-20T10:00:00Z"), fill).lane(1, "title") == "auto"
    cleared = _ana("", history=[_wrote("Head of IT", None, "user:u-2", "2026-02-20T10:00:00Z")])
    assert road.rehearse(cleared, fill).gates(1, "title") == {_SHIELD}


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
    signature = title_update("p-1", "CIO", source="email_signature")
    assert road.run(WORLD, signature).lane(1, "title") == "auto"
    written = _ana("CIO", **_by("integration:writeback", "2026-03-02T10:01:00Z"))
    later = [change("title", "VP IT", seen="CIO")]
    weaker = title_update("p-2", changes=later, source="linkedin")
    assert road.rehearse(written, weaker).gates(1, "title") == {_OUTRANKED}
    assert road.rehearse(written, weaker).lane(1, "title") == "review"
    for source in ("email_signature", "user"):
        assert road.rehearse(written, title_update("p-2", changes=later, source=source)).lane(1, "title") == "auto"
    # Somebody wrote another value since: where that came from is not known, so nothing outranks.
    since = _ana("CTO", **_by("integration:sync", "2026-03-02T10:30:00Z"))
    assert road.rehearse(since, title_update("p-2", changes=[change("title", "VP IT", seen="CTO")])).lane() == "auto"


@pytest.mark.parametrize(
    ("history", "title", "is_frozen"),
    [
        (["A", "B", "A"], "B", True),
        (["A", "B", "A", "B"], "C", True),
        (["A", "B", "A"], "C", False),
        (["A", "B", "C"], "A", False),
        (["A", "B", "C", "D"], "E", False),
        (["A", "B"], "A", False),
    ],
)
def test_flapping_field_is_frozen(road: Road, history: list[str], title: str, *, is_frozen: bool) -> None:
    """OVW-5: A, B, A, B between sources freezes the field and opens a case; A, B, C and a steady drift do not."""
    writers = ["integration:one", "integration:two"]
    titles = [_TITLES[letter] for letter in history]
    entries = [
        _wrote(old, new, writers[place % 2], f"2026-02-{10 + place}T10:00:00Z")
        for place, (old, new) in enumerate(pairwise(titles))
    ]
    world = _ana(titles[-1], history=entries)
    wish = title_update(changes=[change("title", _TITLES[title], seen=titles[-1])])
    outcome = road.rehearse(world, wish)
    assert outcome.gates(1, "title") == ({_FLAPPING} if is_frozen else set())
    assert bool(outcome.row(1, "title")["case_id"]) is is_frozen


def test_quarrel_counts_within_its_days_and_between_sources(road: Road) -> None:
    """OVW-5: what flapped months ago, or was one source that changed its mind, freezes nothing."""
    for writers, month in ((("integration:one", "integration:two"), "2025-11"), (("integration:one",) * 2, "2026-02")):
        values = [_TITLES[letter] for letter in "ABAB"]
        entries = [
            _wrote(old, new, writers[place % 2], f"{month}-{10 + place}T10:00:00Z")
            for place, (old, new) in enumerate(pairwise(values))
        ]
        wish = title_update(changes=[change("title", "CIO", seen="VP IT")])
        assert road.rehearse(_ana("VP IT", history=entries), wish).lane(1, "title") == "auto"


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
    assert road.run(WORLD, title_update("p-1", "CIO")).lane(1, "title") == "auto"
    outcome = road.rehearse(WORLD, title_update("p-2", "VP IT"))
    assert outcome.gates(1, "title") == {_OPEN}
    # The same wish again is no dispute, and what is in the CRM is open no longer.
    assert road.rehearse(WORLD, title_update("p-2", "CIO")).lane(1, "title") == "noop"
    later = title_update("p-2", changes=[change("title", "VP IT", seen="CIO")])
    assert road.rehearse(_ana("CIO"), later).lane(1, "title") == "auto"


def test_queued_conflict_is_joined_by_a_third_value(road: Road) -> None:
    """OVW-6: two that wait as one case are joined by whoever comes next; after two weeks nobody waits any more."""
    queued = road.run(WORLD, title_update("p-1", "CIO"), title_update("p-2", "CTO"))
    outcome = road.rehearse(WORLD, title_update("p-3", "VP IT"))
    assert outcome.gates(1, "title") == {_OPEN}
    assert outcome.row(1, "title")["case_id"] == queued.row(1, "title")["case_id"]
    much_later = replace(WORLD, now="2026-03-20T10:00:00Z")
    assert road.rehearse(much_later, title_update("p-3", "VP IT")).lane(1, "title") == "auto"


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


@pytest.mark.parametrize(
    ("standing", "wanted", "written"),
    [
        ("Head  of IT", "Head of IT", '"Head of IT"'),
        ("Head of IT ", " Head of IT", '"Head of IT"'),
        ("\uff28ead of IT", "Head of IT", '"Head of IT"'),
    ],
)
def test_formatting_needs_no_evidence_and_no_shield(road: Road, standing: str, wanted: str, written: str) -> None:
    """FLD-8: the same value in a better spelling passes without evidence, also over a person's edit."""
    world = _ana(standing, **_by("user:u-2", "2026-02-20T10:00:00Z"))
    wish = title_update(changes=[change("title", wanted, seen=standing)], evidence=[])
    outcome = road.rehearse(world, wish)
    assert outcome.lane(1, "title") == "auto" or outcome.lane(1, "title") == "noop"
    assert outcome.row(1, "title")["new_value"] == written


def test_formatting_opens_no_lock_and_no_high_impact(road: Road) -> None:
    """FLD-8, FLD-2, HIA-1: safe on a sensitive field; locked stays locked, and a person sees every owner and stage."""
    company = {"name": "Northwind", "domain": "northwind.example", "territory": "EMEA  north", "account_owner": "u-1 "}
    world = with_records(
        record("company", "com-1", company),
        contact("con-1", email="ana@northwind.example", title="Head of IT", city="New  York"),
    )
    wish = update(
        "com-1",
        change("territory", "EMEA north", seen="EMEA  north"),
        change("account_owner", "u-1", seen="u-1 "),
        proposal_id="p-1",
    )
    outcome = road.run(
        world, wish, update("con-1", change("city", "New York", seen="New  York"), proposal_id="p-2"), with_suites=True
    )
    assert outcome.lanes(1) == {"*": "auto", "territory": "auto", "account_owner": "review"}
    assert outcome.lane(2, "city") == "deny"


def test_value_is_written_as_normalized(road: Road) -> None:
    """FLD-5, FLD-8: compatibility letters and stray blanks do not get into the CRM; the audit keeps old and new."""
    outcome = road.run(
        WORLD,
        title_update(title="  \uff36\uff30   IT "),
        update("con-2", change("phone", "+1 (415) 555-0101", seen=None), proposal_id="p-2"),
    )
    assert (outcome.row(1, "title")["old_value"], outcome.row(1, "title")["new_value"]) == ('"Head of IT"', '"VP IT"')
    written = {row["field"]: row["new_value"] for row in road.mart("approved_writes")}
    assert written == {"title": '"VP IT"', "phone": '"+14155550101"'}


@pytest.mark.parametrize(
    ("field", "given", "written"),
    [
        ("industry", "COMPUTER_SOFTWARE", '"Software"'),
        ("industry", "Food & Beverage", '"Food and Beverage"'),
        ("numberofemployees", 340, '"201-500"'),
        ("employee_range", "11-50 employees", '"11-50"'),
        ("employee_range", "10,001+", '"10001+"'),
    ],
)
def test_words_of_a_vendor_are_mapped(road: Road, field: str, given: Any, written: str) -> None:
    """FLD-5, EVD-7: what vendors call it is written as the CRM calls it."""
    outcome = road.rehearse(WORLD, update("com-2", change(field, given, seen=None), source="enrichment"))
    row = next(row for row in outcome.decisions if not row["is_action_row"])
    assert (row["lane"], row["new_value"]) == ("auto", written)


def test_word_that_nobody_maps_is_refused_with_what_is_near(road: Road) -> None:
    """FLD-5: an invented industry is denied, and the pending change says which ones come near it."""
    row = road.rehearse(WORLD, update("com-2", change("industry", "Softwear", seen=None))).row(1, "industry")
    assert row["lane"] == "deny"
    assert "the nearest that it has: Software" in row["objections"]


@pytest.mark.parametrize("operation", ["set", "append"])
@pytest.mark.parametrize("name", ["lead_source", "LeadSource", "properties.leadsource"])
def test_lead_source_is_only_ever_filled(road: Road, name: str, operation: str) -> None:
    """FLD-4: under any name and by any operation what stands stays; nor is it emptied."""
    world = _ana(fields={"lead_source": "Webinar"})
    for value in ("Referral", "", None):
        outcome = road.rehearse(
            world, update("con-1", change(name, value, op=operation, seen="Webinar"), source="user")
        )
        assert outcome.lanes(1)["lead_source"] in ("deny", "review")
        assert outcome.lanes(1)["lead_source"] == "deny" or operation == "append"
    filled = road.rehearse(WORLD, update("con-1", change(name, "Referral", op=operation, seen=None), source="user"))
    assert filled.lanes(1)["lead_source"] == "review"


def test_policy_decides_how_long_a_shield_holds(road: Road) -> None:
    """OVW-2: the days are policy."""
    world = replace(
        _ana(**_by("user:u-2", "2026-02-11T10:04:00Z")),
        policy=policy_with(("human_shield_days: 90", "human_shield_days: 7")),
    )
    assert road.rehearse(world, title_update()).lane(1, "title") == "auto"
