"""Why a line is quarantined: every reason, with the field that is wrong. What is read of a good one: `test_parse`."""

from __future__ import annotations

import pytest

from wb_pipeline.contract.parse import parse_batch
from wb_pipeline_tests.contract.factories import BATCH_KEY, create, is_kept, line, parse, proposal, reasons


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"actor": None}, ("missing", "actor")),
        ({"actor": "agent-1"}, ("not_an_object", "actor")),
        ({"actor": {"type": "ai_agent"}}, ("missing", "actor.id")),
        ({"actor": {"type": "ai_agent", "id": "  "}}, ("empty", "actor.id")),
        ({"actor": {"type": "robot", "id": "x"}}, ("not_allowed", "actor.type")),
        ({"actor": {"id": "x"}}, ("missing", "actor.type")),
    ],
)
def test_parse_batch_quarantines_a_proposal_when_nobody_stands_behind_it(tmp_path, wanted, expected):
    """CON-6: a missing actor is quarantined, never filled in."""
    batch = parse(tmp_path, proposal(**wanted))
    assert is_kept(batch) == [False]
    assert reasons(batch) == [expected]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"proposal_id": None}, ("missing", "proposal_id")),
        ({"proposal_id": ""}, ("empty", "proposal_id")),
        ({"proposal_id": 1.5}, ("not_text", "proposal_id")),
        ({"submitted_at": None}, ("missing", "submitted_at")),
        ({"submitted_at": 1767225600}, ("not_text", "submitted_at")),
        ({"action": None}, ("missing", "action")),
        ({"object": ["contact"]}, ("not_text", "object")),
        ({"target": "con-17"}, ("not_an_object", "target")),
        ({"target": {"id": True}}, ("not_text", "target.id")),
        ({"changes": None}, ("missing", "changes")),
        ({"changes": []}, ("missing", "changes")),
        ({"changes": ["title"]}, ("not_an_object", "changes.0")),
        ({"changes": {"title": "VP"}}, ("not_a_list", "changes")),
        ({"changes": [{"value": 1}]}, ("missing", "changes.0.field")),
        ({"changes": [{"field": "title"}]}, ("missing", "changes.0.value")),
        ({"changes": [{"field": 7, "value": 1}]}, ("not_text", "changes.0.field")),
        ({"changes": [{"field": "f" * 300, "value": 1}]}, ("too_long", "changes.0.field")),
        ({"changes": [{"field": "f", "value": 1}] * 1_001}, ("too_many", "changes")),
        ({"payload": {"title": "VP"}}, ("misplaced", "payload")),
        ({"evidence": ["ev-1"]}, ("not_an_object", "evidence.0")),
        ({"evidence": [{"quote": "x"}]}, ("missing", "evidence.0.ref")),
        ({"causation": {"depth": -1}}, ("out_of_range", "causation.depth")),
        ({"causation": {"depth": "2"}}, ("not_a_number", "causation.depth")),
        ({"causation": {"path": "wf"}}, ("not_a_list", "causation.path")),
    ],
)
def test_parse_batch_names_the_field_when_a_proposal_is_malformed(tmp_path, wanted, expected):
    """CON-1, CON-2: a malformed proposal is quarantined with the field that is wrong."""
    batch = parse(tmp_path, proposal(**wanted))
    assert is_kept(batch) == [False]
    assert reasons(batch) == [expected]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"payload": None}, [("missing", "payload")]),
        ({"payload": {}}, [("missing", "payload")]),
        ({"payload": [1]}, [("not_an_object", "payload")]),
        ({"changes": [{"field": "a", "value": 1}]}, [("misplaced", "changes")]),
        ({"action": "merge"}, [("missing", "payload.survivor"), ("missing", "payload.loser")]),
        ({"action": "trigger", "payload": {}}, [("missing", "payload")]),
        ({"action": "log", "payload": None}, [("missing", "payload")]),
    ],
)
def test_parse_batch_names_what_an_action_lacks(tmp_path, wanted, expected):
    """CON-1: each action states what it wants, and in one place only: nothing is left unread beside it."""
    assert reasons(parse(tmp_path, create(**wanted))) == expected


def test_parse_batch_collects_all_reasons_when_several_things_are_wrong(tmp_path):
    """CON-2: a bad row goes to quarantine with every reason, also behind a repeated key."""
    text = '{"proposal_id": "p-9", "proposal_id": "p-9", "action": "create", "confidence": "85%", "actor": {}}'
    batch = parse(tmp_path, text)
    assert set(reasons(batch)) == {
        ("repeated_key", "proposal_id"),
        ("missing", "payload"),
        ("missing", "submitted_at"),
        ("missing", "actor.type"),
        ("missing", "actor.id"),
        ("missing", "object"),
        ("not_a_number", "confidence"),
    }
    assert line(batch)["proposal_id"] == "p-9"


def test_parse_batch_says_how_many_reasons_it_leaves_out(tmp_path):
    """CON-7: a row with a thousand faults has a bounded list of reasons."""
    batch = parse(tmp_path, proposal(changes=[{"value": 1}] * 999))
    assert len(reasons(batch)) == 51
    assert reasons(batch)[-1] == ("more_reasons", "")


def test_parse_batch_quarantines_the_file_as_one_row_when_it_is_unreadable(tmp_path):
    """CON-2: a file that is not readable at all is quarantined as a whole, and says so."""
    path = tmp_path / "x"
    path.write_bytes(b"PAR1rubbish")
    batch = parse_batch(path, batch_key=BATCH_KEY, file_name="march.parquet")
    assert (batch.is_readable, batch.line_count, batch.file_format) == (False, 1, "parquet")
    assert "march.parquet" in (batch.problem or "")
    assert (line(batch)["line_number"], line(batch)["is_readable"], reasons(batch)) == (
        0,
        False,
        [("unreadable_file", "")],
    )


def test_parse_batch_names_a_proposal_that_is_too_large(tmp_path):
    """CON-7: a 5 MB note is quarantined under its own id, and its neighbours are read."""
    batch = parse(tmp_path, proposal(), create(proposal_id="p-big", payload={"body": "x" * 5_000_000}), proposal())
    assert is_kept(batch) == [True, False, True]
    assert reasons(batch, 1) == [("row_too_large", "")]
    assert line(batch, 1)["proposal_id"] == "p-big"
    assert len(line(batch, 1)["raw_text"]) == 2_000
