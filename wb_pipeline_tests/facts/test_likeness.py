"""Whom proposals mean by likeness, and which creates are one."""

from __future__ import annotations

from itertools import permutations
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from wb_pipeline.facts.field_names import write_field_names
from wb_pipeline.facts.identity_statements import write_identity_statements
from wb_pipeline.facts.proposal_keys import write_proposal_keys
from wb_pipeline.facts.twin_keys import write_twin_keys
from wb_pipeline_tests.facts.factories import World, likeness_by_shipped_models

_BEFORE = (write_field_names, write_proposal_keys, write_identity_statements, likeness_by_shipped_models)
_ANA: dict[str, Any] = {
    "first_name": "Anastasia",
    "last_name": "Ruiz-Ferrer",
    "email": "anastasia.ruiz@acme.com",
    "phone": "+14155550142",
    "linkedin_url": "https://www.linkedin.com/in/anastasia-ruiz-ferrer",
}


def _world() -> World:
    world = World()
    world.costs("contact", 1, 40, 25)
    world.costs("company", 1, 40, 25)
    return world


def _decision(world: World, key: str) -> tuple[Any, ...]:
    (row,) = world.con.execute(
        "select decision, record_id from facts.likeness_decisions where proposal_key = ?", [key]
    ).fetchall()
    return tuple(row)


def _keys(world: World) -> dict[str, str | None]:
    return dict(world.rows("select proposal_key, create_key from facts.proposal_keys"))


def test_decision_by_likeness_and_by_cost() -> None:
    """IDN-2, IDN-3: the same person matches, nobody alike is new; without costs every candidate is looked at."""
    world = World()
    world.record("contact", "con-1", **_ANA)
    known = world.proposal("create", payload={**_ANA, "email": "a.ruiz@acme.com"})
    new = world.proposal("create", payload={"first_name": "Oyelaran", "last_name": "Adewale", "email": "o@else.org"})
    world.run(*_BEFORE)
    assert _decision(world, known) == ("review", "con-1")
    world.costs("contact", 1, 40, 25)
    world.run(*_BEFORE)
    assert _decision(world, known) == ("match", "con-1")
    assert _decision(world, new) == ("create", None)


def test_empty_crm_has_nobody_like_it() -> None:
    """CON-7: a CRM without a record is no error, and the first contact is new."""
    world = _world()
    key = world.proposal("create", payload=_ANA)
    world.run(*_BEFORE, write_twin_keys)
    assert _decision(world, key) == ("create", None)


def test_certain_twins_share_one_key_whatever_their_order() -> None:
    """IDN-4: a chain of three spellings is one create, under the smallest key among them."""
    people = [
        {**_ANA, "email": email} for email in ("ruiz.anastasia@acme.com", "a.ruiz@acme.com", "anastasia.ruiz@acme.com")
    ]
    for order in permutations(people):
        world = _world()
        for payload in order:
            world.proposal("create", payload=payload)
        world.run(*_BEFORE, write_twin_keys)
        assert set(_keys(world).values()) == {"contact:email:a.ruiz@acme.com"}


def test_twin_without_a_key_takes_that_of_its_twin() -> None:
    """IDN-4: a create that names no address is still the same person."""
    world = _world()
    named = world.proposal("create", payload=_ANA)
    nameless = world.proposal("create", payload={key: _ANA[key] for key in ("first_name", "last_name", "linkedin_url")})
    world.run(*_BEFORE, write_twin_keys)
    keys = _keys(world)
    assert keys[named] == keys[nameless] is not None


def test_open_create_of_an_earlier_batch_gives_its_key() -> None:
    """IDN-4: what an earlier batch is about to create is not created again under another spelling."""
    world = _world()
    world.earlier_create("contact", "email:z@acme.com", {**_ANA, "email": "z@acme.com"})
    world.earlier_create("contact", "email:denied@acme.com", _ANA, lane="deny")
    key = world.proposal("create", payload=_ANA)
    world.run(*_BEFORE, write_twin_keys)
    earlier = world.rows("select twin_key from facts.likely_twins")
    assert earlier == [("earlier|create|contact:email:z@acme.com",)]
    assert _keys(world)[key] == "contact:email:z@acme.com"


def test_twins_that_were_found_and_are_gone_stop_the_create() -> None:
    """Law 1: an empty table of twins does not let two creates of one person through."""
    world = _world()
    keys = [world.proposal("create", payload={**_ANA, "email": email}) for email in ("a@acme.com", "b@acme.com")]
    world.run(*_BEFORE)
    world.con.execute("delete from facts.likely_twins")
    world.run(write_twin_keys)
    assert {_decision(world, key)[0] for key in keys} == {"review"}


def test_doubtful_twins_both_wait() -> None:
    """IDN-4: two that may be one are not told apart by chance; each keeps its own key."""
    world = _world()
    names = {"first_name": "Anastasia", "last_name": "Ruiz-Ferrer"}
    keys = [world.proposal("create", payload={**names, "email": email}) for email in ("a@acme.com", "ruiz@acme.com")]
    world.run(*_BEFORE, write_twin_keys)
    assert world.rows("select distinct is_certain from facts.likely_twins") == [(False,)]
    assert {_decision(world, key)[0] for key in keys} == {"review"}
    assert len(set(_keys(world).values())) == 2


@settings(max_examples=5, deadline=None)
@given(st.lists(st.sampled_from(range(6)), min_size=2, max_size=6, unique=True))
def test_order_of_the_batch_does_not_matter(order: list[int]) -> None:
    """IDN-4, law 4: decisions and keys follow from what is said, not from where it stands."""
    people = [
        _ANA,
        {**_ANA, "email": "a.ruiz@acme.com"},
        {"first_name": "Anastasia", "last_name": "Ruiz-Ferrer", "email": "ruiz@other.org"},
        {"first_name": "Kim", "last_name": "Lee", "email": "kim.lee@acme.com"},
        {"first_name": "Kim", "last_name": "Lee", "email": "kim@acme.com"},
        {"last_name": "Lee"},
    ]
    seen = []
    for numbers in (order, sorted(order)):
        world = _world()
        world.record("contact", "con-1", first_name="Kim", last_name="Lee", email="kim.lee@acme.com")
        keys = {world.proposal("create", payload=people[number]): number for number in numbers}
        world.run(*_BEFORE, write_twin_keys)
        found = {keys[key]: (_decision(world, key), create_key) for key, create_key in _keys(world).items()}
        seen.append({number: value for number, value in found.items() if not str(value[1]).count(":proposal:")})
    assert seen[0] == seen[1]
