"""What do the domains in a change say against it? Companies that are attached: `test_company_attachments`."""

from __future__ import annotations

from typing import Any

import pytest

from wb_pipeline_tests.facts.domains import WRITERS, facts, world_of_domains
from wb_pipeline_tests.facts.factories import BATCH, World


@pytest.fixture
def world() -> World:
    """A CRM that knows some domains."""
    return world_of_domains()


def lookalikes(world: World) -> list[tuple[Any, ...]]:
    """Return (ordinal, lookalike_domain, looks_like_domain, likeness) of the flagged changes."""
    columns = "split_part(change_id, ':', 3), lookalike_domain, looks_like_domain, likeness"
    return facts(world, columns, "is_lookalike_domain")


@pytest.mark.parametrize(
    ("email", "expected"),
    [
        ("zoe@nortwind.com", ("nortwind.com", "northwind.co", "typo")),
        ("zoe@northwind.com", ("northwind.com", "northwind.co", "other_ending")),
        ("zoe@north-wind.example", ("north-wind.example", "northwind.co", "hyphen")),
        ("zoe@n0rthwind.example", ("n0rthwind.example", "northwind.co", "homoglyph")),
        ("zoe@northwind-group.example", ("northwind-group.example", "northwind.co", "added_word")),
        ("zoe@n\u043erthwind.example", ("xn--nrthwind-nbh.example", "northwind.co", "homoglyph")),
        ("zoe@our-c0mpany.example", ("our-c0mpany.example", "our-company.example", "homoglyph")),
        ("zoe@initech.com", ("initech.com", "initech.example", "other_ending")),
        ("zoe@nortwind.example", ("nortwind.example", "northwind.co", "typo")),
        ("zoe@northwind.example", None),
        ("zoe@mail.northwind.example", None),
        ("zoe@northwind.co", None),
        ("zoe@northwind-shop.example", None),
        ("zoe@globex.example", None),
        ("eve@nortwind.example", None),
        ("zoe@ancien.example", None),
        ("zoe@unheard-of.example", None),
        ("zoe@gmail.com", None),
        ("not an address", None),
        (None, None),
        (17, None),
    ],
)
def test_lookalike_domain_of_a_create_stands_on_its_field_and_on_the_whole(
    world: World, email: Any, expected: tuple[str, str, str] | None
) -> None:
    """IDN-5: a domain like one that the CRM or our own list knows; an address on record is no stranger."""
    world.proposal("create", payload={"first_name": "Zoe", "email": email})
    assert lookalikes(world) == ([("0", *expected), ("2", *expected)] if expected else [])


def test_lookalike_domain_of_a_company_is_seen_in_every_domain_field(world: World) -> None:
    """IDN-5: domain, website and further domains; the closest is named for the whole."""
    more = ["fine.example", "gl0bex.example"]
    world.proposal("create", "company", payload={"domain": "globexx.example", "website": "https://globex.biz/x"})
    world.proposal(object_name="company", target_id="com-1", changes=[("additional_domains", more), ("website", "x")])
    assert sorted(row[::3] for row in lookalikes(world)) == [
        ("0", "typo"), ("1", "homoglyph"), ("1", "typo"), ("2", "other_ending"),
    ]  # fmt: skip


def test_lookalike_domain_says_nothing_about_other_objects_and_actions(world: World) -> None:
    """IDN-5: a log or a deal has no domain of its own."""
    world.proposal("log", "activity", payload={"subject": "globex.com", "website": "globex.com"})
    world.proposal("trigger", payload={"email": "zoe@globex.com"})
    assert lookalikes(world) == []


def test_alias_of_the_policy_is_no_lookalike(world: World) -> None:
    """IDN-5: unless an alias table says that both belong to one company."""
    world.domain_alias("globex.com", "globex.example")
    world.proposal("create", payload={"email": "zoe@globex.com"})
    assert lookalikes(world) == []


