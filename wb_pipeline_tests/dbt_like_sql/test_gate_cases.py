"""Every gate does what the YAML beside it says, on its own (FLD-1: what objects, what passes, what a NULL does)."""

from __future__ import annotations

import pytest

from wb_pipeline.paths import sql_project_folder
from wb_pipeline.sql_project import SqlProject
from wb_pipeline_tests.dbt_like_sql.gate_cases import Case, CaseRunner, read_cases

_CASES = [
    case
    for model in SqlProject.load(sql_project_folder()).models.values()
    if model.is_gate
    for case in read_cases(model)
]


@pytest.mark.parametrize("case", _CASES, ids=[case.id for case in _CASES])
def test_gate_does_what_its_case_says(runner: CaseRunner, case: Case) -> None:
    """FLD-1: an objection where the case wants one, with its reason; none where it does not."""
    runner.run(case)


def test_cases_are_found() -> None:
    """A folder that moved must not make this file pass with nothing to do."""
    assert _CASES
