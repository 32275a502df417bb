"""Does the company that a change attaches agree with the person's address?"""

from __future__ import annotations

from typing import Any

import pytest

from wb_pipeline_tests.facts.domains import facts, world_of_domains
from wb_pipeline_tests.facts.factories import World


@pytest.fixture
def world() -> World:
    """A CRM that knows some domains."""
    return world_of_domains()


def attachments(world: World) -> list[tuple[Any, ...]]:
    """Return (ordinal, contact_domain, company_domain) of the flagged changes."""
    columns = "split_part(change_id, ':', 3), contact_domain, company_domain"
    return facts(world, columns, "is_company_domain_other")


@pytest.mark.parametrize(
    ("email", "company_id", "expected"),
    [
        ("zoe@globex.example", "com-1", ("globex.example", "northwind-labs.example")),
        ("zoe@globex.example", " com-1 ", ("globex.example", "northwind-labs.example")),
        ("zoe@unheard-of.example", "com-2", ("unheard-of.example", "globex.example")),
        ("zoe@northwind.example", "com-1", None),
        ("zoe@eu.northwind.example", "com-1", None),
        ("zoe@northwind.co", "com-1", None),
        ("zoe@northwind-shop.example", "com-1", None),
        ("zoe@northwind-labs.example", "com-1", None),
        ("zoe@northwind.example", "com-5", None),
        ("zoe@gmail.com", "com-1", None),
        ("zoe@mailinator.com", "com-1", None),
        ("zoe@globex.example", "com-3", None),
        ("zoe@globex.example", "com-99", None),
        ("zoe@globex.example", "", None),
        ("zoe@globex.example", None, None),
        ("no address", "com-1", None),
    ],
)
def test_company_of_a_create_disagrees_with_the_address(
    world: World, email: str, company_id: Any, expected: tuple[str, str] | None
) -> None:
    """IDN-7: domain, further domains, website, subdomains, parent and subsidiaries agree; free mail says nothing."""
    world.proposal("create", payload={"email": email, "company_id": company_id})
    assert attachments(world) == ([("0", *expected), ("2", *expected)] if expected else [])


@pytest.mark.parametrize(
    ("target", "flagged"),
    [
        ({"target_id": "con-1"}, True),
        ({"match": {"email": "ana@northwind.example"}}, True),
        ({"target_id": "con-4"}, False),
        ({"target_id": "con-404"}, False),
        ({"match": {"email": "ben@initech.example"}}, True),
    ],
)
def test_company_of_an_update_disagrees_with_the_address_on_record(
    world: World, target: dict[str, Any], flagged: bool
) -> None:
    """IDN-7: who sets no address is judged by the one on record."""
    world.proposal(**target, changes=[("Company_ID", "com-2")])
    assert [row[0] for row in attachments(world)] == (["1"] if flagged else [])


def test_company_of_an_update_is_compared_with_every_address(world: World) -> None:
    """IDN-7, FLD-3: an address that it brings along and that is then locked out does not speak for the move."""
    world.proposal(target_id="con-1", changes=[("email", "ana@globex.example"), ("company_id", "com-2")])
    world.proposal(target_id="con-4", changes=[("email", "dan@globex.example"), ("company_id", "com-1")])
    world.proposal(target_id="con-4", changes=[("email", "dan@globex.example"), ("company_id", "com-2")])
    assert [row[1] for row in attachments(world)] == ["northwind.example", "globex.example"]


@pytest.mark.parametrize(
    ("alias", "domain"), [("nw.example", "northwind.example"), ("northwind.example", "nw.example")]
)
def test_company_alias_of_the_policy_agrees_in_either_direction(world: World, alias: str, domain: str) -> None:
    """IDN-7: aliases belong to the company."""
    world.domain_alias(alias, domain)
    world.proposal("create", payload={"email": "zoe@nw.example", "company_id": "com-1"})
    assert attachments(world) == []
