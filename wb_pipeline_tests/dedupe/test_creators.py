"""Who made a record that is a duplicate: an approved create of ours, or its first writer."""

from __future__ import annotations

from typing import Any

import duckdb
import pytest

from wb_pipeline.dedupe.creators import write_creators
from wb_pipeline.ledger.decision_columns import DECISION_COLUMNS

DECIDED = {
    "is_action_row": True, "effective_action": "create", "lane": "auto", "actor_type": "ai_agent",
    "actor_id": "enricher", "workflow_id": "wf-1", "source": "linkedin", "change_id": "c1",
    "deed_key": "create|contact:email:ana@acme.example", "decided_at": "2026-01-10",
}  # fmt: skip
RECORD = {
    "object": "contact", "record_id": "con-1", "fields": '{"email":" Ana@acme.example"}', "field_writers": "{}",
    "history": "[]", "extra": "{}", "created_at": "2026-01-10 00:05:00",
}  # fmt: skip
_SOONER, _LATER = '"at":"2026-01-10T00:05:00Z"', '"at":"2026-01-10T00:06:00Z"'
OURS = [("contact", "con-1", "enricher", "wf-1", "linkedin")]


def creators(decided: dict[str, Any], stored: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Return who created the one record of a CRM, given the one decision on the books."""
    with duckdb.connect() as con:
        con.execute("set TimeZone = 'UTC'")
        columns = ", ".join(f"{name} {kind}" for name, kind in DECISION_COLUMNS.items())
        con.execute(f"create schema books; create table books.sealed_decisions ({columns})")
        columns = ", ".join(f"{name} varchar" for name in RECORD if name != "created_at")
        con.execute(
            f"create schema raw; create table raw.crm_records (snapshot_hash varchar, created_at timestamp, {columns})"
        )
        for table, row in (("books.sealed_decisions", decided), ("raw.crm_records", {"snapshot_hash": "s", **stored})):
            names, marks = ", ".join(row), ", ".join("?" * len(row))
            con.execute(f"insert into {table} ({names}) values ({marks})", list(row.values()))
        write_creators(con, "s")
        return con.execute("from dedupe_creators").fetchall()


def test_record_with_the_key_of_an_approved_create_is_ours() -> None:
    """RPT-1: with the actor, the workflow and the source of the proposal."""
    assert creators(DECIDED, RECORD) == OURS


@pytest.mark.parametrize(
    "changed",
    [
        {"lane": "review"},
        {"lane": "deny"},
        {"actor_type": "integration"},
        {"effective_action": "update"},
        {"is_action_row": False},
        {"repeats_change_id": "c0"},
        {"deed_key": None},
        {"deed_key": "create|lead:email:ana@acme.example"},
        {"decided_at": "2026-01-11"},
    ],
)
def test_other_decisions_created_nothing(changed: dict[str, Any]) -> None:
    """RPT-1: not let through, not by an agent, another key, or decided when the record stood already."""
    assert creators(DECIDED | changed, RECORD) == []


@pytest.mark.parametrize(
    ("changed", "actor"),
    [
        ({"extra": '{"created_by":"agent:scout"}'}, "scout"),
        ({"field_writers": '{"title":{"by":"agent:scout","at":"2026-01-10T00:05:30Z"}}'}, "scout"),
        ({"history": '[{"field":"a","new":"b","by":"agent:scout","at":"2026-01-10T00:05:30Z"}]'}, "scout"),
        ({"field_writers": '{"title":{"by":"agent:scout","at":"2026-02-10T00:05:30Z"}}'}, None),
        ({"field_writers": '{"title":{"by":"agent:scout","at":"gone"}}'}, None),
        ({"field_writers": f'{{"a":{{"by":"agent:x",{_LATER}}},"b":{{"by":"user:u",{_SOONER}}}}}'}, None),
        ({"extra": '{"created_by":"user:agent:x"}'}, None),
    ],
)  # fmt: skip
def test_else_the_first_writer_at_the_time_of_the_creation_counts(changed: dict[str, Any], actor: str | None) -> None:
    """RPT-1: an agent that came later, or whose time cannot be read, created nothing."""
    expected = [("contact", "con-1", actor, None, None)] if actor else []
    assert creators(DECIDED | {"lane": "deny"}, RECORD | changed) == expected
