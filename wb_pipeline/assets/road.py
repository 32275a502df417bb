"""The Python steps of the road: manifests, proposals, facts, expectation gates, seal. The work is in `steps`."""

from functools import partial
from typing import Any

import dagster as dg

from wb_pipeline.assets.common import StepContext, python_tables, source_key
from wb_pipeline.assets.intake import CRM_SNAPSHOT, EVIDENCE_SNAPSHOT, POLICY_VERSION
from wb_pipeline.code_version import code_hash
from wb_pipeline.expectations.gates import judge_changes
from wb_pipeline.ledger.attempts import start_attempt
from wb_pipeline.sql_project import SqlProject
from wb_pipeline.steps.facts import write_facts
from wb_pipeline.steps.gate_catalog import write_gate_catalog
from wb_pipeline.steps.intake import register_policy, require_latest_snapshot, require_received
from wb_pipeline.steps.loading import load_run, parse_batches, run_manifests
from wb_pipeline.steps.model_store import model_in_force, read_bundle
from wb_pipeline.steps.planning import Inputs, plan_run
from wb_pipeline.steps.sealing import seal_decisions

_MANIFEST_TABLES = [
    ("raw", "run_manifests"),
    ("raw", "run_batches"),
    ("raw", "crm_records"),
    ("raw", "evidence_items"),
    ("raw", "rejected_rows"),
    ("checks", "gate_catalog"),
]
_PROPOSAL_TABLES = [("raw", "proposal_lines"), ("raw", "proposal_changes"), ("raw", "proposal_citations")]
_EXPECTATION_TABLES = [("checks", "expectation_objections"), ("checks", "expectation_attestations")]
_BOOK_TABLES = [("books", "sealed_decisions"), ("books", "sealed_batches")]


def road_assets(project: SqlProject) -> list[dg.AssetsDefinition]:
    """Return the Python steps; `sql_model_assets` returns those between them."""
    return [
        python_tables(
            project,
            "run_manifests",
            [*_MANIFEST_TABLES, *_tables_of(project, "policy")],
            deps=[CRM_SNAPSHOT, EVIDENCE_SNAPSHOT, POLICY_VERSION],
            group="inputs",
            compute=_plan_and_load,
        ),
        python_tables(
            project,
            "proposals",
            _PROPOSAL_TABLES,
            deps=[source_key("raw", "run_manifests"), source_key("raw", "run_batches")],
            group="inputs",
            compute=_parse,
        ),
        python_tables(
            project,
            "facts",
            _tables_of(project, "facts"),
            deps=[source_key(*table) for table in [*_PROPOSAL_TABLES, *_MANIFEST_TABLES]],
            group="facts",
            compute=lambda step: write_facts(step.con, partial(read_bundle, step.home)),
        ),
        python_tables(
            project,
            "expectation_gates",
            _EXPECTATION_TABLES,
            deps=[dg.AssetKey("int_changes_with_context")],
            group="gates",
            compute=_judge,
        ),
        python_tables(
            project,
            "sealed",
            _BOOK_TABLES,
            deps=[dg.AssetKey("int_changes_decided")],
            group="books",
            compute=_seal,
        ),
    ]


def _tables_of(project: SqlProject, schema: str) -> list[tuple[str, str]]:
    return [key for key in project.sources if key[0] == schema]


def _plan_and_load(step: StepContext) -> dict[str, Any]:
    for batch_key in step.batch_keys:
        require_received(step.home, step.ledger, batch_key)
    inputs = Inputs(
        snapshot_hash=require_latest_snapshot(step.ledger, "crm"),
        evidence_hash=require_latest_snapshot(step.ledger, "evidence"),
        policy_hash=register_policy(step.home, step.ledger, step.inputs.policy_path),
        model_hash=model_in_force(step.home, step.ledger).model_hash,
        code_hash=code_hash(),
        clock_at=step.inputs.clock_at,
    )
    plan = plan_run(step.ledger, step.batch_keys, inputs)
    for manifest in plan.manifests:
        start_attempt(step.ledger, step.run_id, manifest.manifest_id)
    load_run(step.con, step.home, step.ledger, step.run_id, plan.manifests)
    write_gate_catalog(step.con, step.project)
    reruns = sum(plan.is_rerun(manifest) for manifest in plan.manifests)
    if reruns:
        step.warn(
            f"{reruns} of {len(plan.manifests)} decided before, verified only: their own clock, policy and CRM hold"
        )
    return {"manifests": [manifest.manifest_id for manifest in plan.manifests], "reruns": reruns}


def _parse(step: StepContext) -> dict[str, Any]:
    problems = parse_batches(step.con, step.home, step.ledger)
    for problem in problems:
        step.warn(problem)
    return {"unreadable files": problems}


def _judge(step: StepContext) -> dict[str, Any]:
    outcomes = judge_changes(step.con, step.run_id)
    return {"expectations": len(outcomes), "objections": sum(each.unexpected for each in outcomes if each.gate)}


def _seal(step: StepContext) -> dict[str, Any]:
    sealed = seal_decisions(
        step.con, step.home, step.ledger, step.run_id, run_manifests(step.con, step.ledger), code_hash()
    )
    head = step.ledger.head()
    for batch_key in sealed.differing:
        step.warn(f"batch {batch_key[:16]}: this release of the code decides otherwise; the sealed decisions stand")
    return {
        "sealed": list(sealed.sealed),
        "verified": list(sealed.verified),
        "differing": list(sealed.differing),
        "ledger_sequence": head.sequence,
        "ledger_head": head.event_hash,
    }
