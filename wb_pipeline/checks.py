"""The suites and SQL tests as asset checks with counts. Blocking ones stop the run; the seal looks again."""

from collections.abc import Iterable, Iterator, Sequence

import dagster as dg
import duckdb

from wb_pipeline.assets.common import source_key
from wb_pipeline.expectations.check_rows import AssetCheckRow, asset_check_rows
from wb_pipeline.expectations.contract import judge_contract
from wb_pipeline.expectations.names import contract_names, gate_names, outcome_names
from wb_pipeline.expectations.outcomes import judge_outcomes
from wb_pipeline.resources import SqlModels, Warehouse
from wb_pipeline.sql_project import SqlProject, TestOutcome, run_tests
from wb_pipeline.steps.sealing import attest_outcomes

_LINES = source_key("raw", "proposal_lines")
_DECIDED = dg.AssetKey("int_changes_decided")
_OBJECTIONS = source_key("checks", "expectation_objections")


def all_checks(project: SqlProject) -> list[dg.AssetChecksDefinition]:
    """Return every asset check: contract, gate expectations, outcomes with the SQL tests."""
    return [_contract_checks(), _gate_checks(), _outcome_checks(project)]


def _contract_checks() -> dg.AssetChecksDefinition:
    @dg.multi_asset_check(name="contract_suite", specs=_specs(contract_names(), _LINES, blocking=True))
    def contract_suite(context: dg.AssetCheckExecutionContext, warehouse: Warehouse) -> Iterator[dg.AssetCheckResult]:
        """Judge what came in: nothing lost, nothing unread taken as read (CON-2, CON-3)."""
        yield from _results(asset_check_rows(judge_contract(warehouse.connection, context.run.run_id)), _LINES)

    return contract_suite


def _gate_checks() -> dg.AssetChecksDefinition:
    @dg.multi_asset_check(name="gate_suites", specs=_specs(gate_names(), _OBJECTIONS, blocking=False))
    def gate_suites(context: dg.AssetCheckExecutionContext, warehouse: Warehouse) -> Iterator[dg.AssetCheckResult]:
        """How often each expectation gate objected. An objection is a result, not a fault: it warns."""
        yield from _results(_gate_rows(warehouse.connection, context.run.run_id), _OBJECTIONS)

    return gate_suites


def _outcome_checks(project: SqlProject) -> dg.AssetChecksDefinition:
    specs = [*_specs(outcome_names(), _DECIDED, blocking=True), *_test_specs(project)]

    @dg.multi_asset_check(name="outcome_suite", specs=specs)
    def outcome_suite(
        context: dg.AssetCheckExecutionContext, warehouse: Warehouse, sql_models: SqlModels
    ) -> Iterator[dg.AssetCheckResult]:
        """Judge what goes out, independently of the SQL that decided it. Only if all pass can anything be sealed."""
        rows = asset_check_rows(judge_outcomes(warehouse.connection, context.run.run_id))
        tests = run_tests(warehouse.connection, sql_models.project, {"run_id": context.run.run_id})
        if all(row.passed for row in rows if row.is_blocking) and all(test.passed for test in tests):
            attest_outcomes(warehouse.connection, context.run.run_id)
        yield from _results(rows, _DECIDED)
        yield from (_test_result(test) for test in tests)

    return outcome_suite


def _specs(names: Iterable[str], asset: dg.AssetKey, *, blocking: bool) -> list[dg.AssetCheckSpec]:
    return [dg.AssetCheckSpec(name=name, asset=asset, blocking=blocking, description=_sentence(name)) for name in names]


def _sentence(name: str) -> str:
    """Return what a check asks: its name without the suite, as a sentence."""
    return f"Great Expectations: {name.split('__', 1)[1].replace('_', ' ')}."


def _test_specs(project: SqlProject) -> list[dg.AssetCheckSpec]:
    """Return the SQL tests as blocking checks, each with the comment on top of its file."""
    return [
        dg.AssetCheckSpec(
            name=name, asset=_DECIDED, blocking=True, description=test.sql.splitlines()[0].removeprefix("-- ")
        )
        for name, test in sorted(project.tests.items())
    ]


def _results(rows: Sequence[AssetCheckRow], asset: dg.AssetKey) -> Iterator[dg.AssetCheckResult]:
    for row in rows:
        yield dg.AssetCheckResult(
            asset_key=asset,
            check_name=row.name,
            passed=row.passed,
            severity=dg.AssetCheckSeverity.ERROR if row.is_blocking else dg.AssetCheckSeverity.WARN,
            description=row.description,
            metadata={"looked at": row.evaluated, "unexpected": row.unexpected, "first": list(row.first_ids)},
        )


def _test_result(test: TestOutcome) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        asset_key=_DECIDED,
        check_name=test.name,
        passed=test.passed,
        severity=dg.AssetCheckSeverity.ERROR,
        metadata={"failing rows": test.failing_rows},
    )


def _gate_rows(con: duckdb.DuckDBPyConnection, run_id: str) -> list[AssetCheckRow]:
    """Read what the gate suites found from checks.expectation_results; they are not run twice."""
    found = con.execute(
        """
        select
            suite, expectation, min(column_name), bool_and(success), sum(evaluated)::bigint, sum(unexpected)::bigint
        from checks.expectation_results where run_id = ? group by suite, expectation order by suite, expectation
        """,
        [run_id],
    ).fetchall()
    return [
        AssetCheckRow(
            name=f"{suite}__{expectation}",
            suite=suite,
            passed=success,
            is_blocking=False,
            description=f"{evaluated} looked at, {unexpected} objections",
            column_name=column,
            gate=None,
            evaluated=evaluated,
            unexpected=unexpected,
            first_ids=(),
        )
        for suite, expectation, column, success, evaluated, unexpected in found
    ]
