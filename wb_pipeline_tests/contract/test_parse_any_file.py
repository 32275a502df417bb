"""What holds of any batch: one reading whatever the format, a row for every line, tables that can be stored."""

from __future__ import annotations

import json

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wb_pipeline.contract.parse import parse_batch
from wb_pipeline.contract.tables import PROPOSAL_CHANGES, PROPOSAL_CITATIONS, PROPOSAL_LINES
from wb_pipeline_tests.contract.factories import BATCH_KEY, create, is_kept, parse, proposal


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


def test_parse_batch_has_its_columns_when_the_file_is_empty(tmp_path):
    """CON-2: an empty file is readable and holds nothing."""
    batch = parse(tmp_path)
    assert (batch.is_readable, batch.line_count, batch.problem) == (True, 0, None)
    assert (batch.lines.schema, batch.changes.schema) == (PROPOSAL_LINES, PROPOSAL_CHANGES)
    assert (batch.citations.schema, batch.citations.num_rows) == (PROPOSAL_CITATIONS, 0)


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
