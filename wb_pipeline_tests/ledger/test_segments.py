"""Sealing: exactly once, no personal value in a segment, killed anywhere and still all or nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wb_pipeline.audit.verify import verify_books
from wb_pipeline.errors import AuditError, OutcomeError
from wb_pipeline.home import Home
from wb_pipeline.ledger.decision_columns import DECISION_COLUMNS, PERSONAL_COLUMNS, SEGMENT_COLUMNS, VALUES_COLUMNS
from wb_pipeline.ledger.digests import change_ids_digest
from wb_pipeline.ledger.kinds import BatchSealed, ItemsQueued
from wb_pipeline.ledger.manifests import Manifest, commit_manifest, sealed_batches, supersede
from wb_pipeline.ledger.segment_files import segment_path, values_path
from wb_pipeline.ledger.segments import decisions_digest, seal_run
from wb_pipeline.ledger.store import Ledger
from wb_pipeline_tests.ledger.factories import CODE_HASH, batch_key, decisions, manifest, seal
from wb_pipeline_tests.ledger.processes import concat, context, seal_and_die

A, B = batch_key("a"), batch_key("b")


def _committed(ledger: Ledger, *keys: str) -> Manifest:
    made = manifest(*keys, ledger=ledger)
    commit_manifest(ledger, made)
    return made


def _rows(path: Path) -> list[dict[str, object]]:
    with duckdb.connect() as con:
        rows = con.sql("select * from read_parquet($path)", params={"path": str(path)}).to_arrow_table().to_pylist()
        return list(rows)


def test_seal_run_commits_all_batches_in_one_append(home: Home, ledger: Ledger) -> None:
    """AUD-1, OPS-4: one commit point; an empty batch is sealed too; counts, lanes and queue are cited."""
    made = _committed(ledger, A, B)
    outcome = seal(home, ledger, made, decisions(made, A, 6))
    events = ledger.events(after=1)
    assert outcome.sealed == tuple(sorted((A, B)))
    assert [event.kind for event in events] == ["batch_sealed", "items_queued"] * 2
    assert len({event.recorded_at for event in events}) == 1
    sealed = {event.payload["batch_key"]: event.payload for event in events if event.kind == BatchSealed.kind}
    queued = {event.payload["batch_key"]: event.payload for event in events if event.kind == ItemsQueued.kind}
    assert (sealed[A]["rows"], sealed[A]["lanes"]) == (6, {"auto": 2, "review": 2, "deny": 2})
    assert (sealed[B]["rows"], sealed[B]["lanes"]) == (0, {})
    assert queued[A]["change_ids_digest"] == change_ids_digest([f"{A[:16]}:2:1", f"{A[:16]}:5:1"])
    assert verify_books(home).findings == ()


def test_segment_holds_no_personal_value(home: Home, ledger: Ledger) -> None:
    """AUD-6: values lie beside salted digests; equal values have unequal digests."""
    made = _committed(ledger, A)
    secret = dict.fromkeys(PERSONAL_COLUMNS, "'secret'")
    seal(home, ledger, made, decisions(made, A, 4, **secret))
    name = sealed_batches(ledger)[0].name
    segment, values = _rows(segment_path(home, name)), _rows(values_path(home, name))
    assert tuple(segment[0]) == SEGMENT_COLUMNS
    assert tuple(values[0]) == VALUES_COLUMNS
    assert b"secret" not in segment_path(home, name).read_bytes()
    digests = {row[f"{column}_digest"] for row in segment for column in PERSONAL_COLUMNS}
    assert len(digests) == 4 * len(PERSONAL_COLUMNS)
    assert len({row["salt"] for row in values}) == 4
    assert all(isinstance(row["salt"], bytes) and len(row["salt"]) == 16 for row in values)


def test_segment_salts_differ_when_the_same_decisions_are_sealed_elsewhere(tmp_path: Path) -> None:
    """AUD-6: nobody can try values against a digest without the salt, which is random for each seal."""
    salts = set()
    for number in range(2):
        home = Home(tmp_path / str(number))
        ledger = Ledger.open(home)
        made = _committed(ledger, A)
        seal(home, ledger, made, decisions(made, A, 1))
        salts.add(_rows(values_path(home, sealed_batches(ledger)[0].name))[0]["salt"])
    assert len(salts) == 2


def test_segment_rows_are_in_order_whatever_the_order_of_input(home: Home, ledger: Ledger) -> None:
    """OVW-6, AUD-2: line and ordinal decide the order of rows in both files."""
    made = _committed(ledger, A)
    table = decisions(made, A, 50)
    seal(home, ledger, made, table.take(pa.array(reversed(range(50)))))
    name = sealed_batches(ledger)[0].name
    lines = [row["line_number"] for row in _rows(segment_path(home, name))]
    assert lines == list(range(1, 51))
    assert [row["change_id"] for row in _rows(values_path(home, name))] == [f"{A[:16]}:{line}:1" for line in lines]


def test_seal_run_adds_nothing_when_a_rerun_decides_the_same(home: Home, ledger: Ledger) -> None:
    """OPS-4, CON-4: a rerun in any row order verifies the seal and leaves books and files as they are."""
    made = _committed(ledger, A, B)
    table = concat([decisions(made, A, 5), decisions(made, B, 5)])
    seal(home, ledger, made, table)
    before = {path: path.read_bytes() for path in home.root.rglob("*.parquet")}, ledger.head()
    outcome = seal(home, ledger, made, table.take(pa.array([9, 1, 8, 2, 7, 3, 6, 4, 5, 0])), run_id="run-2")
    assert outcome.verified == tuple(sorted((A, B)))
    assert ({path: path.read_bytes() for path in home.root.rglob("*.parquet")}, ledger.head()) == before


def test_seal_run_refuses_when_the_same_code_decides_otherwise(home: Home, ledger: Ledger) -> None:
    """OPS-2: an unequal rerun is an error; after a change of code it is reported, and the sealed decisions stand."""
    made = _committed(ledger, A, B)
    seal(home, ledger, made, concat([decisions(made, A, 5), decisions(made, B, 5)]))
    other = concat([decisions(made, A, 5), decisions(made, B, 5, lane="'deny'")])
    with pytest.raises(AuditError, match=B[:16]):
        seal(home, ledger, made, other)
    with duckdb.connect() as con:
        outcome = seal_run(con, home, ledger, made, other, run_id="run-2", code_hash="new code")
    assert (outcome.sealed, outcome.verified, outcome.differing) == ((), (A,), (B,))


def test_seal_run_takes_a_relation_of_the_callers_connection(home: Home, ledger: Ledger) -> None:
    """OPS-1: the decided table of the warehouse is sealed as it lies there, and nothing of the seal stays there."""
    made = _committed(ledger, A)
    table = decisions(made, A, 3).drop_columns(["causation"])
    with duckdb.connect() as con:
        con.register("given", table)
        con.execute("create table decided as select * from given")
        con.unregister("given")
        assert seal_run(con, home, ledger, made, con.table("decided"), run_id="r", code_hash=CODE_HASH).sealed == (A,)
        assert con.execute("select table_name from duckdb_tables()").fetchall() == [("decided",)]
        assert con.execute("select view_name from duckdb_views() where not internal").fetchall() == []


@pytest.mark.parametrize(
    ("overrides", "fault"),
    [
        ({"change_id": "null"}, "no change id"),
        ({"change_id": "'twice'"}, "decided twice"),
        ({"lane": "'approved'"}, "no known lane"),
        ({"lane": "null"}, "no known lane"),
    ],
)
def test_seal_run_refuses_decisions_that_do_not_fit(
    home: Home, ledger: Ledger, overrides: dict[str, str], fault: str
) -> None:
    """FLD-1, EXC-3: a blocking check that was stepped over is made again here; nothing is sealed."""
    made = _committed(ledger, A)
    with pytest.raises(OutcomeError, match=fault):
        seal(home, ledger, made, decisions(made, A, 2, **overrides))
    assert sealed_batches(ledger) == []


def test_seal_run_refuses_rows_of_another_manifest_or_batch(home: Home, ledger: Ledger) -> None:
    """FLD-1: only what this manifest decides is sealed under it."""
    made = _committed(ledger, A)
    with pytest.raises(OutcomeError, match="outside the manifest"):
        seal(home, ledger, made, decisions(made, B, 1))
    with pytest.raises(OutcomeError, match="another manifest"):
        seal(home, ledger, made, decisions(manifest(B), A, 1))


def test_seal_run_refuses_columns_that_are_missing_unknown_or_zoned(home: Home, ledger: Ledger) -> None:
    """AUD-1: no column is lost in silence, none slips into the books."""
    made = _committed(ledger, A)
    table = decisions(made, A, 1)
    zoned = table.set_column(
        table.column_names.index("decided_at"), "decided_at", table["decided_at"].cast(pa.timestamp("us", "UTC"))
    )
    for wrong, fault in (
        (table.drop_columns(["lane"]), "missing: lane"),
        (table.append_column("password", pa.array(["x"])), "not to be sealed: password"),
        (zoned, "time zone: decided_at"),
    ):
        with pytest.raises(OutcomeError, match=fault):
            seal(home, ledger, made, wrong)


def test_seal_run_refuses_a_manifest_that_does_not_stand(home: Home, ledger: Ledger) -> None:
    """OPS-4: a manifest is committed before anything is decided, and a superseded one seals nothing."""
    unknown = manifest(A)
    with pytest.raises(AuditError, match="not in the ledger"):
        seal(home, ledger, unknown, decisions(unknown, A, 1))
    made = _committed(ledger, A)
    supersede(ledger, made.manifest_id, reason="x", recorded_by="ana")
    with pytest.raises(AuditError, match="superseded"):
        seal(home, ledger, made, decisions(made, A, 1))


def test_seal_run_is_all_or_nothing_when_killed_at_any_step(tmp_path: Path) -> None:
    """OPS-4: SIGKILL before each durable operation in turn; the next run seals, cleans up, and the books verify."""

    def attempt(step: int) -> tuple[int, int]:
        home = Home(tmp_path / str(step))
        made = _committed(Ledger.open(home), A, B)
        worker = context().Process(target=seal_and_die, args=(home.root, made, 3, step))
        worker.start()
        worker.join(60)
        ledger = Ledger.open(home)
        committed = len(sealed_batches(ledger))
        assert verify_books(home).findings == ()
        seal(home, ledger, made, concat([decisions(made, A, 3), decisions(made, B, 3)]))
        report = verify_books(home)
        assert (report.findings, report.notes, report.segments, report.rows) == ((), (), 2, 6)
        assert worker.exitcode is not None
        return worker.exitcode, committed

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(attempt, range(1, 20)))
    codes = [code for code, _ in found]
    assert set(codes) == {-9, 0}
    assert codes == sorted(codes), "once there are fewer operations than steps, no process dies"
    assert {committed for _, committed in found} == {0, 2}


_CELLS = st.lists(st.sampled_from(["null", "''", "'a'", "'ab'", "'~'", "'1:a'"]), min_size=2, max_size=2)


@given(one=_CELLS, other=_CELLS)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.differing_executors])
def test_decisions_digest_is_equal_only_when_the_decisions_are(one: list[str], other: list[str]) -> None:
    """OPS-2: NULL, empty text and text that moves from one column to the next all count."""
    made = manifest(A)
    with duckdb.connect() as con:
        first, second = (
            decisions_digest(con, decisions(made, A, 2, new_value=cells[0], seen_value=cells[1]))
            for cells in (one, other)
        )
    assert (first == second) == (one == other)


@pytest.mark.parametrize("column", sorted(DECISION_COLUMNS.keys() - {"manifest_id", "batch_key"}))
def test_decisions_digest_changes_when_a_column_changes(column: str) -> None:
    """OPS-2: no column of a decision is left out of the comparison."""
    made, kind = manifest(A), DECISION_COLUMNS[column]
    other = {"BIGINT": "77", "DOUBLE": "0.25", "BOOLEAN": "true", "TIMESTAMP": "timestamp '2020-01-01'"}.get(
        kind, "'x'"
    )
    with duckdb.connect() as con:
        digests = {
            decisions_digest(con, decisions(made, A, 1)),
            decisions_digest(con, decisions(made, A, 1, **{column: other})),
        }
    assert len(digests) == 2
