"""What the models of the dedupe job make of a sealed run and the CRM's records: survivors, values, candidates."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from wb_pipeline.paths import sql_project_folder
from wb_pipeline.sql_project import SqlProject, build
from wb_pipeline_tests.dedupe.world import World, open_world, record

PROJECT = SqlProject.load(sql_project_folder())
MODELS = [name for name, model in PROJECT.models.items() if model.folder == "dedupe"]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Open a home in which nothing has run."""
    with open_world(tmp_path) as opened:
        yield opened


def build_models(world: World) -> None:
    """Build the dedupe models over what stands in the warehouse."""
    build(world.con, PROJECT, MODELS, {})


def rows(world: World, query: str) -> list[dict[str, Any]]:
    """Return the rows of a query by column."""
    cursor = world.con.execute(query)
    names = [column[0] for column in cursor.description or []]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def at(day: int) -> str:
    """Return a time on the day of May 2025."""
    return f"2025-05-{day:02}T08:00:00+00:00"


def written(by: str, day: int) -> dict[str, str]:
    """Return who wrote a field, and when."""
    return {"by": by, "at": at(day)}


def surviving(world: World, *records: dict[str, Any]) -> dict[str, tuple[Any, str, str]]:
    """Link all records, and return (value, record, rule) of each field that would survive."""
    names = sorted(each["id"] for each in records)
    world.run(records, [(names[0], other, 0.97) for other in names[1:]])
    build_models(world)
    found = rows(world, "select * from surviving_values")
    return {
        each["field"]: (json.loads(each["field_value"]), each["from_record_id"], each["survivorship_rule"])
        for each in found
    }


def test_value_that_a_person_wrote_survives(world: World) -> None:
    """IDN-10: what a person wrote stands over a later value of an integration, and over an earlier one of a person."""
    found = surviving(
        world,
        record("con-1", 1, fields={"title": "CTO"}, meta={"title": written("user:u-1", 2)}),
        record("con-2", 2, fields={"title": "Chief Technology Officer"}, meta={"title": written("integration:x", 9)}),
        record("con-3", 3, fields={"title": "Dev"}, meta={"title": written("user:u-2", 1)}),
    )
    assert found["title"] == ("CTO", "con-1", "human")


def test_stronger_source_survives(world: World) -> None:
    """IDN-10: the policy ranks linkedin over enrichment for a title."""
    found = surviving(
        world,
        record("con-1", 1, fields={"title": "CTO"}, meta={"title": written("integration:linkedin", 1)}),
        record(
            "con-2", 2, fields={"title": "Chief of Technology"}, meta={"title": written("integration:enrichment", 9)}
        ),
    )
    assert found["title"] == ("CTO", "con-1", "source_precedence")


def test_fuller_value_survives_where_nobody_is_known(world: World) -> None:
    """IDN-10: no writers: the longer value, then the later one, then the surviving record's."""
    found = surviving(
        world,
        record("con-1", 1, fields={"city": "Lyon", "title": "CTO", "note": "aaa", "x": 1}, updated_at=at(1)),
        record("con-2", 2, fields={"city": "Lyon 3e", "title": "CEO", "note": "bbb"}, updated_at=at(1)),
        record("con-3", 3, fields={"title": "COO"}, updated_at=at(2)),
    )
    assert found == {
        "city": ("Lyon 3e", "con-2", "complete"),
        "title": ("COO", "con-3", "recent"),
        "note": ("aaa", "con-1", "surviving_record"),
        "x": (1, "con-1", "only_value"),
    }


def test_policys_own_rules_of_a_field_hold(world: World) -> None:
    """IDN-10: for last_outbound_touch the default policy takes the latest, whoever wrote it."""
    found = surviving(
        world,
        record(
            "con-1", 1, fields={"last_outbound_touch": "2025-01-01"}, meta={"last_outbound_touch": written("user:u", 2)}
        ),
        record(
            "con-2",
            2,
            fields={"last_outbound_touch": "2025-03-01"},
            meta={"last_outbound_touch": written("agent:a", 9)},
        ),
    )
    assert found["last_outbound_touch"] == ("2025-03-01", "con-2", "recent")


