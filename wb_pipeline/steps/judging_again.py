"""Judges sealed batches again under another policy, in a scratch warehouse (OPS-3, RVW-2). Writes to no book (law 4).

Everything but the policy is as it was then: CRM, evidence, models, clock, and what the books held before.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from wb_pipeline.expectations.gates import judge_changes
from wb_pipeline.ledger.kinds import ManifestCommitted
from wb_pipeline.ledger.manifests import Manifest, sealed_batches
from wb_pipeline.sql_project import SqlProject, build
from wb_pipeline.sql_project.graph import parents
from wb_pipeline.steps.facts import write_facts
from wb_pipeline.steps.gate_catalog import write_gate_catalog
from wb_pipeline.steps.loading import load_run, parse_batches
from wb_pipeline.steps.model_store import read_bundle
from wb_pipeline.warehouse import scratch_warehouse

if TYPE_CHECKING:
    import duckdb

    from wb_pipeline.home import Home
    from wb_pipeline.ledger.store import Ledger
    from wb_pipeline.policy.load import Policy

_RUN_ID = "judged-again"
_WIDE, _DECIDED = "int_changes_with_context", "int_changes_decided"
_COLUMNS = (
    "batch_key",
    "line_number",
    "proposal_id",
    "change_id",
    "is_action_row",
    "action",
    "object",
    "record_id",
    "field",
)
# A change that one of the two does not know has no lane there.
_BOTH = f"""
with sealed as (
    select * from books.sealed_decisions where batch_key in (select batch_key from raw.run_batches)
)
select {", ".join(f"coalesce(sealed.{name}, decided.{name}) as {name}" for name in _COLUMNS)},
    coalesce(sealed.lane, ''), coalesce(sealed.objections, '[]'),
    coalesce(decided.lane, ''), coalesce(decided.objections, '[]')
from sealed
full join main.{_DECIDED} as decided on decided.change_id = sealed.change_id
order by batch_key, line_number, coalesce(sealed.ordinal, decided.ordinal)
"""  # noqa: S608 - our own names


@dataclass(frozen=True, slots=True)
class Judgement:
    """Where a change ended, and every (gate, verdict, reason) against it, sorted; `lane` "" = it was not judged."""

    lane: str
    objections: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class JudgedAgain:
    """A change as it was sealed and as another policy judges it."""

    batch_key: str
    line_number: int
    proposal_id: str | None
    change_id: str
    is_action_row: bool
    action: str | None
    object: str | None
    record_id: str | None
    field: str | None
    before: Judgement
    after: Judgement


def judge_again(
    home: Home,
    ledger: Ledger,
    project: SqlProject,
    policy: Policy,
    batch_keys: Collection[str],
    say: Callable[[str], object] = lambda _line: None,
) -> list[JudgedAgain]:
    """Judge whole runs that hold these sealed batches by a policy, and return their changes in the order of the books.

    A batch is judged with those that were decided beside it: conflicts and budgets count them all.
    """
    found: list[JudgedAgain] = []
    for manifest in _manifests(ledger, batch_keys):
        say(f"judging the run of {manifest.clock_at:%Y-%m-%d %H:%M} again, {len(manifest.batches)} batches")
        tried = replace(manifest, policy_hash=policy.policy_hash)
        with scratch_warehouse() as con:
            _decide(con, home, ledger, project, tried, policy)
            found += map(_judged, con.execute(_BOTH).fetchall())
    return found


def latest_batches(ledger: Ledger, count: int | None = None) -> list[str]:
    """Return the keys of the batches that were sealed last, oldest first; of all where no count is given."""
    keys = list(dict.fromkeys(batch.seal.batch_key for batch in sealed_batches(ledger)))
    return keys if count is None else keys[-count:]


def _manifests(ledger: Ledger, batch_keys: Collection[str]) -> Iterator[Manifest]:
    """Yield the manifests under which batches were sealed, in the order of the ledger."""
    wanted = {batch.seal.manifest_id for batch in sealed_batches(ledger) if batch.seal.batch_key in batch_keys}
    for event in ledger.events(ManifestCommitted.kind):
        if event.subject in wanted:
            yield Manifest.from_event(event)


def _decide(
    con: duckdb.DuckDBPyConnection, home: Home, ledger: Ledger, project: SqlProject, manifest: Manifest, policy: Policy
) -> None:
    """Walk the road up to the decisions, in the order of `assets.road`."""
    load_run(con, home, ledger, _RUN_ID, [manifest], policy)
    write_gate_catalog(con, project)
    parse_batches(con, home, ledger, [manifest])
    write_facts(con, partial(read_bundle, home))
    before = with_parents(project, [_WIDE])
    build(con, project, before, {"run_id": _RUN_ID})
    judge_changes(con, _RUN_ID)
    behind = sorted(set(with_parents(project, [_DECIDED])) - set(before))
    build(con, project, behind, {"run_id": _RUN_ID})


def with_parents(project: SqlProject, names: Sequence[str]) -> list[str]:
    """Return models and all models they are made from, also by way of tables that other models write to."""
    wanted, found = list(names), set(names)
    while wanted:
        new = parents(project.models[wanted.pop()], project.sources) - found
        found |= new
        wanted += new
    return sorted(found)


def _judged(row: tuple[Any, ...]) -> JudgedAgain:
    *told, lane, objections, new_lane, new_objections = row
    before, after = Judgement(lane, _read(objections)), Judgement(new_lane, _read(new_objections))
    named: dict[str, Any] = {field.name: value for field, value in zip(fields(JudgedAgain), told, strict=False)}
    return JudgedAgain(**named, before=before, after=after)


def _read(objections: str) -> tuple[tuple[str, str, str], ...]:
    listed = json.loads(objections)
    return tuple(sorted({(str(one["gate"]), str(one["verdict"]), str(one["reason"])) for one in listed}))
