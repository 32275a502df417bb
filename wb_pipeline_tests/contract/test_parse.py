from __future__ import annotations

import json
from datetime import datetime

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from wb_pipeline.contract.models_proposal import Proposal
from wb_pipeline.contract.parse import parse_batch
from wb_pipeline.contract.tables import PROPOSAL_CHANGES, PROPOSAL_CITATIONS, PROPOSAL_LINES
from wb_pipeline_tests.contract.factories import BATCH_KEY, create, parse, proposal, reasons

KEY = f"{BATCH_KEY[:16]}:1"


def line(batch, row=0):
    """Return one line of the batch."""
    return batch.lines.slice(row, 1).to_pylist()[0]


def changes(batch):
    """Return the rows of the changes, without keys."""
    return [
        (row["ordinal"], row["is_action_row"], row["field_as_given"], row["operation"], row["new_value"])
        for row in batch.changes.to_pylist()
    ]


def is_kept(batch):
    """Return for each line whether it is readable."""
    return batch.lines.column("is_readable").to_pylist()


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


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ('"85%"', "not_a_number"),
        ('"85"', "not_a_number"),
        ("true", "not_a_number"),
        ("[85]", "not_a_number"),
        ("null", "missing"),
        ("NaN", "not_finite"),
        ("Infinity", "not_finite"),
        ("-Infinity", "not_finite"),
        ("1e999", "number_too_large"),
        ("-1", "out_of_range"),
        ("-0.0001", "out_of_range"),
        ("100.0001", "out_of_range"),
        ("101", "out_of_range"),
        ("1" + "0" * 60, "out_of_range"),
        ("9" * 5_000, "number_too_long"),
    ],
)
def test_parse_batch_quarantines_a_confidence_that_is_no_number_from_0_to_100(tmp_path, value, code):
    """CON-3: nothing but a number from 0 to 100 passes, and nothing is repaired."""
    text = json.dumps(proposal(confidence=0)).replace('"confidence": 0', f'"confidence": {value}')
    batch = parse(tmp_path, text)
    assert is_kept(batch) == [False]
    assert code in [found for found, _ in reasons(batch)]
    assert "confidence" in [field for _, field in reasons(batch)]
    assert line(batch)["confidence"] is None
    assert batch.changes.num_rows == 0


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_proposal_model_refuses_a_confidence_that_is_not_finite(value):
    """CON-3: the model does not lean on the reader: a number from any other way in is refused as well."""
    with pytest.raises(ValidationError, match="finite"):
        Proposal.model_validate(proposal(confidence=value))


@pytest.mark.parametrize("value", [0, 100, 50.5, 0.0, 100.0, 1e-9])
def test_parse_batch_keeps_a_confidence_from_0_to_100_as_it_is(tmp_path, value):
    """CON-3: the ends of the range belong to it."""
    assert line(parse(tmp_path, proposal(confidence=value)))["confidence"] == value


@given(value=st.one_of(st.floats(), st.integers(), st.text(max_size=8), st.booleans(), st.none()))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_parse_batch_keeps_a_confidence_if_and_only_if_it_is_a_number_in_range(tmp_path, value):
    """CON-3: for any JSON scalar."""
    given_line = json.dumps({**proposal(), "confidence": value})
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    assert is_kept(parse(tmp_path, given_line)) == [is_number and 0 <= value <= 100]


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


def test_parse_batch_gives_equal_content_one_hash_whatever_the_batch_and_format(tmp_path):
    """CON-4: a replay has the hash of the original; any other content has another."""
    again = dict(reversed(proposal(batch_id="summer").items())) | {"read_at": None}
    other = proposal(confidence=90)
    first, second, third = parse(tmp_path, proposal(), again, other).lines.column("content_hash").to_pylist()
    assert first == second != third
    nested = {key: json.dumps(value) if isinstance(value, dict | list) else value for key, value in proposal().items()}
    table = pa.Table.from_pylist([nested | {"confidence": 91.0, "read_at": None}])
    pq.write_table(table, tmp_path / "batch.parquet")
    parsed = parse_batch(tmp_path / "batch.parquet", batch_key=BATCH_KEY, file_name="p")
    assert (parsed.file_format, parsed.lines.column("content_hash").to_pylist()) == ("parquet", [first])


