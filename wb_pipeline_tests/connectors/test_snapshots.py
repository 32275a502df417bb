"""A pull is kept once, for good, under the hash of its content."""

from __future__ import annotations

import random
from datetime import datetime
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa
import pytest

from wb_pipeline.connectors.base import PULLED_SCHEMAS, Pull, SourceKind
from wb_pipeline.connectors.snapshots import keep_pull, load_snapshots, rejected_path, snapshot_path
from wb_pipeline.contract.tables import REJECTED_ROWS
from wb_pipeline.errors import AuditError, InputError
from wb_pipeline.home import Home

if TYPE_CHECKING:
    from pathlib import Path

DAY = datetime(2026, 3, 1)  # noqa: DTZ001 - stored as UTC without zone


def record(
    record_id: str, title: str = "CTO", *, updated_at: datetime | None = DAY, file: str = "a.jsonl"
) -> dict[str, Any]:
    """Return a pulled record."""
    return {
        "object": "contact",
        "record_id": record_id,
        "fields": f'{{"title":"{title}"}}',
        "field_writers": '{"title":{"at":"2026-03-01T00:00:00Z","by":"user:u-1"}}',
        "history": '[{"by":"user:u-1","field":"title","new":"CTO","old":null}]',
        "updated_at": updated_at,
        "is_archived": False,
        "extra": "{}",
        "file_name": file,
    }


def item(evidence_id: str, payload: str = "{}", file: str = "a.jsonl") -> dict[str, Any]:
    """Return a pulled evidence item."""
    """Return a pulled record."""
    state = {"evidence_type": "email", "evidence_state": "inbound", "happened_at": DAY}
    return {"evidence_id": evidence_id, **state, "payload": payload, "is_duplicated_id": False, "file_name": file}


def pull(*rows: dict[str, Any], kind: SourceKind = "crm", rejected: list[tuple[str, int]] | None = None) -> Pull:
    """Return a pull of rows, and of rejected rows as (code, row number)."""
    refused = [
        {
            "source_kind": kind,
            "file_name": "bad.jsonl",
            "row_number": number,
            "reasons": f'[{{"code":"{code}","message":"row {number}"}}]',
        }
        for code, number in rejected or []
    ]
    table = pa.Table.from_pylist(list(rows), schema=PULLED_SCHEMAS[kind])
    return Pull(kind, table, pa.Table.from_pylist(refused, schema=REJECTED_ROWS))


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """An empty home."""
    return Home(tmp_path)


def loaded(
    home: Home, query: str, crm: list[str] | None = None, evidence: list[str] | None = None
) -> list[tuple[Any, ...]]:
    """Load snapshots into an empty database and return what a query finds."""
    with duckdb.connect() as con:
        load_snapshots(con, home, crm or [], evidence or [])
        return con.execute(query).fetchall()


def test_snapshot_is_the_same_when_rows_and_files_come_in_another_order(home: Home) -> None:
    """OPS-2, law 4: the hash is over the content, not over row order or file names."""
    rows = [record(f"c-{number}") for number in range(50)]
    first = keep_pull(home, pull(*rows, rejected=[("not_json", 3), ("too_deep", 9)]))
    moved = [{**row, "file_name": "other/place.json"} for row in rows]
    random.Random(1).shuffle(moved)
    again = keep_pull(home, pull(*moved, rejected=[("too_deep", 1), ("not_json", 2)]))
    assert again.content_hash == first.content_hash
    assert (first.is_new, again.is_new) == (True, False)
    assert (first.row_count, first.rejected_count) == (50, 2)


@pytest.mark.parametrize("column", [name for name in PULLED_SCHEMAS["crm"].names if name != "file_name"])
def test_snapshot_differs_when_any_value_differs(home: Home, column: str) -> None:
    """AUD-2, OPS-2: every column is covered, field history and last writers too."""
    changed: dict[str, Any] = {"created_at": DAY, "updated_at": None, "is_archived": None}
    one, other = record("c-1"), record("c-1")
    other[column] = changed.get(column, "[]")
    assert keep_pull(home, pull(one)).content_hash != keep_pull(home, pull(other)).content_hash


def test_snapshot_differs_when_values_move_between_columns_or_rows_are_rejected(home: Home) -> None:
    """AUD-2: no two contents read the same; a pull that lost a row is another pull."""
    kept = {
        keep_pull(home, pull({**record("ab"), "merged_into_id": "c"})).content_hash,
        keep_pull(home, pull({**record("a"), "merged_into_id": "bc"})).content_hash,
        keep_pull(home, pull({**record("ab"), "merged_into_id": ""})).content_hash,
        keep_pull(home, pull({**record("ab"), "merged_into_id": None})).content_hash,
        keep_pull(home, pull({**record("ab"), "merged_into_id": "c"}, rejected=[("not_json", 1)])).content_hash,
        keep_pull(home, pull()).content_hash,
    }
    assert len(kept) == 6