@pytest.mark.parametrize(
    ("email", "expected"),
    [
        ("zoe@gmail.com", (True, False, False)),
        ("zoe@eu.gmail.com", (True, False, False)),
        ("info@northwind.example", (False, True, False)),
        ("sales+de@northwind.example", (False, True, False)),
        ("info@gmail.com", (True, True, False)),
        ("zoe@mailinator.com", (False, False, True)),
        ("zoe@x.mailinator.com", (False, False, True)),
        ("zoe@northwind.example", (False, False, False)),
        ("zoe@mygmail.com", (False, False, False)),
        ("no address", (False, False, False)),
    ],
)
@pytest.mark.parametrize("object_name", ["contact", "lead"])
def test_address_of_a_create_is_free_mail_role_or_disposable(
    world: World, object_name: str, email: str, expected: tuple[bool, bool, bool]
) -> None:
    """IDN-8: said of the create as a whole, never of its fields."""
    world.proposal("create", object_name, payload={"email": email})
    flags = "is_free_mail_address, is_role_address, is_disposable_address"
    assert facts(world, flags) == [expected, (False, False, False)]


def test_address_counts_as_anybodys_where_the_policy_lists_no_provider(world: World) -> None:
    """IDN-8: without a list nobody knows whose mailbox it is."""
    world.con.execute("delete from policy.mail_domains")
    world.proposal("create", payload={"email": "zoe@northwind.example"})
    assert facts(world, "is_free_mail_address") == [(True,), (False,)]


def test_address_of_an_update_or_of_a_company_says_nothing(world: World) -> None:
    """IDN-8: only who creates a contact or lead needs an address of one person."""
    world.proposal(target_id="con-1", changes=[("email", "zoe@gmail.com")])
    world.proposal("create", "company", payload={"email": "info@northwind.example"})
    assert facts(world, "*", "is_free_mail_address or is_role_address") == []


def test_domain_facts_have_one_row_per_change_and_no_null_flag(world: World) -> None:
    """FLD-1: every change has its row, so that a missing one can mean "nobody looked"."""
    world.proposal("create", payload={"email": "zoe@globex.com", "company_id": "com-1"})
    world.proposal("merge", payload={"survivor": "con-1", "loser": "con-2"})
    world.proposal(changes=[("title", "CEO"), ("no such field", 1), ("email", ["a@globex.com", {"b": 1}])])
    world.proposal(is_readable=False)
    world.run(*WRITERS)
    flags = [name for (name,) in world.rows("select column_name from (describe facts.domain_facts)") if "is_" in name]
    assert len(flags) == 5
    assert world.rows(
        f"select count(*), count(distinct change_id), count({'+'.join(f'{f}::int' for f in flags)})"
        " from facts.domain_facts"
    ) == [(8, 8, 8)]


def test_domain_facts_keep_policies_and_snapshots_apart(world: World) -> None:
    """OPS-2: each manifest is judged against its own CRM and policy."""
    world.manifest("m2", BATCH, snapshot="s2", policy="p2")
    world.mail_domains("personal", "hotmail.com", policy="p2")
    world.record("company", "com-1", snapshot="s2", domain="umbrella.example")
    world.proposal("create", payload={"email": "zoe@umbrela.example"})
    world.proposal("create", payload={"email": "zoe@globx.example"})
    world.proposal("create", payload={"email": "zoe@gmail.com"})
    found = facts(world, "manifest_id, split_part(change_id, ':', 2)", "is_lookalike_domain and change_id like '%:0'")
    assert sorted(found) == [("m", "2"), ("m2", "1")]
    found = facts(world, "manifest_id, split_part(change_id, ':', 2)", "is_free_mail_address")
    assert found == [("m", "3")]


def test_domain_facts_do_not_depend_on_the_order_of_rows(world: World) -> None:
    """OVW-6: the order of input never matters."""
    world.proposal("create", payload={"email": "zoe@globex.com", "company_id": "com-1", "first_name": "Zoe"})
    world.proposal("create", "company", payload={"domain": "globex.com", "website": "gl0bex.com"})
    before = facts(world, "*")
    world.shuffled()
    assert facts(world, "*") == before
