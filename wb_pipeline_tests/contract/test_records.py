"""CRM records and evidence items as they are read: good ones whole, bad ones with their reasons."""

from __future__ import annotations

import json
from datetime import datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from wb_pipeline.contract.models_evidence import EVIDENCE_MODELS
from wb_pipeline.contract.records import parse_crm_file, parse_evidence_file
from wb_pipeline.contract.tables import CRM_RECORDS, EVIDENCE_ITEMS, REJECTED_ROWS
from wb_pipeline_tests.contract.factories import record, write_lines


def crm(path, *lines):
    """Parse a CRM file of these lines."""
    return parse_crm_file(write_lines(path / "crm.jsonl", *lines))


def evidence(path, *lines):
    """Parse an evidence file of these lines."""
    return parse_evidence_file(write_lines(path / "evidence.jsonl", *lines))


def refused(parsed):
    """Return (row number, [(code, field)]) of each rejected row."""
    return [
        (row["row_number"], [(reason["code"], reason["field"]) for reason in json.loads(row["reasons"])])
        for row in parsed.rejected.to_pylist()
    ]


def test_parse_crm_file_reads_every_part_of_a_record(tmp_path):
    """CON-1, CON-2: custom fields and unknown keys are carried along; times are kept as UTC."""
    parsed = crm(tmp_path, record(source="export", id=17))
    assert (parsed.table.schema, parsed.rejected.schema) == (CRM_RECORDS, REJECTED_ROWS)
    assert parsed.table.to_pylist() == [
        {
            "object": "contact",
            "record_id": "17",
            "fields": '{"first_name":"Ana","shoe_size":38}',
            "field_writers": '{"title":{"at":"2026-02-11T10:04:00Z","by":"user:u-2"}}',
            "history": '[{"at":"2026-02-11T10:04:00Z","by":"user:u-2","field":"title","new":"VP","old":"IT"}]',
            "created_at": datetime(2025, 4, 1, 8),  # noqa: DTZ001  (tables keep UTC without a zone)
            "updated_at": datetime(2026, 2, 11, 10, 4),  # noqa: DTZ001  (as above)
            "is_archived": False,
            "merged_into_id": None,
            "extra": '{"source":"export"}',
        }
    ]


def test_parse_crm_file_needs_only_object_id_and_fields(tmp_path):
    """CON-1: everything else has a plain reading of its absence."""
    parsed = crm(tmp_path, {"object": "Company ", "id": "c", "fields": {}})
    row = parsed.table.to_pylist()[0]
    assert (row["object"], row["field_writers"], row["history"], row["extra"]) == ("company", "{}", "[]", "{}")
    assert (row["is_archived"], row["updated_at"], parsed.notices) == (False, None, {})


def test_parse_crm_file_keeps_the_record_and_notices_when_a_time_is_no_time(tmp_path):
    """CON-8: a record does not vanish from the snapshot because of a time: a duplicate of it could be created then."""
    parsed = crm(tmp_path, record(updated_at="2026-02-11", created_at="once"), record(object="ticket"))
    assert parsed.table.num_rows == 2
    assert parsed.table.column("updated_at")[0].as_py() is None
    assert sum(parsed.notices.values()) == 3


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_parse_crm_file_keeps_the_record_updated_last_when_ids_repeat(tmp_path, order):
    """CON-2: of several rows for one record the latest counts, in any order, and the others are reported."""
    versions = [record(updated_at=f"2026-02-1{day}T00:00:00Z", fields={"n": day}) for day in range(3)]
    parsed = crm(tmp_path, *[versions[index] for index in order], record(object="company"))
    assert parsed.table.column("fields").to_pylist()[0] == '{"n":2}'
    assert parsed.table.num_rows == 2
    kept = order.index(2) + 1
    assert refused(parsed) == [(number, [("superseded", "id")]) for number in (1, 2, 3) if number != kept]


