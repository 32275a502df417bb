"""Is each wanted value valid for its field?"""

from __future__ import annotations

from typing import Any

import pytest

from wb_pipeline.facts.field_names import write_field_names
from wb_pipeline.facts.value_facts import write_value_facts
from wb_pipeline_tests.facts.factories import BATCH, World


@pytest.fixture
def world() -> World:
    """A world with a few records and rules."""
    made = World()
    made.format("contact", "phone", "phone")
    made.format("contact", "title", "text", 10)
    made.format("contact", "lifecycle_stage", "picklist")
    made.format("company", "tech_stack_tags", "list")
    made.picklist("contact", "persona", "Buyer", "User")
    return made


def fact(world: World, key: str) -> tuple[Any, ...]:
    """Return (is_valid, invalid_reason, normalized value, is_empty) of the proposal's first change."""
    world.run(write_field_names, write_value_facts)
    return world.con.execute(
        "select is_valid, invalid_reason, normalized_value, is_empty from facts.value_facts where change_id = ?",
        [f"{key}:1"],
    ).fetchall()[0]


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("phone", "+1 202 555 0143", (True, None, "+12025550143", False)),
        (" PHONE ", "call me", (False, "not_a_phone", None, False)),
        ("title", "VP  IT", (True, None, "VP IT", False)),
        ("title", "Vice President", (False, "too_long", None, False)),
        ("title", {"a": 1}, (False, "nested_value", None, False)),
        ("persona", "Buyer", (True, None, "Buyer", False)),
        ("persona", "King", (False, "not_in_picklist", None, False)),
        ("lifecycle_stage", "customer", (False, "not_in_picklist", None, False)),
        ("title", None, (True, None, None, True)),
        ("phone", "  ", (True, None, None, True)),
        ("no_such_field", "x", (True, None, "x", False)),
        ("no_such_field", ["x"], (False, "nested_value", None, False)),
        ("city", "x" * 2_001, (False, "too_long", None, False)),
        ("city", "a\x00b", (False, "control_characters", None, False)),
    ],
)
def test_value_facts_judge_by_the_policy_of_the_canonical_field(
    world: World, field: str, value: Any, expected: tuple[Any, ...]
) -> None:
    """FLD-5, CON-5: format, picklist and length of the field that is meant, however its name is written."""
    assert fact(world, world.proposal(changes=[(field, value)])) == expected


def test_value_facts_let_one_item_be_appended_to_a_list(world: World) -> None:
    """FLD-5: what is wrong for a set may be right for an append."""
    changes = [("tech_stack_tags", "crm")]
    assert fact(world, world.proposal(object_name="company", changes=changes, operation="append"))[2] == '["crm"]'
    assert fact(world, world.proposal(object_name="company", changes=changes))[1] == "not_a_list"


def test_value_facts_have_one_row_per_change_and_none_for_action_rows(world: World) -> None:
    """CON-2: two fields with one value are two rows; an unreadable line has none."""
    world.proposal(changes=[("title", "x"), ("city", "x"), ("title", "x")])
    world.proposal("create", payload={"email": "a@b.co"})
    world.proposal(changes=[("title", "x")], is_readable=False)
    world.run(write_field_names)
    assert write_value_facts(world.con) == 4


def test_value_facts_follow_each_manifests_own_policy(world: World) -> None:
    """OPS-2: a stricter policy judges the same batch by its own formats."""
    world.manifest("m2", BATCH, policy="p2")
    world.proposal(changes=[("title", "Vice President")])
    world.run(write_field_names, write_value_facts)
    assert world.rows("select manifest_id, is_valid from facts.value_facts order by 1") == [("m", False), ("m2", True)]


def test_value_facts_judge_a_missing_value_as_empty(world: World) -> None:
    """OVW-3: a change without a value would clear the field."""
    key = world.proposal(changes=[("title", "x")])
    world.con.execute("update raw.proposal_changes set new_value = null")
    assert fact(world, key) == (True, None, None, True)
