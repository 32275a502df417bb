"""Building models in DuckDB: whole or not at all, attested, and stopped by the first error."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from wb_pipeline.errors import GateBrokenError
from wb_pipeline.sql_project import BuiltModel, SqlProject, SqlProjectError, build
from wb_pipeline_tests.sql_project.small_project import PROJECT, fill_sources, write_small_project

GATE = "gate_policy__small"
RUN = {"run_id": "run-1"}


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse in memory with the sources of two runs."""
    with duckdb.connect(":memory:") as connection:
        fill_sources(connection)
        yield connection


def _project(folder: Path, **changed: str) -> SqlProject:
    return SqlProject.load(write_small_project(folder, **changed))


def _attestations(con: duckdb.DuckDBPyConnection) -> list[tuple[object, ...]]:
    return con.execute(
        "select run_id, manifest_id, gate, changes_seen, objections from main.gate_attestations"
    ).fetchall()


def test_build_makes_every_model_in_order(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """Rows, columns with types, and a word after each model."""
    heard: list[BuiltModel] = []
    built = build(con, _project(tmp_path), None, RUN, heard.append)
    assert [(model.name, model.rows) for model in built] == [
        ("stg_manifests", 1),
        ("int_changes_with_context", 3),
        (GATE, 2),
    ]
    assert list(built[1].columns) == ["manifest_id", "proposal_id", "change_id", "is_granted"]
    assert list(built[1].columns.values()) == ["VARCHAR", "VARCHAR", "VARCHAR", "BOOLEAN"]
    assert heard == built


def test_gate_attests_what_it_examined(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """FLD-1, law 1: changes seen, their digest and the objections, per manifest of this run."""
    build(con, _project(tmp_path), None, RUN)
    assert _attestations(con) == [("run-1", "manifest-1", GATE, 3, 2)]
    digests = con.execute(
        "select changes_digest, (select cast(bit_xor(hash(change_id)) as varchar) from main.int_changes_with_context)"
        " from main.gate_attestations"
    ).fetchall()
    assert digests[0][0] == digests[0][1]


def test_building_again_attests_once(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """A rerun adds nothing; another run's attestation takes the place of the last one's."""
    project = _project(tmp_path)
    for _ in range(2):
        build(con, project, None, RUN)
    assert len(_attestations(con)) == 1
    build(con, project, None, {"run_id": "run-2"})
    assert _attestations(con) == [("run-2", "manifest-2", GATE, 1, 0)]


def test_build_takes_the_named_models_only(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """A step builds its own; names are checked."""
    project = _project(tmp_path)
    build(con, project, ["stg_manifests"], RUN)
    assert con.execute("select table_name from duckdb_tables() where schema_name = 'main'").fetchall() == [
        ("gate_attestations",)
    ]
    with pytest.raises(SqlProjectError, match="no model 'ghost'"):
        build(con, project, ["ghost"], RUN)


def test_broken_gate_stops_the_run(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """EXC-3: an error in a gate is "gate broken", with file and message; nothing after it is built or attested."""
    broken = "select cast(proposal_id as integer) as manifest_id from {{ ref('int_changes_with_context') }}"
    after = f"select * from {{{{ ref('{GATE}') }}}}"
    project = _project(tmp_path, **{f"models/gates/{GATE}.sql": broken, "models/marts/after.sql": after})
    with pytest.raises(GateBrokenError, match=rf"models/gates/{GATE}\.sql: Conversion Error"):
        build(con, project, None, RUN)
    assert _attestations(con) == []
    assert con.execute("select count(*) from duckdb_tables() where table_name = 'after'").fetchall() == [(0,)]


def test_broken_gate_leaves_the_last_table_and_attestation(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """EXC-3: a gate's table and its attestation change together or not at all."""
    build(con, _project(tmp_path), None, RUN)
    con.execute("insert into raw.changes values ('manifest-1', 'p5', 'c5', false)")
    broken_hook = PROJECT.replace("{{ attest_gate() }}", "select a from nowhere")
    project = _project(tmp_path, **{"dbt_project.yml": broken_hook})
    with pytest.raises(GateBrokenError, match="nowhere"):
        build(con, project, None, RUN)
    assert con.execute("select count(*) from main.int_changes_with_context").fetchall() == [(4,)]
    assert con.execute(f"select count(*) from main.{GATE}").fetchall() == [(2,)]
    assert _attestations(con) == [("run-1", "manifest-1", GATE, 3, 2)]
    con.begin()  # The failed transaction is over: another can begin.
    con.rollback()


def test_broken_model_is_not_called_a_gate(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """A clear error with the file, but not "gate broken"."""
    project = _project(tmp_path, **{"models/marts/one.sql": "select nothing from {{ source('raw', 'changes') }}"})
    with pytest.raises(SqlProjectError, match=r"models/marts/one\.sql: Binder Error.*nothing"):
        build(con, project, ["one"], RUN)


def test_message_shows_no_control_characters(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """A value from outside that DuckDB quotes cannot write to the terminal (law 7)."""
    con.execute("insert into raw.changes values ('manifest-1', 'x\x1b[2J\x07', 'c9', true)")
    sql = "select cast(proposal_id as int) as a from {{ source('raw', 'changes') }} where change_id = 'c9'"
    project = _project(tmp_path, **{"models/marts/one.sql": sql})
    with pytest.raises(SqlProjectError) as caught:
        build(con, project, ["one"], RUN)
    assert "\x1b" not in caught.value.message
    assert "\x07" not in caught.value.message


def test_model_may_change_between_table_and_view(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """A warehouse of the last version does not stand in the way."""
    for kind in ("view", "table", "view"):
        sql = f"{{{{ config(materialized='{kind}') }}}}\nselect 1 as a"
        build(con, _project(tmp_path, **{"models/marts/one.sql": sql}), ["one"], RUN)
        assert con.execute("select table_type from information_schema.tables where table_name = 'one'").fetchall() == [
            ("VIEW" if kind == "view" else "BASE TABLE",)
        ]