def test_loaded_snapshot_is_what_was_pulled(home: Home) -> None:
    """OPS-2, OVW-2: values, writers, history and rejected rows come back as they were."""
    kept = keep_pull(home, pull(record("c-2"), record("c-1"), rejected=[("not_json", 7)]))
    rows = loaded(
        home,
        "select snapshot_hash, record_id, field_writers, history, updated_at from raw.crm_records",
        [kept.content_hash],
    )
    assert [row[1] for row in rows] == ["c-1", "c-2"]
    assert rows[0][0] == kept.content_hash
    assert rows[0][2:] == (record("")["field_writers"], record("")["history"], DAY)
    refused = loaded(home, "from raw.rejected_rows", [kept.content_hash])
    assert refused == [("crm", kept.content_hash, "bad.jsonl", 7, '[{"code":"not_json","message":"row 7"}]')]


def test_latest_row_of_a_record_is_kept_when_files_overlap(home: Home) -> None:
    """Law 4, CON-2: whichever file is read first; the other row is reported."""
    old, new = record("c-1", "old", updated_at=None, file="b.jsonl"), record("c-1", "new", file="a.jsonl")
    kept = [keep_pull(home, pull(*rows)) for rows in ([old, new], [new, old])]
    assert kept[0].content_hash == kept[1].content_hash
    assert loaded(home, "select fields from raw.crm_records", [kept[0].content_hash]) == [('{"title":"new"}',)]
    refused = loaded(
        home, "select file_name, row_number, reasons->0->>'code' from raw.rejected_rows", [kept[0].content_hash]
    )
    assert refused == [("b.jsonl", None, "superseded")]


def test_evidence_ids_that_stand_twice_are_flagged_and_identical_items_kept_once(home: Home) -> None:
    """EVD-2: an id with two contents is flagged, also across files; an exact repeat is no second item."""
    kept = keep_pull(
        home,
        pull(item("e-1", '{"a":1}'), item("e-1", '{"a":2}'), item("e-2"), item("e-2", file="b.jsonl"), kind="evidence"),
    )
    rows = loaded(home, "select evidence_id, is_duplicated_id from raw.evidence_items", evidence=[kept.content_hash])
    assert rows == [("e-1", True), ("e-1", True), ("e-2", False)]
    assert kept.rejected_count == 1


def test_empty_pull_is_a_snapshot_too(home: Home) -> None:
    """CON-2: an empty CRM is allowed."""
    kept = keep_pull(home, pull())
    assert kept.row_count == 0
    assert loaded(home, "from raw.crm_records", [kept.content_hash]) == []


def test_several_snapshots_are_loaded_side_by_side(home: Home) -> None:
    """OPS-2: runs over several days see each day under its own hash."""
    hashes = [keep_pull(home, pull(record("c-1", title))).content_hash for title in ("a", "b")]
    assert {row[0] for row in loaded(home, "from raw.crm_records", [*hashes, hashes[0]])} == set(hashes)
    assert len(loaded(home, "from raw.crm_records", [*hashes, hashes[0]])) == 2


def test_load_refuses_a_snapshot_that_was_changed(home: Home) -> None:
    """AUD-2: a file whose content is not what its name says stops the run."""
    good, other = keep_pull(home, pull(record("c-1"))), keep_pull(home, pull(record("c-2")))
    good.path.write_bytes(other.path.read_bytes())
    with pytest.raises(AuditError, match="not what its name says"):
        loaded(home, "select 1", [good.content_hash])


@pytest.mark.parametrize("content", [b"", b"rubbish", b"PAR1PAR1"])
def test_load_refuses_a_snapshot_that_is_no_parquet(home: Home, content: bytes) -> None:
    """AUD-2: damage is said in words, not as a traceback of the database."""
    kept = keep_pull(home, pull(record("c-1")))
    kept.path.write_bytes(content)
    with pytest.raises(AuditError):
        loaded(home, "select 1", [kept.content_hash])


def test_load_refuses_when_half_of_the_pair_is_missing(home: Home) -> None:
    """AUD-2, OPS-6: missing books of record are named, with the way out."""
    kept = keep_pull(home, pull(record("c-1")))
    rejected_path(home, "crm", kept.content_hash).unlink()
    with pytest.raises(InputError, match="missing"):
        loaded(home, "select 1", [kept.content_hash])


@pytest.mark.parametrize("content_hash", ["", "../../etc/passwd", "A" * 64, "a" * 63])
def test_snapshot_path_refuses_what_is_no_hash(home: Home, content_hash: str) -> None:
    """Law 7: no text from outside becomes a path."""
    with pytest.raises(InputError, match="no snapshot hash"):
        snapshot_path(home, "crm", content_hash)


def test_nothing_half_written_is_left_when_writing_fails(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """OPS-4: a pull that dies in between leaves no file under the snapshot's name, and the next one succeeds."""
    with monkeypatch.context() as patched:
        patched.setattr("os.fsync", lambda _: (_ for _ in ()).throw(OSError("disk full")))
        with pytest.raises(OSError, match="disk full"):
            keep_pull(home, pull(record("c-1")))
    assert list(home.snapshots.iterdir()) == []
    assert keep_pull(home, pull(record("c-1"))).is_new