def test_parse_crm_file_keeps_the_later_row_when_repeats_were_updated_at_once(tmp_path):
    """CON-2: of two rows with one time the one that stands later counts."""
    parsed = crm(tmp_path, record(fields={"n": 1}), record(fields={"n": 2}))
    assert parsed.table.column("fields").to_pylist() == ['{"n":2}']


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (record(object=None), [("missing", "object")]),
        (record(id=None), [("missing", "id")]),
        (record(fields=[], archived="no"), [("not_an_object", "fields"), ("not_true_or_false", "archived")]),
        (record(meta={"title": "u-2"}), [("not_an_object", "meta.title")]),
        (record(history=[{"old": 1}]), [("missing", "history.0.field")]),
        ("{broken", [("not_json", "")]),
        ('{"object": "contact", "id": "a", "id": "b"}', [("repeated_key", "id"), ("missing", "fields")]),
        (b"\xff", [("not_unicode", "")]),
    ],
)
def test_parse_crm_file_rejects_a_bad_row_with_all_reasons_and_reads_on(tmp_path, line, expected):
    """CON-2: rows in = records + rejected rows."""
    parsed = crm(tmp_path, record(id="first"), line, record(id="last"))
    assert refused(parsed) == [(2, expected)]
    assert parsed.table.column("record_id").to_pylist() == ["first", "last"]
    assert parsed.row_count == 3


@pytest.mark.parametrize("parse", [parse_crm_file, parse_evidence_file])
def test_parse_records_file_is_one_rejected_row_when_it_is_unreadable(tmp_path, parse):
    """CON-2: a broken export is a problem that names the file."""
    path = tmp_path / "x"
    path.write_bytes(b"\x00\x01\x02")
    parsed = parse(path, file_name="export.jsonl")
    assert (parsed.is_readable, parsed.row_count, parsed.table.num_rows) == (False, 1, 0)
    assert refused(parsed) == [(0, [("unreadable_file", "")])]


ITEMS = [
    ({"type": "email", "direction": "Inbound", "sent_at": "2026-01-01T01:00:00+01:00", "from": {}}, "inbound"),
    ({"type": "calendar_event", "status": "held", "start": "2026-01-01T00:00:00Z", "end": "2027"}, "held"),
    ({"type": "call_recording", "outcome": "connected", "started_at": "2026-01-01T00:00:00Z"}, "connected"),
    ({"type": "linkedin_profile", "observed_at": "2026-01-01T00:00:00Z"}, ""),
    ({"type": "enrichment", "subject": {"email": "a"}, "observed_at": "2026-01-01T00:00:00Z"}, ""),
    ({"type": "email_verification", "result": "valid", "checked_at": "2026-01-01T00:00:00Z"}, "valid"),
    ({"type": "proposal_document", "status": "sent", "created_at": "2025", "sent_at": "2026-01-01T00:00:00Z"}, "sent"),
    ({"type": "order_form", "status": "signed", "amount": "12000.00", "signatures": [
        {"party": "a", "signed_at": "2026-01-01T00:00:00Z"}, {"signed_at": "2025-01-01T00:00:00Z"}, {}]}, "signed"),
    ({"type": "mutual_action_plan", "status": "active", "created_at": "2026-01-01T00:00:00Z"}, "active"),
    ({"type": "web_visit", "visited_at": "2026-01-01T00:00:00Z"}, ""),
    ({"type": "form_submission", "submitted_at": "2026-01-01T00:00:00Z"}, ""),
    ({"type": "crm_event", "at": "2026-01-01T00:00:00Z"}, ""),
]  # fmt: skip


