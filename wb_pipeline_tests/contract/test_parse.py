"""What is read of a proposal. Why one is refused: `test_parse_refusals`."""

from __future__ import annotations

import json
from datetime import datetime

import pytest

from wb_pipeline.contract.tables import PROPOSAL_LINES
from wb_pipeline_tests.contract.factories import BATCH_KEY, changes, create, is_kept, line, parse, proposal

KEY = f"{BATCH_KEY[:16]}:1"


def test_parse_batch_reads_every_part_of_a_proposal(tmp_path):
    """CON-1: whatever a proposal states has its column; what the contract does not know is kept in `extra`."""
    given = proposal(
        actor={"type": "ai_agent", "id": "agent-1", "provider": "acme", "team": "north"},
        submitted_at="2026-03-02T10:00:00+01:00",
        read_at="2026-03-02T08:55:00Z",
        idempotency_key="k-7",
        workflow_id="wf-1",
        action=" Update ",
        object="CONTACT",
        target={"match": {"email": "ana@northwind.example"}},
        evidence=[{"ref": "ev-1", "quote": "yes", "at": "00:01:02"}, {"ref": "ev-1"}],
        causation={"root": "e-1", "parent": "p-0", "depth": 2, "path": ["wf-0", "wf-1"]},
        mood="good",
    )
    batch = parse(tmp_path, given)
    row = line(batch)
    assert batch.lines.schema == PROPOSAL_LINES
    assert (row.pop("raw_text"), len(row.pop("content_hash"))) == (json.dumps(given), 64)
    assert row == {
        "batch_key": BATCH_KEY,
        "line_number": 1,
        "proposal_key": KEY,
        "file_name": "b",
        "is_readable": True,
        "quarantine_reasons": "[]",
        "proposal_id": "p-1",
        "batch_label": "spring",
        "idempotency_key": "k-7",
        "submitted_at_text": "2026-03-02T10:00:00+01:00",
        "submitted_at": datetime(2026, 3, 2, 9),  # noqa: DTZ001  (tables keep UTC without a zone)
        "read_at_text": "2026-03-02T08:55:00Z",
        "read_at": datetime(2026, 3, 2, 8, 55),  # noqa: DTZ001  (as above)
        "has_time_without_zone": False,
        "has_unreadable_time": False,
        "actor_type": "ai_agent",
        "actor_id": "agent-1",
        "actor_model": "acme",
        "workflow_id": "wf-1",
        "action": "update",
        "object": "contact",
        "target_id": None,
        "target_match": '{"email":"ana@northwind.example"}',
        "confidence": 91.0,
        "source": "linkedin",
        "rationale": "profile shows a new title",
        "causation_root": "e-1",
        "causation_parent": "p-0",
        "causation_depth": 2,
        "causation_path": '["wf-0","wf-1"]',
        "payload": "{}",
        "extra": '{"actor.team":"north","mood":"good"}',
    }
    assert [tuple(row.values())[1:] for row in batch.citations.to_pylist()] == [
        (KEY, 1, "ev-1", "yes", "00:01:02"),
        (KEY, 2, "ev-1", None, None),
    ]


def test_parse_batch_gives_an_update_one_row_per_change(tmp_path):
    """CON-1: a change has the value wanted and the value seen; a seen null is not the same as nothing seen."""
    listed = [
        {"field": "Title", "value": {"b": 1, "a": [1.5, None]}, "seen": None},
        {"field": "tags", "op": " Append ", "value": "x"},
        {"field": "title", "op": "Prepend", "value": None, "why": "?"},
    ]
    batch = parse(tmp_path, proposal(changes=listed))
    assert changes(batch) == [
        (0, True, None, "set", None),
        (1, False, "Title", "set", '{"a":[1.5,null],"b":1}'),
        (2, False, "tags", "append", '"x"'),
        (3, False, "title", "Prepend", "null"),
    ]
    assert batch.changes.column("has_seen_value").to_pylist() == [False, True, False, False]
    assert batch.changes.column("seen_value").to_pylist() == [None, "null", None, None]
    assert batch.changes.column("change_id").to_pylist() == [f"{KEY}:{ordinal}" for ordinal in range(4)]
    assert line(batch)["extra"] == '{"changes.2.why":"?"}'


@pytest.mark.parametrize("action", ["create", "log"])
def test_parse_batch_gives_a_create_or_log_one_row_per_payload_key(tmp_path, action):
    """CON-1: what a create or log wants stands in its payload; nothing was seen before."""
    batch = parse(tmp_path, create(action=action, payload={"email": "a@b.example", "owner": None}))
    assert changes(batch)[1:] == [(1, False, "email", "set", '"a@b.example"'), (2, False, "owner", "set", "null")]
    assert batch.changes.column("has_seen_value").to_pylist() == [False] * 3


@pytest.mark.parametrize(
    ("action", "payload"),
    [("trigger", {"workflow_id": "wf", "params": {"a": 1}}), ("merge", {"survivor": "c-1", "loser": 2})],
)
def test_parse_batch_gives_a_trigger_or_merge_its_action_row_only(tmp_path, action, payload):
    """CON-1: the payload of a trigger or merge holds no fields; it is kept whole."""
    batch = parse(tmp_path, create(action=action, payload=payload))
    assert changes(batch) == [(0, True, None, "set", None)]
    assert json.loads(line(batch)["payload"]) == payload


@pytest.mark.parametrize("action", ["delete", "purge", "upd\N{CYRILLIC SMALL LETTER A}te"])
def test_parse_batch_leaves_an_unknown_action_to_the_gates(tmp_path, action):
    """CON-6: delete and unknown actions are readable, so that they are denied with their reason, field by field."""
    batch = parse(tmp_path, proposal(action=action, object="invoice", payload={"name": 1}))
    assert is_kept(batch) == [True]
    assert [row[2] for row in changes(batch)] == [None, "title", "name"]


def test_parse_batch_flags_times_and_leaves_them_to_the_gates(tmp_path):
    """CON-8: a time without a zone, or that is none, is no reason for quarantine: a gate objects to it."""
    batch = parse(
        tmp_path,
        proposal(submitted_at="2026-03-02T09:00:00"),
        proposal(read_at="2026-03-02"),
        proposal(submitted_at="soon"),
        proposal(),
    )
    assert is_kept(batch) == [True] * 4
    assert batch.lines.column("has_time_without_zone").to_pylist() == [True, True, False, False]
    assert batch.lines.column("has_unreadable_time").to_pylist() == [False, False, True, False]
    assert [at is None for at in batch.lines.column("submitted_at").to_pylist()] == [True, False, True, False]


def test_parse_batch_takes_a_whole_number_as_an_id(tmp_path):
    """CON-1: several CRMs number their records; a whole number has exactly one text."""
    assert line(parse(tmp_path, proposal(target={"id": 9007199254740993})))["target_id"] == "9007199254740993"
