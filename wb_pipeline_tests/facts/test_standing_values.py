"""What stands in a field that a proposal names, in normal form, and who wrote it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from wb_pipeline.facts.field_names import write_field_names
from wb_pipeline.facts.match_candidates import write_match_candidates
from wb_pipeline.facts.prepared_records import write_prepared_records
from wb_pipeline.facts.proposal_keys import write_proposal_keys
from wb_pipeline.facts.standing_values import MOST_WRITES, write_standing_values
from wb_pipeline_tests.facts.factories import World, no_likeness


@pytest.fixture
def world() -> World:
    """A world with a contact whose fields have formats."""
    made = World()
    made.format("contact", "phone", "phone")
    made.format("contact", "title", "text", 100)
    return made


def standing(world: World, field: str, value: Any = "new") -> tuple[str | None, list[dict[str, Any]]]:
    """Return the normal form of what stands in a field of `con-1`, and its known writes."""
    world.proposal(target_id="con-1", changes=[(field, value)])
    world.run(write_field_names, write_prepared_records, write_proposal_keys, no_likeness, write_match_candidates)
    world.run(write_standing_values)
    rows = world.rows("select record_id, normalized_value, writes from facts.standing_values")
    assert [row[0] for row in rows] == ["con-1"]
    return rows[0][1], json.loads(rows[0][2])


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("phone", "+1 (415) 555-0132", "+14155550132"),
        ("phone", "call  me", "call me"),
        ("title", "Head  of \uff29\uff34 ", "Head of IT"),
        ("title", "  ", None),
        ("title", None, None),
        ("title", {"a": 1}, '{"a":1}'),
        ("a/b~c", "x", "x"),
    ],
)
def test_value_that_stands_has_the_form_of_its_field(
    world: World, field: str, value: Any, expected: str | None
) -> None:
    """FLD-8: what the CRM holds is compared as its field's format has it; what does not fit, in plain letters."""
    world.record("contact", "con-1", **{field: value})
    assert standing(world, field)[0] == expected


def test_writes_come_from_history_and_metadata(world: World) -> None:
    """OVW-2, OVW-5: each write has its kind of writer, its time in UTC, and its values in normal form."""
    world.record("contact", "con-1", title="CIO")
    history = [
        {"field": "title", "old": "IT ", "new": "CTO", "by": "user:u-2", "at": "2026-02-11T12:00:00+02:00"},
        {"field": "phone", "old": None, "new": "1", "by": "user:u-2", "at": "2026-02-12T10:00:00Z"},
        {"field": "title", "old": None, "new": "IT", "by": "Robot", "at": "2026-01-01"},
    ]
    world.writes("con-1", {"title": {"by": "agent:a-1", "at": None}}, history)
    assert standing(world, "title")[1] == [
        {"writer": "Robot", "kind": "unknown", "at": None, "before": None, "after": "IT"},
        {"writer": "user:u-2", "kind": "user", "at": "2026-02-11T10:00:00Z", "before": "IT", "after": "CTO"},
        {"writer": "agent:a-1", "kind": "agent", "at": None, "after": "CIO"},
    ]


def test_long_or_broken_history_is_bounded(world: World) -> None:
    """CON-7: of ten thousand entries the latest count, and what is no history is none."""
    world.record("contact", "con-1", title="CIO")
    entry = {"field": "title", "old": "a", "new": "b", "by": "user:u-2"}
    many = [{**entry, "at": f"2026-01-01T00:{number // 60 % 60:02d}:{number % 60:02d}Z"} for number in range(3_000)]
    world.writes("con-1", {"title": "nobody"}, [*many, "no entry"])  # type: ignore[list-item,dict-item]
    writes = standing(world, "title")[1]
    assert len(writes) == MOST_WRITES
    assert writes[-1]["at"] == "2026-01-01T00:49:59Z"


def test_broken_json_says_nothing(world: World) -> None:
    """Law 1: a record whose history cannot be read has a row, without writes."""
    world.record("contact", "con-1", title="CIO")
    world.con.execute("update raw.crm_records set field_writers = '{bad', history = null")
    assert standing(world, "title") == ("CIO", [])
