"""The names of all expectations, known before anything is judged: what the orchestrator lists as checks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wb_pipeline.expectations import confidence, contract, evidence, outcomes
from wb_pipeline.expectations.run import questions

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wb_pipeline.expectations.model import JudgedTable


def contract_names() -> list[str]:
    """Return the check names of the suite on what comes in."""
    return _names(contract.TABLES)


def outcome_names() -> list[str]:
    """Return the check names of the suite on what goes out."""
    return _names(outcomes.TABLES)


def gate_names() -> list[str]:
    """Return the check names of the confidence and evidence gates. Names do not depend on a policy's thresholds."""
    bands = confidence.confidence_table(auto_confidence_from=80, suggest_confidence_from=50)
    return _names((bands, evidence.evidence_table()))


def _names(tables: Iterable[JudgedTable]) -> list[str]:
    return [
        f"{table.suite}__{question.name}" for table in tables for question in questions(table.grain, table.expectations)
    ]
