"""Workflows, people whom they are for, and triggers, under a policy that lets agents start them. No test in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wb_pipeline_tests.road.harness import World
from wb_pipeline_tests.road.world import Row, contact, policy_with, proposal, record, with_records

SAFE = policy_with(
    ("    contact: sensitive               # a sequence", "    contact: safe                    # a sequence"),
    (
        "    company: sensitive\n    lead: sensitive\n    deal: sensitive\n  merge",
        "    company: safe\n    lead: safe\n    deal: safe\n  merge",
    ),
)
SEQUENCE = {"do": "enroll_sequence", "sequence": "spring"}


def workflow(record_id: str, *effects: Mapping[str, Any], **more: Any) -> Row:
    """Return an active workflow for champions."""
    fields = {"name": record_id, "status": "active", "personas": ["champion"], "effects": list(effects), **more}
    return record("workflow", record_id, fields)


def start(workflow_id: str) -> dict[str, str]:
    """Return the effect of starting another workflow."""
    return {"do": "start_workflow", "workflow_id": workflow_id}


def sets(field: str, value: Any, kind: str | None = None) -> dict[str, Any]:
    """Return the effect of setting a field."""
    return {"do": "set_field", "field": field, "value": value, **({"object": kind} if kind else {})}


def champion(record_id: str, **fields: Any) -> Row:
    """Return a contact whom the sequence is for."""
    given = {"email": f"{record_id}@northwind.example", "persona": "champion", "lifecycle_stage": "lead", **fields}
    return contact(record_id, **given)


def trigger(
    record_id: str, workflow_id: str = "wf-1", proposal_id: str = "", kind: str = "contact", **said: Any
) -> Row:
    """Return a trigger of a workflow on a record."""
    payload = {"workflow_id": workflow_id, **said.pop("payload", {})}
    name = proposal_id or f"{record_id} {workflow_id}"
    return proposal(name, "trigger", kind, target={"id": record_id}, payload=payload, **said)


def world(*records: Row, policy: str = SAFE) -> World:
    """Return the small world with a sequence, a quiet workflow and more."""
    return with_records(
        workflow("wf-1", SEQUENCE, sends_email=True), workflow("wf-2", {"do": "notify"}), *records, policy=policy
    )
