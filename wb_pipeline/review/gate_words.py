"""Objections in words: what each gate says and what would let a change pass, from the gates' own specs."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from wb_pipeline.paths import sql_project_folder
from wb_pipeline.review.model import Objection, read_json
from wb_pipeline.sql_project import SqlProject
from wb_pipeline.steps.gate_catalog import gate_catalog

if TYPE_CHECKING:
    from wb_pipeline.ledger.sealed_changes import SealedChange

_SILENT_VERDICTS = frozenset({"label", "shadow"})


@lru_cache(maxsize=1)
def gate_words() -> dict[str, tuple[str, str]]:
    """Return {gate: (what it says, what would pass)}; the project is read once."""
    return {gate.gate: (gate.says, gate.to_pass) for gate in gate_catalog(SqlProject.load(sql_project_folder()))}


def objections_of(change: SealedChange) -> Iterator[Objection]:
    """Yield the objections to a sealed change that count; labels and shadows are none. Values may be erased."""
    found = read_json(change.row["objections"])
    for each in found if isinstance(found, list) else []:
        if isinstance(each, dict) and each.get("verdict") not in _SILENT_VERDICTS:
            yield _objection(each, change.row["field"])


def _objection(told: dict[str, Any], field: str | None) -> Objection:
    gate, reason = str(told.get("gate", "")), str(told.get("reason", ""))
    says, to_pass = gate_words().get(gate, (reason.replace("_", " "), ""))
    details = told.get("details")
    return Objection(
        gate=gate,
        verdict=str(told.get("verdict", "")),
        reason=reason,
        says=says,
        to_pass=to_pass,
        details=details if isinstance(details, dict) else {},
        field=field,
    )
