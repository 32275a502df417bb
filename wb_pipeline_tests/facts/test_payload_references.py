"""Do the records exist that a proposal's values point at?"""

from __future__ import annotations

from typing import Any

import pytest

from wb_pipeline.facts.field_names import write_field_names
from wb_pipeline.facts.payload_references import write_payload_references
from wb_pipeline.facts.prepared_records import write_prepared_records
from wb_pipeline_tests.facts.factories import World


@pytest.fixture
def world() -> World:
    """A world with a few records and rules."""
    made = World()
    made.record("contact", "con-1")
    made.record("contact", "con-2", archived=True)
    made.record("contact", "con-3", merged_into="con-1")
    made.record("company", "com-1")
    made.record("user", "u-1")
    made.record("workflow", "w-1")
    return made


def references(world: World) -> list[tuple[Any, ...]]:
    """Return (field, object, referenced_id, is_found, is_archived)."""
    world.run(write_field_names, write_prepared_records, write_payload_references)
    return world.rows(
        "select field, object, referenced_id, is_found, is_archived from facts.payload_references order by all"
    )


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("con-1", [("contact_id", "contact", "con-1", True, False)]),
        (" con-1 ", [("contact_id", "contact", "con-1", True, False)]),
        ("con-2", [("contact_id", "contact", "con-2", True, True)]),
        ("con-3", [("contact_id", "contact", "con-3", True, True)]),
        ("com-1", [("contact_id", "contact", "com-1", False, False)]),
        (["con-1"], [("contact_id", "contact", '["con-1"]', False, False)]),
        (17, [("contact_id", "contact", "17", False, False)]),
        (None, []),
        ("", []),
    ],
)
def test_reference_of_a_log_is_found_when_the_record_is_there(
    world: World, value: Any, expected: list[tuple[Any, ...]]
) -> None:
    """IDN-9: a log for an unknown, archived or wrong kind of record is seen as such."""
    world.proposal("log", "activity", payload={"contact_id": value, "subject": "con-1"})
    assert references(world) == expected


def test_reference_is_seen_under_any_spelling_of_its_field(world: World) -> None:
    """CON-5, IDN-9: the canonical field decides what a value refers to."""
    world.proposal(changes=[(" Company_ID ", "com-9"), ("owner", "u-1")])
    assert references(world) == [
        ("company_id", "company", "com-9", False, False),
        ("owner", "user", "u-1", True, False),
    ]


def test_references_of_merge_and_trigger_stand_on_the_action_row(world: World) -> None:
    """IDN-9: both sides of a merge, and the workflow of a trigger, must exist."""
    world.proposal("merge", payload={"survivor": "con-1", "loser": "con-9"})
    world.proposal("trigger", payload={"workflow_id": "w-9"})
    assert references(world) == [
        ("loser", "contact", "con-9", False, False),
        ("survivor", "contact", "con-1", True, False),
        ("workflow_id", "workflow", "w-9", False, False),
    ]
    assert world.rows("select distinct split_part(change_id, ':', 3) from facts.payload_references") == [("0",)]