@pytest.mark.parametrize(("item", "state"), ITEMS, ids=[item["type"] for item, _ in ITEMS])
def test_parse_evidence_file_reads_state_and_time_of_each_type(tmp_path, item, state):
    """EVD-1, CON-2: every type of the contract has its state and its time in columns, the rest in `payload`."""
    parsed = evidence(tmp_path, {"id": "ev-1", "colour": "red", **item})
    assert parsed.table.schema == EVIDENCE_ITEMS
    assert parsed.table.to_pylist() == [
        {
            "evidence_id": "ev-1",
            "evidence_type": item["type"],
            "evidence_state": state,
            "happened_at": datetime(2026, 1, 1),  # noqa: DTZ001  (tables keep UTC without a zone)
            "payload": parsed.table.column("payload")[0].as_py(),
            "is_duplicated_id": False,
        }
    ]
    assert json.loads(parsed.table.column("payload")[0].as_py()) == {
        key: value for key, value in {**item, "colour": "red"}.items() if key != "type"
    }
    assert parsed.notices == {}


def test_evidence_items_cover_every_type_of_the_contract():
    """EVD-1: the cases above leave no type out."""
    assert {item["type"] for item, _ in ITEMS} == set(EVIDENCE_MODELS)


def test_parse_evidence_file_keeps_and_notices_an_unknown_type(tmp_path):
    """CON-2: evidence of an unknown type is kept; no requirement can be met by it."""
    parsed = evidence(tmp_path, {"id": 7, "type": "fax", "status": "sent"})
    row = parsed.table.to_pylist()[0]
    assert (row["evidence_id"], row["evidence_state"], row["happened_at"]) == ("7", "", None)
    assert list(parsed.notices.values()) == [1]


def test_parse_evidence_file_flags_all_items_of_a_repeated_id(tmp_path):
    """EVD-2: which of two items of one id is cited cannot be told, so none is dropped and both are flagged."""
    items = [{"id": name, "type": "web_visit", "page": str(n)} for n, name in enumerate(["a", "b", "a"])]
    parsed = evidence(tmp_path, *items)
    assert parsed.table.column("is_duplicated_id").to_pylist() == [True, False, True]


def test_parse_evidence_file_has_no_time_when_one_states_no_zone(tmp_path):
    """EVD-5, CON-8: a time that cannot be placed is left out and noticed, never guessed."""
    parsed = evidence(tmp_path, {"id": "a", "type": "email", "sent_at": "2026-01-01T00:00:00"})
    assert parsed.table.column("happened_at").to_pylist() == [None]
    assert list(parsed.notices.values()) == [1]


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ({"type": "email"}, [("missing", "id")]),
        ({"id": "a"}, [("missing", "type")]),
        ({"id": "a", "type": ["email"]}, [("not_text", "type")]),
        ({"id": "a", "type": "email", "to": "x@y.example"}, [("not_a_list", "to")]),
        ({"id": "a", "type": "call_recording", "transcript": ["hello"]}, [("not_an_object", "transcript.0")]),
        ({"id": "a", "type": "call_recording", "asr_quality": 1.5}, [("out_of_range", "asr_quality")]),
    ],
)
def test_parse_evidence_file_rejects_an_item_that_breaks_its_type(tmp_path, item, expected):
    """CON-2, EVD-2: an item that cannot be read is rejected with its reasons, and so counts as missing."""
    assert refused(evidence(tmp_path, item)) == [(1, expected)]


def test_parse_evidence_file_reads_parquet_when_a_subject_is_text_or_object(tmp_path):
    """CON-2: the subject of an email is text, that of an enrichment record an object."""
    table = pa.table(
        {
            "id": ["a", "b"],
            "type": ["email", "enrichment"],
            "subject": ["[URGENT] {offer}", '{"email": "a@b.example"}'],
            "to": ['["x@y.example"]', None],
        }
    )
    pq.write_table(table, tmp_path / "evidence")
    parsed = parse_evidence_file(tmp_path / "evidence")
    assert parsed.rejected.num_rows == 0
    assert parsed.table.column("payload").to_pylist() == [
        '{"subject":"[URGENT] {offer}","to":["x@y.example"]}',
        '{"subject":{"email":"a@b.example"}}',
    ]
