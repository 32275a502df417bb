"""What the orchestrator's UI shows of the demo: suites and SQL tests as asset checks with counts, tables with their
rows.
"""

from __future__ import annotations

from collections.abc import Iterator

import dagster as dg
import pytest
from dagster import AssetCheckEvaluation

from wb_pipeline.definitions import build_defs
from wb_pipeline.expectations.names import contract_names, gate_names, outcome_names
from wb_pipeline.home import Home

LINES = dg.AssetKey(["raw", "proposal_lines"])
DECIDED = dg.AssetKey("int_changes_decided")
OBJECTIONS = dg.AssetKey(["checks", "expectation_objections"])


@pytest.fixture(scope="module")
def instance(demo_home: Home) -> Iterator[dg.DagsterInstance]:
    """The instance that `wb demo` ran in: what `wb ui` opens."""
    with dg.DagsterInstance.from_config(str(demo_home.dagster)) as found:
        yield found


@pytest.fixture(scope="module")
def evaluations(instance: dg.DagsterInstance) -> dict[tuple[str, str], list[AssetCheckEvaluation]]:
    """Every check's evaluations by (asset, check name), oldest run first."""
    found: dict[tuple[str, str], list[AssetCheckEvaluation]] = {}
    for run in reversed(instance.get_runs()):
        for log in instance.all_logs(run.run_id, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION):
            evaluation = log.get_dagster_event().asset_check_evaluation_data
            key = (evaluation.asset_key.to_user_string(), evaluation.check_name)
            found.setdefault(key, []).append(evaluation)
    return found


def test_every_check_was_evaluated_in_each_run(
    evaluations: dict[tuple[str, str], list[AssetCheckEvaluation]], instance: dg.DagsterInstance
) -> None:
    """Law 3: no check is listed that nothing answers, and none is answered that is not listed."""
    listed = {(key.asset_key.to_user_string(), key.name) for key in build_defs().resolve_asset_graph().asset_check_keys}
    assert set(evaluations) == listed
    assert instance.get_runs_count() == 2
    assert {len(each) for each in evaluations.values()} == {2}


@pytest.mark.parametrize(
    ("asset", "names"), [(LINES, contract_names()), (DECIDED, outcome_names()), (OBJECTIONS, gate_names())]
)
def test_expectations_are_checks_with_counts(
    asset: dg.AssetKey, names: list[str], evaluations: dict[tuple[str, str], list[AssetCheckEvaluation]]
) -> None:
    """Issue 2, item 6: each Great Expectations result is an asset check that says how many rows it looked at and how
    many failed.
    """
    counted = {}
    for name in names:
        first, _ = evaluations[asset.to_user_string(), name]
        counted[name] = first.metadata["looked at"].value
        assert first.passed == (first.metadata["unexpected"].value == 0), name
        assert str(counted[name]) in (first.description or "")
    assert max(counted.values()) > 70
    assert [name for name, count in counted.items() if not count] == []


def test_objections_warn_and_do_not_fail(evaluations: dict[tuple[str, str], list[AssetCheckEvaluation]]) -> None:
    """Law 3: that a gate objects is a result; only a check on what comes in or goes out is an error."""
    failed = {key: each for key, both in evaluations.items() for each in both if not each.passed}
    assert {asset for asset, _ in failed} == {OBJECTIONS.to_user_string()}
    assert {each.severity for each in failed.values()} == {dg.AssetCheckSeverity.WARN}
    assert any(each.metadata["unexpected"].value > 1 for each in failed.values())
    errors = [each for key, both in evaluations.items() for each in both if key[0] == DECIDED.to_user_string()]
    assert {each.blocking for each in errors} == {True}


def test_tables_show_their_rows_and_columns(instance: dg.DagsterInstance) -> None:
    """Issue 2, item 9: row counts and column schemas are metadata of every table; reports show their first rows."""
    for name in ("decisions", "gate_policy__field_locked", "report_confidence", "int_changes_with_context"):
        event = instance.get_latest_materialization_event(dg.AssetKey(name))
        assert event is not None
        assert event.asset_materialization is not None
        metadata = event.asset_materialization.metadata
        assert metadata["dagster/row_count"].value >= 0
        assert len(metadata["dagster/column_schema"].value.columns) > 3
        assert ("first rows" in metadata) == name.startswith("report_")
