"""Loading sealed decisions into DuckDB: incremental, verified, values joined."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from wb_pipeline.errors import AuditError
from wb_pipeline.home import Home
from wb_pipeline.ledger.decision_columns import DECISION_COLUMNS
from wb_pipeline.ledger.loading import LoadReport, load_sealed
from wb_pipeline.ledger.manifests import commit_manifest, sealed_batches
from wb_pipeline.ledger.segment_files import values_path
from wb_pipeline.ledger.switches import switch_actor
from wb_pipeline_tests.ledger.factories import batch_key, decisions, manifest, seal, small_books

_COLUMNS = ", ".join(DECISION_COLUMNS)


def test_load_sealed_returns_the_decisions_as_they_were_sealed(tmp_path: Path) -> None:
    """AUD-1, OPS-4: the warehouse is derived: every column comes back, with run and place in the ledger."""
    home, ledger = small_books(tmp_path, batches=0)
    key = batch_key("a")
    made = manifest(key, ledger=ledger)
    commit_manifest(ledger, made)
    table = decisions(made, key, 5)
    seal(home, ledger, made, table, run_id="run-7")
    switch_actor(ledger, "agent-1", False, "ana", "x")
    with duckdb.connect() as con:
        load_sealed(con, home, ledger)
        loaded = con.sql(f"select {_COLUMNS} from books.sealed_decisions order by line_number").to_arrow_table()
        assert loaded.to_pylist() == table.select(list(DECISION_COLUMNS)).to_pylist()
        facts = con.execute("select distinct run_id, sealed_sequence, sealed_at::varchar from books.sealed_decisions")
        assert facts.fetchall() == [("run-7", 4, "2026-03-02 09:00:00")]
        batches = con.execute("select batch_key, rows, lanes, sealed_sequence from books.sealed_batches").fetchall()
        assert batches == [(key, 5, '{"auto":2,"deny":1,"review":2}', 4)]
        switches = con.execute("select sequence, actor_id, is_on, switched_by from books.actor_switches").fetchall()
        assert switches == [(6, "agent-1", False, "ana")]


def test_load_sealed_reads_only_what_is_missing(tmp_path: Path) -> None:
    """OPS-4: a second load reads no file; the ledger of another home replaces everything."""
    home, ledger = small_books(tmp_path / "one")
    other_home, other = small_books(tmp_path / "two", batches=1)
    with duckdb.connect() as con:
        assert load_sealed(con, home, ledger) == LoadReport(loaded=2, kept=0, removed=0)
        values_path(home, sealed_batches(ledger)[0].name).unlink()
        assert load_sealed(con, home, ledger) == LoadReport(loaded=0, kept=2, removed=0)
        assert load_sealed(con, other_home, other) == LoadReport(loaded=1, kept=0, removed=2)
        assert con.execute("select count(*) from books.sealed_decisions").fetchall() == [(6,)]


def test_load_sealed_refuses_and_loads_nothing_when_a_file_is_not_the_cited_one(tmp_path: Path) -> None:
    """AUD-2: unverified rows never reach the warehouse."""
    home, ledger = small_books(tmp_path)
    path = values_path(home, sealed_batches(ledger)[1].name)
    path.chmod(0o600)
    path.write_bytes(path.read_bytes() + b"x")
    with duckdb.connect() as con:
        with pytest.raises(AuditError, match=path.name):
            load_sealed(con, home, ledger)
        assert con.execute("select count(*) from duckdb_tables() where schema_name = 'books'").fetchall() == [(0,)]


def test_load_sealed_reads_a_home_whose_path_has_odd_characters(tmp_path: Path) -> None:
    """CON-7: quotes, brackets and stars in a path are a path."""
    home, ledger = small_books(tmp_path / "o'b[1]*?")
    with duckdb.connect() as con:
        assert load_sealed(con, home, ledger).loaded == 2


def test_load_sealed_refuses_a_schema_that_is_no_name(tmp_path: Path) -> None:
    """CON-7: nothing but a plain name is put into SQL."""
    home, ledger = small_books(tmp_path, batches=0)
    with duckdb.connect() as con, pytest.raises(ValueError, match="schema name"):
        load_sealed(con, Home(home.root), ledger, schema="books; drop table x")
