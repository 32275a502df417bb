"""The case runner itself: it fails where a gate and its case disagree, and where a case is written wrongly."""

from __future__ import annotations

from pathlib import Path

import pytest

from wb_pipeline.sql_project import SqlProject
from wb_pipeline_tests.dbt_like_sql.gate_cases import CaseError, CaseRunner, read_cases, read_defaults
from wb_pipeline_tests.sql_project.small_project import write_small_project

GATE = "gate_policy__small"
DEFAULTS = """\
relations:
  int_changes_with_context:
    holds: changes
    columns:
      manifest_id: {type: varchar, value: manifest-1}
      proposal_id: {type: varchar, value: proposal-1}
      change_id: {type: varchar, value: change-1}
      is_granted: {type: boolean, value: true}
  policy.settings:
    holds: one_row
    columns:
      is_strict: {type: boolean, value: true}
"""
LISTED = """\
select manifest_id, proposal_id, change_id, 'small' as reason, '{}' as details from {{ ref('int_between') }}
where is_granted is not true and exists (select 1 from {{ source('policy', 'settings') }} where is_strict is true)
"""


def _run(folder: Path, case: str, sql: str = "") -> None:
    gate = {f"models/gates/{GATE}.sql": sql} if sql else {}
    write_small_project(
        folder,
        **{
            "gate_case_defaults.yml": DEFAULTS,
            f"models/gates/{GATE}.yml": f"models: [{{name: {GATE}, config: {{meta: {{cases: [{case}]}}}}}}]",
            "models/intermediate/int_between.sql": "select * from {{ ref('int_changes_with_context') }}",
            **gate,
        },
    )
    project = SqlProject.load(folder)
    runner = CaseRunner(project, read_defaults(folder))
    with runner.con:
        for one in read_cases(project.models[GATE]):
            runner.run(one)


@pytest.mark.parametrize(
    "case",
    [
        "{name: a, given: {is_granted: false}, objects: true, reason: small}",
        "{name: a, given: {is_granted: null}, objects: true, reason: small}",
        "{name: a, objects: false}",
        "{name: a, rows: [{}, {is_granted: false}], objects: [change-2], reason: small}",
        "{name: a, tables: {int_changes_with_context: []}, objects: false}",
    ],
)
def test_right_case_passes(tmp_path: Path, case: str) -> None:
    """One change, several, none."""
    _run(tmp_path, case)


@pytest.mark.parametrize(
    ("case", "message"),
    [
        ("{name: a, given: {is_granted: false}, objects: false}", r"objects to \['change-1'\], wanted nothing"),
        ("{name: a, objects: true, reason: small}", r"objects to nothing, wanted \['change-1'\]"),
        ("{name: a, given: {is_granted: false}, objects: true, reason: big}", "reason is 'small', wanted 'big'"),
        ("{name: a, given: {is_garnted: false}, objects: false}", "reads nothing called is_garnted"),
        ("{name: a, tables: {policy.settings: []}, objects: false}", "reads nothing called policy.settings"),
        ("{name: a, tables: {int_changes_with_context: [{x: 1}]}, objects: false}", "has no column x"),
        ("{name: a, given: {}, rows: [], objects: false}", "not both"),
        ("{name: a, objects: [ghost], reason: small}", "not in its rows"),
        ("{name: a, given: {is_granted: false}, objects: true}", "`reason` is needed"),
        ("{name: a, object: false}", "a case has name, objects"),
        ("{name: a, objects: false}, {name: a, objects: false}", "two cases are called 'a'"),
    ],
)
def test_wrong_case_fails(tmp_path: Path, case: str, message: str) -> None:
    """A typo in a case, or a gate that does something else, is never a pass."""
    with pytest.raises(CaseError, match=message):
        _run(tmp_path, case)


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("select 1 as manifest_id from {{ ref('int_changes_with_context') }}", "returns manifest_id instead of"),
        (LISTED.replace("'{}'", "'[]'"), "details that are not a JSON object"),
        (LISTED.replace("'{}'", "null"), "details that are not a JSON object"),
        (LISTED.replace("select manifest_id", "select 'other' as manifest_id"), "names another manifest"),
        (LISTED + "union all " + LISTED, r"objects to \['change-1', 'change-1'\]"),
        ("select * from {{ source('raw', 'changes') }}", "reads raw.changes, which gate_case_defaults.yml does not"),
    ],
)
def test_wrong_gate_fails(tmp_path: Path, sql: str, message: str) -> None:
    """Shape, details, keys and double rows are looked at too."""
    with pytest.raises(CaseError, match=message):
        _run(tmp_path, "{name: a, given: {is_granted: false}, objects: true, reason: small}", sql)


@pytest.mark.parametrize(("tables", "objects"), [("{}", "true, reason: small"), ("{policy.settings: []}", "false")])
def test_models_between_are_built(tmp_path: Path, tables: str, objects: str) -> None:
    """A gate may read a model that is not staged; a one-row relation has its row unless the case empties it."""
    _run(tmp_path, f"{{name: a, given: {{is_granted: false}}, tables: {tables}, objects: {objects}}}", LISTED)