def test_empty_values_and_our_own_notes_are_no_values(world: World) -> None:
    """IDN-10: nothing empty survives a value; the writeback's own fields are left out."""
    found = surviving(
        world,
        record("con-1", 1, fields={"title": "", "city": None, "tags": [], "ai_writeback_source": "linkedin"}),
        record("con-2", 2, fields={"title": "CEO", "city": " ", "tags": ["a"]}),
    )
    assert found == {"title": ("CEO", "con-2", "only_value"), "tags": (["a"], "con-2", "only_value")}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"fields": {"title": "CTO", "city": "Lyon"}}, {"fields": {"title": "CTO"}}),
        ({"meta": {"first_name": written("user:u", 1)}}, {"meta": {"first_name": written("agent:a", 9)}}),
        ({"meta": {"first_name": written("user:u", 2)}}, {"meta": {"first_name": written("user:u", 1)}}),
        ({"created_at": at(1)}, {"created_at": at(2)}),
        ({"created_at": at(1)}, {"created_at": None}),
    ],
)
def test_survivor_is_the_fullest_then_the_touched_then_the_oldest(
    world: World, one: dict[str, Any], other: dict[str, Any]
) -> None:
    """IDN-10: in this order; `con-2` survives each time, though its id is the larger one."""
    world.run([record("con-2", 1, **one), record("con-1", 1, **other)], [("con-1", "con-2", 0.97)])
    build_models(world)
    assert rows(world, "select survivor_id, loser_id, lane from merge_candidates") == [
        {"survivor_id": "con-2", "loser_id": "con-1", "lane": "review"}
    ]


def test_candidates_say_why_and_wait_for_review(world: World) -> None:
    """IDN-10: a record that hangs on another one than the survivor shows that pair; all of them go to review."""
    full = record("con-1", 1, fields={"first_name": "Ana", "last_name": "Ruiz", "title": "CTO"})
    world.run([full, record("con-2", 2), record("con-3", 3)], [("con-1", "con-2", 0.9), ("con-2", "con-3", 0.99)])
    build_models(world)
    query = "select loser_id, linked_record_id, match_probability, match_reason, lane from merge_candidates order by 1"
    assert world.rows(query) == [
        ("con-2", "con-1", 0.9, "same email", "review"),
        ("con-3", "con-2", 0.99, "same email", "review"),
    ]
    (cluster,) = rows(world, "select * from duplicate_clusters")
    assert cluster["cluster_id"] == "contact-entity-1"
    assert json.loads(cluster["record_ids"]) == ["con-1", "con-2", "con-3"]
    assert (cluster["records"], cluster["linked_pairs"], cluster["least_probability"]) == (3, 2, 0.9)


def test_contact_survives_a_lead(world: World) -> None:
    """IDN-10: however full the lead is."""
    lead = record("lead-1", 1, "lead", fields={"first_name": "Ana", "last_name": "Ruiz", "title": "CTO"})
    world.run([lead, record("con-1", 2)], [("con-1", "lead-1", 0.97)])
    build_models(world)
    assert world.rows("select survivor_id, loser_object, loser_id from merge_candidates") == [
        ("con-1", "lead", "lead-1")
    ]


def test_pair_with_a_conflict_is_shown_and_not_merged(world: World) -> None:
    """IDN-10: a person sees why two like records are kept apart."""
    world.run([record("con-1"), record("con-2")], [], [("con-1", "con-2", 0.97)])
    build_models(world)
    assert world.rows("select has_conflict, conflict_reason, is_in_one_cluster from duplicate_pairs") == [
        (True, "Jr and Sr", False)
    ]
    assert world.rows("select * from merge_candidates") == []


def test_rate_has_a_row_per_run(world: World) -> None:
    """RPT-1: over time: three records of which one is surplus, then two of which none is."""
    three = [record("con-1"), record("con-2"), record("con-3")]
    world.run(three, [("con-1", "con-2", 0.97)])
    world.run(three[:2])
    build_models(world)
    query = "select run_id, records, surplus_records, duplicate_rate from report_duplicate_rate order by found_at"
    assert world.rows(query) == [("run-1", 3, 1, 0.3333), ("run-2", 2, 0, 0.0)]


def test_every_live_record_has_its_entity(world: World) -> None:
    """IDN-11: with the object type that the CRM knows it by, and how many records share it."""
    world.run(
        [record("con-1", 1), record("lead-1", 2, "lead"), record("com-1", 3, "company")], [("con-1", "lead-1", 1.0)]
    )
    build_models(world)
    query = "select object, record_id, entity_id, is_first, records from entity_ids order by record_id"
    assert world.rows(query) == [
        ("company", "com-1", "company-entity-1", True, 1),
        ("contact", "con-1", "contact-entity-1", True, 2),
        ("lead", "lead-1", "contact-entity-1", False, 2),
    ]
