"""A small SQL project written into a folder, with one source, a wide table and a gate: what the tests build on."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb

from wb_pipeline.paths import sql_project_folder

PROJECT = """\
name: small
version: "1.0.0"
config-version: 2
profile: wb_pipeline
vars:
  run_id: ""
on-run-start:
  - "{{ create_gate_attestations() }}"
models:
  small:
    staging:
      +materialized: view
    gates:
      +post-hook: "{{ attest_gate() }}"
"""
SOURCES = """\
version: 2
sources:
  - name: raw
    tables:
      - name: run_manifests
        description: "Grain: manifest."
      - name: changes
        description: "Grain: change."
"""
FILES = {
    "dbt_project.yml": PROJECT,
    "models/sources.yml": SOURCES,
    "models/staging/stg_manifests.sql": (
        "select manifest_id from {{ source('raw', 'run_manifests') }}\n"
        "where run_id is not distinct from '{{ var(\"run_id\") }}'\n"
    ),
    "models/intermediate/int_changes_with_context.sql": (
        "select changes.*\nfrom {{ source('raw', 'changes') }} as changes\n"
        "inner join {{ ref('stg_manifests') }} as manifests\n"
        "    on changes.manifest_id is not distinct from manifests.manifest_id\n"
    ),
    "models/gates/gate_policy__small.sql": (
        "select manifest_id, proposal_id, change_id, 'small' as reason, '{}' as details\n"
        "from {{ ref('int_changes_with_context') }}\nwhere is_granted is not true\n"
    ),
    "models/gates/gate_policy__small.yml": (
        "version: 2\nmodels:\n  - name: gate_policy__small\n    description: Why it is there.\n"
        "    config:\n      meta:\n        guardrails: [FLD-1]\n"
        "    columns:\n      - name: reason\n        description: Code.\n"
    ),
    "tests/assert_reason_given.sql": "select * from {{ ref('gate_policy__small') }} where reason is null\n",
}


def write_small_project(folder: Path, **changed: str) -> Path:
    """Write the project, with the real macros of the attestation; `changed` maps a path to other text ("" = none)."""
    for name, text in {**FILES, **changed}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if text:
            path.write_text(text, encoding="utf-8")
    for name in ("macros/gate_attestations.sql", "profiles.yml"):
        (folder / name).parent.mkdir(exist_ok=True)
        shutil.copy(sql_project_folder() / name, folder / name)
    return folder


def fill_sources(con: duckdb.DuckDBPyConnection) -> None:
    """Two runs with one manifest each: three changes (one granted, one not, one NULL), and one change."""
    con.execute("create schema raw")
    con.execute("create table raw.run_manifests (run_id varchar, manifest_id varchar)")
    con.execute("insert into raw.run_manifests values ('run-1', 'manifest-1'), ('run-2', 'manifest-2')")
    con.execute(
        "create table raw.changes (manifest_id varchar, proposal_id varchar, change_id varchar, is_granted boolean)"
    )
    con.execute(
        "insert into raw.changes values ('manifest-1', 'p1', 'c1', true), ('manifest-1', 'p2', 'c2', false),"
        " ('manifest-1', 'p3', 'c3', null), ('manifest-2', 'p4', 'c4', true)"
    )
