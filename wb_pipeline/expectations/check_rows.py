"""Outcomes as plain rows for asset checks: one per suite and expectation, with counts. Dagster stands elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wb_pipeline.expectations.model import ExpectationOutcome

_IDS_SHOWN = 10


@dataclass(frozen=True, slots=True)
class AssetCheckRow:
    """What an asset check shows. A gate's failing rows are objections, so only a row of no gate blocks."""

    name: str
    suite: str
    passed: bool
    is_blocking: bool
    description: str
    column_name: str
    gate: str | None
    evaluated: int
    unexpected: int
    first_ids: tuple[str, ...]


def asset_check_rows(outcomes: Iterable[ExpectationOutcome]) -> list[AssetCheckRow]:
    """Return one row per suite and expectation, in order of first appearance; the manifests of a run are added up."""
    grouped: dict[tuple[str, str], list[ExpectationOutcome]] = {}
    for each in outcomes:
        grouped.setdefault((each.suite, each.expectation), []).append(each)
    return [_row(same) for same in grouped.values()]


def _row(same: list[ExpectationOutcome]) -> AssetCheckRow:
    first = same[0]
    evaluated, unexpected = sum(each.evaluated for each in same), sum(each.unexpected for each in same)
    what = "objections" if first.gate else "failing"
    ids = [unexpected_id for each in same for unexpected_id in each.unexpected_ids[:_IDS_SHOWN]]
    return AssetCheckRow(
        name=f"{first.suite}__{first.expectation}",
        suite=first.suite,
        passed=all(each.success for each in same),
        is_blocking=first.gate is None,
        description=f"{first.expectation.replace('_', ' ').capitalize()}: {evaluated} looked at, {unexpected} {what}.",
        column_name=first.column_name,
        gate=first.gate,
        evaluated=evaluated,
        unexpected=unexpected,
        first_ids=tuple(ids[:_IDS_SHOWN]),
    )
