"""The CRM's own name for each field name that a proposal uses."""

from __future__ import annotations

import pytest

from wb_pipeline.facts.field_names import write_field_names
from wb_pipeline_tests.facts.factories import World


@pytest.fixture
def world() -> World:
    """A world with a custom field, an alias and a field that only the policy knows."""
    made = World()
    made.record("contact", "con-1", email="a@b.co", favourite_colour="red")
    made.alias("contact", "jobtitle", "title")
    made.format("contact", "nps_score", "number")
    return made


def resolved(world: World, as_given: str, object_name: str = "contact") -> tuple[str | None, str]:
    """Return (field, resolution) of a name."""
    world.proposal(object_name=object_name, changes=[(as_given, "x")])
    world.run(write_field_names)
    found: tuple[str | None, str] = world.rows("select field, resolution from facts.field_names")[0]
    return found


@pytest.mark.parametrize(
    ("as_given", "field"),
    [
        ("title", "title"),
        (" TITLE ", "title"),
        ("properties.title", "title"),
        ("JobTitle", "title"),
        ("t\u0456tle", "title"),
        ("ti\u200btle", "title"),
        ("favourite_colour", "favourite_colour"),
        ("nps_score", "nps_score"),
    ],
)
def test_field_name_resolves_to_the_crms_own(world: World, as_given: str, field: str) -> None:
    """CON-5: case, space, paths, aliases, confusables, invisible characters, custom fields and the policy's fields."""
    assert resolved(world, as_given)[0] == field


@pytest.mark.parametrize(
    ("as_given", "object_name"),
    [
        ("no_such_field", "contact"),
        ("", "contact"),
        ("favourite_colour", "deal"),
        ("stage", "contact"),
        ("title", "spaceship"),
    ],
)
def test_field_name_is_unknown_when_nobody_knows_it(world: World, as_given: str, object_name: str) -> None:
    """CON-5: names are known per object; what does not resolve is unknown, and denied later."""
    assert resolved(world, as_given, object_name) == (None, "unknown")


def test_field_name_says_how_it_was_resolved(world: World) -> None:
    """CON-5: an exact name is told from one that had to be read kindly."""
    assert resolved(world, "title")[1] == "exact"


def test_custom_fields_are_those_of_the_manifests_own_snapshot(world: World) -> None:
    """OPS-2: a field that another day's CRM has is unknown today."""
    world.record("contact", "con-2", snapshot="another", shoe_size=42)
    assert resolved(world, "shoe_size") == (None, "unknown")


def test_each_name_has_one_row_however_often_it_is_used(world: World) -> None:
    """CON-5: grain (manifest, object, field_as_given)."""
    for _ in range(3):
        world.proposal(changes=[("title", "x"), ("Title", "y")])
    assert write_field_names(world.con) == 2


def test_key_in_a_record_that_is_no_field_name_cannot_break_the_run(world: World) -> None:
    """CON-7: names in the snapshot are data."""
    world.record("contact", "con-3", **{"": 1, "'; drop table raw.crm_records; --": 1, "a.b": 1, "$.x": 1})
    assert resolved(world, "title") == ("title", "exact")
