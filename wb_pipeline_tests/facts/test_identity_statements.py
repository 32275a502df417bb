"""What a proposal and its evidence say of whom it means."""

from __future__ import annotations

import json
from typing import Any

import pytest

from wb_pipeline.facts.field_names import write_field_names
from wb_pipeline.facts.identity_statements import write_identity_statements
from wb_pipeline_tests.facts.factories import World


def statements(world: World) -> dict[str, Any]:
    """Return {who says it: what}; None where a proposal says nothing."""
    world.run(write_field_names, write_identity_statements)
    rows = world.rows("select said_by, fields from facts.identity_statements")
    return {said_by: fields and json.loads(fields) for said_by, fields in rows}


@pytest.mark.parametrize(
    ("object_name", "evidence_type", "payload", "said"),
    [
        (
            "contact",
            "linkedin_profile",
            {"name": "Ana Ruiz", "url": "u", "current": {"company": "Acme", "company_domain": "acme.com"}},
            {"first_name": "Ana Ruiz", "linkedin_url": "u", "company_name": "Acme", "domain": "acme.com"},
        ),
        ("lead", "linkedin_profile", {"name": "Ana Ruiz"}, {"first_name": "Ana Ruiz"}),
        (
            "contact",
            "email",
            {"direction": "inbound", "from": {"name": "Ana", "email": "a@acme.com"}},
            {"first_name": "Ana", "email": "a@acme.com"},
        ),
        ("contact", "email", {"direction": "outbound", "from": {"name": "Dana", "email": "d@ours.com"}}, None),
        ("contact", "form_submission", {"name": "Ana", "email": "a@x.com"}, {"first_name": "Ana", "email": "a@x.com"}),
        ("contact", "form_submission", {}, None),
        ("contact", "email_verification", {"email": "a@x.com"}, {"email": "a@x.com"}),
        ("contact", "enrichment", {"subject": {"email": "a@x.com"}}, {"email": "a@x.com"}),
        ("contact", "enrichment", {"subject": {"company_name": "Acme"}}, None),
        (
            "company",
            "enrichment",
            {"subject": {"company_name": "Acme", "company_domain": "acme.com"}},
            {"name": "Acme", "domain": "acme.com"},
        ),
        ("company", "web_visit", {"domain": "acme.com"}, {"domain": "acme.com"}),
        ("company", "linkedin_profile", {"name": "Ana"}, None),
        ("contact", "calendar_event", {"attendees": ["a@x.com", "b@x.com"]}, None),
        ("deal", "linkedin_profile", {"name": "Ana"}, None),
    ],
)
def test_item_speaks_of_one_person_or_one_firm(
    object_name: str, evidence_type: str, payload: dict[str, Any], said: dict[str, str] | None
) -> None:
    """IDN-1, IDN-2: what a cited item tells of the record that is meant; a meeting of eight tells nothing."""
    world = World()
    world.evidence("e-1", evidence_type, **payload)
    world.proposal(object_name=object_name, target_id="r-1", changes=[("title", "CIO")], cites=["e-1"])
    assert statements(world).get("e-1") == said


def test_create_says_what_its_payload_says_and_its_evidence_nothing() -> None:
    """IDN-3: a create means whom its payload describes."""
    world = World()
    world.evidence("e-1", "form_submission", name="Bo", email="bo@x.com")
    world.proposal("create", payload={"first_name": "Ana", "title": None, "last_name": "Ruiz"}, cites=["e-1"])
    assert statements(world) == {"proposal": {"first_name": "Ana", "last_name": "Ruiz"}}


def test_target_by_value_is_a_statement() -> None:
    """IDN-1: what a target names beside its id is held against the record too."""
    world = World()
    world.proposal(target_id="r-1", match={"email": "a@x.com"})
    assert statements(world) == {"proposal": {"email": "a@x.com"}}


@pytest.mark.parametrize("address", ["new@acme.com", " NEW@acme.com "])
def test_verification_of_the_new_address_says_nothing_of_the_old_record(address: str) -> None:
    """IDN-1: what a change brings along is not what the record is known by."""
    world = World()
    world.evidence("e-1", "email_verification", email="new@acme.com")
    world.proposal(target_id="r-1", changes=[("email", address)], cites=["e-1"])
    assert statements(world) == {"proposal": None}


def test_proposal_that_says_nothing_is_listed_all_the_same() -> None:
    """Law 1: a proposal without a row was not looked at."""
    world = World()
    for object_name in ("contact", "lead", "company", "deal"):
        world.proposal(object_name=object_name, target_id="r-1", changes=[("title", "CIO")])
    world.run(write_field_names, write_identity_statements)
    assert world.rows("select object, fields from facts.identity_statements order by all") == [
        ("company", None),
        ("contact", None),
        ("lead", None),
    ]


def test_item_whose_id_stands_twice_says_nothing() -> None:
    """EVD-2: nobody knows which of the two was meant."""
    world = World()
    world.evidence("e-1", "email_verification", email="a@x.com")
    world.con.execute("update raw.evidence_items set is_duplicated_id = true")
    world.proposal(target_id="r-1", changes=[("title", "CIO")], cites=["e-1"])
    assert statements(world) == {"proposal": None}
