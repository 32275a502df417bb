"""The answer of `why` as JSON Lines, for programs. Words for people are in `why_text`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from wb_pipeline.audit.steps import Step
from wb_pipeline.audit.why import DecisionFacts, Explanation


def why_json(explanation: Explanation) -> Iterator[str]:
    """Yield one line per decision, then one per change that was seen around us; ASCII, so safe on a terminal too."""
    for facts in explanation.decisions:
        yield _line({"type": "decision", **_facts(facts)})
    for step in explanation.around:
        yield _line({"type": "seen_around", **_step(step)})


def _facts(facts: DecisionFacts) -> dict[str, Any]:
    rest = {
        name: getattr(facts, name)
        for name in ("is_erased", "batch_file_name", "policy_file_name", "run_id", "ledger_sequence", "sealed_at")
    }
    steps = [_step(step) for step in facts.steps]
    return facts.decision | rest | {"steps": steps, "caused": [asdict(each) for each in facts.caused]}


def _step(step: Step) -> dict[str, Any]:
    named = {name: getattr(step, name) for name in ("sequence", "at", "by", "kind", "subject")}
    return named | {"payload": dict(step.payload), "kept": {name: asdict(kept) for name, kept in step.kept.items()}}


def _line(value: dict[str, Any]) -> str:
    return json.dumps(value, default=str, sort_keys=True)
