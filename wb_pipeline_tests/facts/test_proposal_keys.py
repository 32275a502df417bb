"""The identifying values that a proposal names."""

from __future__ import annotations

from typing import Any

import pytest

from wb_pipeline.facts.field_names import write_field_names
from wb_pipeline.facts.proposal_keys import write_proposal_keys
from wb_pipeline_tests.facts.factories import World


def keys(world: World, key: str) -> tuple[Any, ...]:
    """Return (email_key, domain_key, external_id_key, email_domain_key, create_key)."""
    world.run(write_field_names, write_proposal_keys)
    return world.con.execute(
        "select email_key, domain_key, external_id_key, email_domain_key, create_key "
        "from facts.proposal_keys where proposal_key = ?",
        [key],
    ).fetchall()[0]


@pytest.mark.parametrize(
    ("object_name", "payload", "expected"),
    [
        ("contact", {"email": " Ana@Acme.com"}, ("ana@acme.com", None, None, "acme.com", "contact:email:ana@acme.com")),
        ("lead", {"email": "a@b.co"}, ("a@b.co", None, None, "b.co", "lead:email:a@b.co")),
        ("company", {"domain": "https://www.Acme.com/x"}, (None, "acme.com", None, None, "company:domain:acme.com")),
        ("company", {"external_id": 17}, (None, None, "17", None, "company:external_id:17")),
        ("deal", {"external_id": "D-1", "email": "a@b.co"}, (None, None, "D-1", None, "deal:external_id:D-1")),
        ("contact", {"email": "nonsense"}, (None, None, None, None, None)),
        ("contact", {}, (None, None, None, None, None)),
    ],
)
def test_create_key_says_what_a_create_would_make(
    object_name: str, payload: dict[str, Any], expected: tuple[Any, ...]
) -> None:
    """IDN-1, IDN-4: two creates of the same thing have the same key."""
    world = World()
    world.format("deal", "external_id", "id")
    assert keys(world, world.proposal("create", object_name, payload=payload)) == expected


def test_create_key_is_null_for_other_actions() -> None:
    """IDN-4: only a create makes something; an update keeps the keys it looks for."""
    world = World()
    found = keys(world, world.proposal(match={"email": "ana@acme.com"}))
    assert found == ("ana@acme.com", None, None, "acme.com", None)


def test_every_readable_proposal_has_one_row() -> None:
    """CON-2: rows in = rows out."""
    world = World()
    for _ in range(3):
        world.proposal(match={"email": "a@b.co", "external_id": "1"})
    world.proposal(is_readable=False)
    world.run(write_field_names)
    assert write_proposal_keys(world.con) == 3