def test_parse_batch_reads_the_same_from_lines_array_and_parquet(tmp_path):
    """CON-2: the three formats give the same proposals."""
    given = [proposal(), create(proposal_id="p-2")]
    lines = parse(tmp_path, *given)
    (tmp_path / "array").write_text(json.dumps(given, indent=1))
    nested = [{k: json.dumps(v) if isinstance(v, dict | list) else v for k, v in one.items()} for one in given]
    columns = sorted({key for one in nested for key in one})
    pq.write_table(pa.Table.from_pylist([{c: one.get(c) for c in columns} for one in nested]), tmp_path / "parquet")
    for name in ("array", "parquet"):
        other = parse_batch(tmp_path / name, batch_key=BATCH_KEY, file_name="b")
        assert other.lines.drop_columns(["raw_text"]) == lines.lines.drop_columns(["raw_text"])
        assert (other.changes, other.citations) == (lines.changes, lines.citations)


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


def test_parse_batch_has_its_columns_when_the_file_is_empty(tmp_path):
    """CON-2: an empty file is readable and holds nothing."""
    batch = parse(tmp_path)
    assert (batch.is_readable, batch.line_count, batch.problem) == (True, 0, None)
    assert (batch.lines.schema, batch.changes.schema) == (PROPOSAL_LINES, PROPOSAL_CHANGES)
    assert (batch.citations.schema, batch.citations.num_rows) == (PROPOSAL_CITATIONS, 0)


def test_parse_batch_names_a_proposal_that_is_too_large(tmp_path):
    """CON-7: a 5 MB note is quarantined under its own id, and its neighbours are read."""
    batch = parse(tmp_path, proposal(), create(proposal_id="p-big", payload={"body": "x" * 5_000_000}), proposal())
    assert is_kept(batch) == [True, False, True]
    assert reasons(batch, 1) == [("row_too_large", "")]
    assert line(batch, 1)["proposal_id"] == "p-big"
    assert len(line(batch, 1)["raw_text"]) == 2_000


def test_parse_batch_tables_can_be_stored_whatever_the_row_held(tmp_path):
    """CON-7: surrogates, NUL, huge numbers and deep values end as rows that DuckDB can hold."""
    batch = parse(
        tmp_path,
        '{"proposal_id": "\\ud800", "actor": {"id": "\\udfff"}, "x\\ud800": NaN, "confidence": "\\ud83d"}',
        json.dumps(proposal(rationale="a\0b", source="ü😀")),
        b"\x00\xff\xfe",
        json.dumps(proposal()).replace("91", "1" * 90),
    )
    assert is_kept(batch) == [False, True, False, False]
    with duckdb.connect() as con:
        con.register("lines", batch.lines)
        con.execute("create table kept as select *, quarantine_reasons::json as parsed from lines")
        assert con.execute("select count(*), count(raw_text) from kept").fetchall() == [(4, 4)]


rubbish_line = st.binary(max_size=30).map(lambda raw: raw.replace(b"\n", b"?").removeprefix(b"\xef\xbb\xbf").strip())
json_value = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=10)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=6), inner, max_size=3)),
    max_leaves=6,
)
keys = st.sampled_from([*proposal(), "payload", "read_at", "causation", "workflow_id", "other"])


@given(rows=st.lists(st.dictionaries(keys, json_value, max_size=4), max_size=6), rubbish=rubbish_line)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_parse_batch_has_a_row_for_every_line_whatever_they_hold(tmp_path, rows, rubbish):
    """CON-2, CON-7: rows in = rows out; a readable line has its action row, another has its reasons."""
    mutated = [json.dumps({**proposal(), **row}) for row in rows]
    batch = parse(tmp_path, proposal(), *mutated, rubbish)
    assert batch.line_count == batch.lines.num_rows == len(rows) + 1 + bool(rubbish)
    kept = [row["proposal_key"] for row in batch.lines.to_pylist() if row["is_readable"]]
    actions = [row["proposal_key"] for row in batch.changes.to_pylist() if row["is_action_row"]]
    assert actions == kept
    for row in batch.lines.to_pylist():
        assert (json.loads(row["quarantine_reasons"]) == []) is row["is_readable"]
