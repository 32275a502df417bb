"""Runs the main job inside the test, without the orchestrator's files: half the time of `wb run`. Compares nothing."""

from __future__ import annotations

import json
import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb

from wb_pipeline.canonical import file_hash
from wb_pipeline.definitions import build_defs
from wb_pipeline.home import Home
from wb_pipeline.ledger.store import Ledger
from wb_pipeline.paths import sample_folder
from wb_pipeline.resources import Books, RunInputs, SqlModels, Warehouse
from wb_pipeline.steps.intake import receive_batch
from wb_pipeline.steps.publishing import batch_folder

NOW = "2026-03-02T10:00:00Z"
MORNING, STRAY, FOLLOWUP = (
    sample_folder() / "batches" / name
    for name in ("2026-03-02-morning.jsonl", "2026-03-02-stray-agents.jsonl", "2026-03-02-followup.json")
)
CRM, EVIDENCE = sample_folder() / "crm", sample_folder() / "evidence"


@dg.logger
def _silent(_context: dg.InitLoggerContext) -> logging.Logger:
    return logging.Logger("silent", level=logging.CRITICAL)  # noqa: LOG001 - not to be found by name


@dataclass(frozen=True)
class Road:
    """A home and what its runs are judged by. `sql_folder` replaces the SQL project that ships."""

    home: Home
    crm: Path | None = CRM
    evidence: Path | None = EVIDENCE
    policy: Path | None = None
    now: str = NOW
    sql_folder: Path | None = None

    def run(
        self,
        *batches: Path,
        leave_out: Collection[str | Sequence[str]] = (),
        with_checks: bool = True,
        raise_on_error: bool = True,
    ) -> dg.ExecuteInProcessResult:
        """Run the job once over the batches; `leave_out` names assets that are not made, as the UI allows it."""
        ledger = Ledger.open(self.home)
        keys = list(dict.fromkeys(receive_batch(self.home, ledger, path).batch_key for path in batches))
        defs = build_defs(loggers={"console": _silent}, **self._resources())
        job = defs.resolve_job_def("writeback_gate")
        if leave_out or not with_checks:
            left_out = {dg.AssetKey(name) for name in leave_out}
            keys_of_job = set(job.asset_layer.executable_asset_keys)
            assert left_out <= keys_of_job
            checks = set(job.asset_layer.asset_graph.asset_check_keys) if with_checks else set()
            job = job.get_subset(asset_selection=keys_of_job - left_out, asset_check_selection=checks)
        with dg.DagsterInstance.ephemeral() as instance:
            instance.add_dynamic_partitions("batches", keys)
            return job.execute_in_process(
                run_config={"loggers": {"console": {}}},
                instance=instance,
                tags={"dagster/asset_partition_range_start": keys[0], "dagster/asset_partition_range_end": keys[-1]},
                raise_on_error=raise_on_error,
            )

    def _resources(self) -> dict[str, Any]:
        root = str(self.home.root)
        inputs = RunInputs(
            crm_folder=str(self.crm or ""),
            evidence_folder=str(self.evidence or ""),
            policy_file=str(self.policy or ""),
            now=self.now,
        )
        models = SqlModels(folder=str(self.sql_folder or ""))
        return {
            "books": Books(home_folder=root),
            "warehouse": Warehouse(home_folder=root),
            "inputs": inputs,
            "sql_models": models,
        }


def published(home: Home, batch: Path, table: str = "decisions") -> list[dict[str, Any]]:
    """Return the rows of one published table of a batch file, in the order of its lines."""
    path = batch_folder(home, file_hash(batch)) / f"{table}.parquet"
    with duckdb.connect() as con:
        cursor = con.execute("select * from read_parquet(?) order by all", [str(path)])
        names = [column[0] for column in cursor.description or []]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def gates_of(row: dict[str, Any]) -> set[str]:
    """Return the gates that object to a published decision."""
    return {each["gate"] for each in json.loads(row["objections"] or "[]")}


def event_kinds(home: Home) -> list[tuple[str, str]]:
    """Return (kind, subject) of every ledger event in order."""
    return [(event.kind, event.subject) for event in Ledger.open(home).events()]


def write_batch(path: Path, *proposals: dict[str, Any]) -> Path:
    """Write proposals as a JSON Lines file and return it."""
    path.write_text("".join(json.dumps(each) + "\n" for each in proposals), encoding="utf-8")
    return path


def phone_update(proposal_id: str = "p-9002", phone: str = "+15185550177") -> dict[str, Any]:
    """Return a proposal that passes every gate on the sample also after the demo: nothing is open about con-12."""
    change = {"field": "phone", "op": "set", "value": phone, "seen": None}
    return title_update(proposal_id, target={"id": "con-12"}, changes=[change], evidence=[])


def title_update(proposal_id: str = "p-9001", title: str = "Vice President IT", **changed: Any) -> dict[str, Any]:
    """Return a proposal that passes every gate on the sample: like line 1 of the morning, with another title for
    con-1.
    """
    with MORNING.open(encoding="utf-8") as stream:
        proposal: dict[str, Any] = json.loads(stream.readline())
    changes = [{**proposal["changes"][0], "value": title}]
    return {
        **proposal,
        "proposal_id": proposal_id,
        "idempotency_key": f"k-{proposal_id}",
        "changes": changes,
        **changed,
    }
