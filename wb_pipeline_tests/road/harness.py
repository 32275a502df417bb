"""Walks the road in this process, without the orchestrator: proposals in, sealed decisions out.

The suites on what comes in and goes out cost most and have tests of their own: they run on request.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb

from wb_pipeline.canonical import canonical_json
from wb_pipeline.expectations.contract import judge_contract
from wb_pipeline.expectations.gates import judge_changes
from wb_pipeline.expectations.outcomes import judge_outcomes, require
from wb_pipeline.home import Home
from wb_pipeline.ledger.attempts import start_attempt
from wb_pipeline.ledger.store import Ledger
from wb_pipeline.matching.bundle import shipped_bundle
from wb_pipeline.paths import default_policy_file
from wb_pipeline.sql_project import SqlProject, build, run_tests
from wb_pipeline.sql_project.graph import parents
from wb_pipeline.steps.facts import write_facts
from wb_pipeline.steps.gate_catalog import write_gate_catalog
from wb_pipeline.steps.intake import receive_batch, register_policy, take_snapshot
from wb_pipeline.steps.loading import load_run, parse_batches, run_manifests
from wb_pipeline.steps.planning import Inputs, plan_run
from wb_pipeline.steps.sealing import attest_outcomes, seal_decisions

Row = Mapping[str, Any]
NOW = "2026-03-02T10:00:00Z"
_CODE = "code-under-test"
_SETTINGS = "set TimeZone = 'UTC'; set preserve_insertion_order = false"


@dataclass(frozen=True)
class World:
    """What a batch is judged against. `policy` is the text of a policy; empty = the one that ships."""

    crm: Sequence[Row]
    evidence: Sequence[Row]
    policy: str = ""
    now: str = NOW


@dataclass(frozen=True)
class Outcome:
    """What became of one batch: its decisions, one row per change or quarantined line."""

    decisions: Sequence[dict[str, Any]]

    def row(self, line: int = 1, field: str | None = None) -> dict[str, Any]:
        """Return the decision on one field of a line, or on its action as a whole."""
        found = [
            row
            for row in self.decisions
            if row["line_number"] == line and (row["is_action_row"] if field is None else row["field"] == field)
        ]
        assert len(found) == 1, f"line {line} has {len(found)} decisions on {field or 'its action'}"
        return found[0]

    def lane(self, line: int = 1, field: str | None = None) -> str:
        """Return where one change ended."""
        return str(self.row(line, field)["lane"])

    def lanes(self, line: int = 1) -> dict[str, str]:
        """Return {field: lane} of a line; `*` is its action."""
        rows = [row for row in self.decisions if row["line_number"] == line]
        return {"*" if row["is_action_row"] else row["field"]: row["lane"] for row in rows}

    def gates(self, line: int = 1, field: str | None = None) -> set[str]:
        """Return the gates that object to a change."""
        return {each["gate"] for each in json.loads(self.row(line, field)["objections"])}


class Road:
    """One home and the steps of a run, in their order. Runs on one home see what earlier ones sealed.

    The warehouse is derived: it stands in memory, unless `warehouse` names a file.
    """

    def __init__(self, folder: Path, project: SqlProject, warehouse: str | Path = ":memory:") -> None:
        self.home = Home(folder / "home")
        self.con = duckdb.connect(str(warehouse))
        self.con.execute(_SETTINGS)
        self._inputs = folder / "inputs"
        self._project = project
        self._ledger = Ledger.open(self.home)
        self._runs = 0

    def run(self, world: World, *proposals: Row, with_suites: bool = False) -> Outcome:
        """Walk the whole road with one batch; return what was sealed."""
        run_id = self.begin(world, self.write_batch(proposals))
        if with_suites:
            require(judge_contract(self.con, run_id))
        self.decide(run_id)
        if with_suites:
            require(judge_outcomes(self.con, run_id))
            assert all(test.passed for test in run_tests(self.con, self._project, {"run_id": run_id}))
        return self.seal(run_id)

    def rehearse(self, world: World, *proposals: Row) -> Outcome:
        """Walk up to the decisions and seal nothing: no later run sees them."""
        self.decide(self.begin(world, self.write_batch(proposals)))
        return self.decided()

    def decide(self, run_id: str) -> None:
        """Walk from the facts to the decisions."""
        write_facts(self.con, lambda _hash: shipped_bundle())
        self.build(run_id, self.before_judging)
        judge_changes(self.con, run_id)
        self.build(run_id, self.after_judging)

    def write_batch(self, proposals: Sequence[Row]) -> Path:
        """Write a batch file; its label makes its bytes, and so its key, its own."""
        self._runs += 1
        path = self._inputs / f"batch-{self._runs}.jsonl"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(canonical_json({"batch_id": path.stem, **each}) + "\n" for each in proposals))
        return path

    def begin(self, world: World, *batches: Path) -> str:
        """Receive the batches, plan and load the run, parse; return the run's id."""
        run_id, now = f"run-{self._runs}", datetime.fromisoformat(world.now)
        keys = [receive_batch(self.home, self._ledger, path).batch_key for path in batches]
        crm, evidence = self._rows("crm", world.crm), self._rows("evidence", world.evidence)
        inputs = Inputs(
            snapshot_hash=take_snapshot(self.home, self._ledger, "crm", crm, now).content_hash,
            evidence_hash=take_snapshot(self.home, self._ledger, "evidence", evidence, now).content_hash,
            policy_hash=register_policy(self.home, self._ledger, self._policy(world)),
            model_hash="",
            code_hash=_CODE,
            clock_at=now,
        )
        plan = plan_run(self._ledger, keys, inputs)
        for manifest in plan.manifests:
            start_attempt(self._ledger, run_id, manifest.manifest_id)
        load_run(self.con, self.home, self._ledger, run_id, plan.manifests)
        write_gate_catalog(self.con, self._project)
        parse_batches(self.con, self.home, self._ledger)
        return run_id

    def build(self, run_id: str, names: Sequence[str]) -> None:
        """Build models, parents first."""
        build(self.con, self._project, names, {"run_id": run_id})

    def seal(self, run_id: str) -> Outcome:
        """Seal what was decided and return it as the books show it."""
        attest_outcomes(self.con, run_id)
        seal_decisions(self.con, self.home, self._ledger, run_id, run_manifests(self.con, self._ledger), _CODE)
        self.build(run_id, ["decisions"])
        return self._outcome("select * from main.decisions where batch_key in (select batch_key from raw.run_batches)")

    def decided(self) -> Outcome:
        """Return the decisions of the run in the warehouse, sealed or not."""
        return self._outcome("select * from main.int_changes_decided")

    def mart(self, name: str) -> list[dict[str, Any]]:
        """Build a mart or report over the books, with what it is made from, and return its rows."""
        made_from = _with_ancestors(self._project, name)
        wanted = [each for each in made_from if self._project.models[each].folder in ("marts", "reports")]
        self.build(f"run-{self._runs}", wanted)
        return self.rows(f"select * from main.{name}")

    def rows(self, query: str) -> list[dict[str, Any]]:
        """Return the rows of a query."""
        cursor = self.con.execute(query)
        names = [column[0] for column in cursor.description or []]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    @cached_property
    def before_judging(self) -> list[str]:
        """The models that the expectation gates need."""
        return _with_ancestors(self._project, "int_changes_with_context")

    @cached_property
    def after_judging(self) -> list[str]:
        """The models from the gates to the decisions."""
        return sorted({*_with_ancestors(self._project, "int_changes_decided")} - set(self.before_judging))

    def _outcome(self, query: str) -> Outcome:
        return Outcome(self.rows(f"{query} order by batch_key, line_number, ordinal"))

    def _rows(self, name: str, rows: Sequence[Row]) -> Path:
        folder = self._inputs / name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "rows.jsonl").write_text("".join(canonical_json(row) + "\n" for row in rows))
        return folder

    def _policy(self, world: World) -> Path:
        if not world.policy:
            return default_policy_file()
        path = self._inputs / "policy.yaml"
        path.write_text(world.policy)
        return path


def models_made_from(project: SqlProject, relation: str) -> list[str]:
    """Return the models up to the decisions that change when a table that Python made changes."""
    direct = {
        name
        for name, model in project.models.items()
        if any(str(project.sources[key].relation) == relation for key in model.sources)
    }
    return [
        name for name in _with_ancestors(project, "int_changes_decided") if direct & set(_with_ancestors(project, name))
    ]


def _with_ancestors(project: SqlProject, name: str) -> list[str]:
    found = {name}
    waiting = [name]
    while waiting:
        new = parents(project.models[waiting.pop()], project.sources) - found
        found |= new
        waiting += new
    return sorted(found)
