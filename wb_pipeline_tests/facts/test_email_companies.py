"""At whose domain is the email that a proposal names?"""

from __future__ import annotations

import pytest

from wb_pipeline.facts.email_companies import write_email_companies
from wb_pipeline.facts.field_names import write_field_names
from wb_pipeline.facts.prepared_records import write_prepared_records
from wb_pipeline.facts.proposal_keys import write_proposal_keys
from wb_pipeline_tests.facts.factories import World

_WRITERS = (write_field_names, write_prepared_records, write_proposal_keys, write_email_companies)


def _world(*, lists_providers: bool = True) -> World:
    world = World()
    world.record(
        "company", "com-1", domain="www.northwind.example", additional_domains=["nw-stores.example", "nw.co.uk"]
    )
    world.record("company", "com-2", domain="gmail.com")
    world.record("company", "com-3", domain="ancient.example", archived=True)
    world.record("company", "com-4", domain="swallowed.example", merged_into="com-1")
    world.record("company", "com-5", domain="eu.globex.example")
    world.domain_alias("northwind-group.example", "northwind.example")
    if lists_providers:
        world.mail_domains("personal", "gmail.com")
        world.mail_domains("disposable", "mailinator.com")
    return world


def _companies(world: World, email: str) -> list[str]:
    world.proposal("create", payload={"email": email})
    world.run(*_WRITERS)
    return [company for (company,) in world.rows("select company_id from facts.email_companies order by 1")]


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("northwind.example", ["com-1"]),
        ("mail.northwind.example", ["com-1"]),
        ("nw-stores.example", ["com-1"]),
        ("eu.nw-stores.example", ["com-1"]),
        ("nw.co.uk", ["com-1"]),
        ("northwind-group.example", ["com-1"]),
        ("mail.northwind-group.example", ["com-1"]),
        ("us.globex.example", ["com-5"]),
        ("northwind.example.login.test", []),
        ("notnorthwind.example", []),
        ("northwind-example.test", []),
        ("other.co.uk", []),
        ("gmail.com", []),
        ("mail.gmail.com", []),
        ("ancient.example", []),
        ("swallowed.example", []),
        ("nobody.example", []),
    ],
)
def test_email_is_at_a_companys_domain(host: str, expected: list[str]) -> None:
    """EVD-1: further domains, subdomains and aliases count; a longer name and a mail provider never do."""
    assert _companies(_world(), f"noor@{host}") == expected


def test_no_domain_speaks_for_a_company_without_a_list_of_providers() -> None:
    """EVD-1, law 1: nobody knows whose mailbox it is."""
    assert _companies(_world(lists_providers=False), "noor@northwind.example") == []


def test_order_of_rows_does_not_matter() -> None:
    """Law 4: the same rows in another order give the same facts."""
    world = _world()
    found = _companies(world, "noor@nw-stores.example")
    world.shuffled()
    world.run(*_WRITERS)
    assert [company for (company,) in world.rows("select company_id from facts.email_companies")] == found
