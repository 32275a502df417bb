"""An opt-out is never undone by an agent, whatever it is called."""

from __future__ import annotations

from typing import Any

import pytest

from wb_pipeline_tests.road.harness import Road
from wb_pipeline_tests.road.workflows import champion, sets, trigger, workflow, world
from wb_pipeline_tests.road.world import (
    Row,
    change,
    contact,
    create_contact,
    proposal,
    record,
    update,
    verified,
    with_records,
)

_UNDONE = "gate_policy__opt_out_undone"
_SUPPRESSED = "gate_policy__person_suppressed"
_OUT: dict[str, Any] = {
    "email": "out@northwind.example",
    "do_not_contact": True,
    "email_opt_out": True,
    "lawful_basis": "consent",
}
_UNDOINGS: list[tuple[str, Any]] = [
    ("do_not_contact", False),
    ("do_not_contact", ""),
    ("do_not_contact", None),
    ("Do Not Contact", "no"),
    ("properties.do_not_contact", False),
    ("email_opt_out", False),
    ("hs_email_optout", "false"),
    ("HasOptedOutOfEmail", None),
    ("unsubscribed", 0),
    ("\uff45mail_opt_out", False),
    ("lawful_basis", "legitimate_interest"),
    ("hs_legal_basis", ""),
    ("consent_at", "2026-03-01T09:00:00Z"),
]


def test_opt_out_is_undone_under_no_name(road: Road) -> None:
    """HIA-2, HIA-3: by no alias, no empty value, no new consent and no other basis, beside harmless fields too."""
    records = [
        contact(f"con-{number}", **{**_OUT, "email": f"o{number}@northwind.example"})
        for number in range(10, 10 + len(_UNDOINGS))
    ]
    proposals = [
        update(
            each["id"],
            change("phone", "+14155550199", seen=None),
            change(name, value, seen=True),
            proposal_id=each["id"],
        )
        for each, (name, value) in zip(records, _UNDOINGS, strict=True)
    ]
    outcome = road.run(with_records(*records), *proposals)
    for line, (name, value) in enumerate(_UNDOINGS, start=1):
        (field,) = outcome.lanes(line).keys() - {"*", "phone"}
        assert outcome.lane(line, field) == "deny", (name, value)
        assert _UNDONE in outcome.gates(line, field), (name, value)
        assert outcome.lane(line, "phone") == "auto"


def test_opt_out_that_is_set_waits_for_a_person_at_most(road: Road) -> None:
    """HIA-2: a new opt-out, or one more, is never denied; nobody's consent may be recorded by a person's word."""
    records = [contact("con-11", **_OUT), contact("con-12", email="in@northwind.example")]
    outcome = road.run(
        with_records(*records),
        update("con-12", change("do_not_contact", True, seen=None), proposal_id="p-1"),
        update("con-11", change("do_not_contact", True, seen=True), proposal_id="p-2"),
        update("con-1", change("consent_at", "2026-03-01T09:00:00Z", seen=None), proposal_id="p-3"),
    )
    lanes = [outcome.lane(1, "do_not_contact"), outcome.lane(2, "do_not_contact"), outcome.lane(3, "consent_at")]
    assert lanes == ["review", "noop", "review"]


def test_opt_out_that_was_just_asked_for_is_not_undone(road: Road) -> None:
    """HIA-2: one agent hears the no, another writes a yes in the same batch."""
    outcome = road.run(
        with_records(),
        update("con-1", change("email_opt_out", True, seen=None), proposal_id="p-1"),
        update("con-1", change("consent_at", "2026-03-01T09:00:00Z", seen=None), proposal_id="p-2"),
    )
    assert outcome.lane(1, "email_opt_out") == "review"
    assert outcome.gates(2, "consent_at") >= {_UNDONE}


def test_merge_that_could_lose_an_opt_out_is_denied(road: Road) -> None:
    """HIA-2: whichever of the two survives."""
    records = [contact("con-11", **_OUT), contact("con-12", **{**_OUT, "email": "out2@northwind.example"})]

    def merge(survivor: str, loser: str) -> Row:
        return proposal(
            f"{survivor} {loser}",
            "merge",
            "contact",
            target={"id": survivor},
            payload={"survivor": survivor, "loser": loser},
        )

    outcome = road.run(
        with_records(*records), merge("con-11", "con-1"), merge("con-2", "con-12"), merge("con-11", "con-12")
    )
    assert [outcome.lane(line) for line in (1, 2, 3)] == ["deny", "deny", "review"]
    assert _UNDONE in outcome.gates(1) & outcome.gates(2)


def test_workflow_that_undoes_an_opt_out_is_denied(road: Road) -> None:
    """HIA-2, TRG-4: the back door is closed as well."""
    people = [champion("con-11", do_not_contact=True), champion("con-12")]
    clears = workflow("wf-3", sets("Do_Not_Contact", False))
    outcome = road.run(world(clears, *people), trigger("con-11", "wf-3"), trigger("con-12", "wf-3"))
    assert _UNDONE in outcome.gates(1)
    assert outcome.lane(2) == "review"


@pytest.mark.parametrize(
    ("email", "names"),
    [
        ("umar@northwind.example", {}),
        ("Umar+new@Northwind.example", {}),
        ("gone@northwind.example", {}),
        ("gone+x@northwind.example", {}),
        ("u.siddiqui@northwind.example", {"first_name": "Umar", "last_name": "Siddiqui"}),
    ],
)
def test_suppressed_person_is_not_created_again(email: str, names: dict[str, str], road: Road) -> None:
    """HIA-2: by any address, from the suppression list and from archived records; a stranger is created."""
    left = contact("con-11", email="gone@northwind.example", do_not_contact=True, archived=True)
    left = {
        **left,
        "archived": True,
        "fields": {key: value for key, value in left["fields"].items() if key != "archived"},
    }
    listed = [
        record("suppression", f"sup-{name}", {"email": f"{name}@northwind.example"})
        for name in ("umar", "umar.siddiqui")
    ]
    small = with_records(left, *listed, evidence=[verified(email)])
    again = create_contact("p-1", email)
    again["payload"] |= {"first_name": "Idris", "last_name": "Okonkwo", **names}
    outcome = road.run(small, again, create_contact("p-2"))
    assert outcome.lane(1) == "deny"
    assert _SUPPRESSED in outcome.gates(1)
    assert outcome.lane(2) == "auto"
