"""Applying with everything in Postgres: the road ends as with files, also for who is killed on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from wb_pipeline_tests.apply.postgres_trials import PostgresLaboratory

if TYPE_CHECKING:
    from wb_pipeline_tests.postgres_server import Server


@pytest.fixture(scope="module")
def lab(postgres: Server, tmp_path_factory: pytest.TempPathFactory) -> PostgresLaboratory:
    """Return a world in two databases."""
    made = PostgresLaboratory(postgres, tmp_path_factory.mktemp("postgres"))
    made.make()
    return made


def test_apply_killed_at_a_decisive_step_ends_as_if_it_was_not(lab: PostgresLaboratory) -> None:
    """OPS-4, SYN-1, SYN-2: ledger and CRM in Postgres, kill -9 before and behind a write and a commit: the next run
    finishes, nothing is lost or done twice, the books verify.
    """
    undisturbed = lab.kill_at(0)
    assert undisturbed.is_well, undisturbed.problems
    assert undisturbed.steps > 20
    assert undisturbed.records["contact", "con-1"] == {
        "title": "New title 1", "phone": "+14155550132", "(merged into)": None
    }  # fmt: skip
    assert undisturbed.records["contact", "con-9"]["company_id"] == "com-8"
    assert undisturbed.records["company", "com-9"]["(merged into)"] == "com-8"
    made = [fields for (name, _), fields in undisturbed.records.items() if name in {"activity", "enrollment"}]
    assert {fields["contact_id"] for fields in made} == {"con-1", "con-2"}
    results = [lab.kill_at(step) for step in range(3, undisturbed.steps, undisturbed.steps // 3)]
    assert sum(result.was_killed for result in results) > len(results) / 2
    for result in results:
        assert result.is_well, f"{result.name}: {result.problems}"
        assert result.records == undisturbed.records, result.name
