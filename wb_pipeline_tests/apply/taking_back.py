"""Rows that are written to a CRM in memory and taken back by a reviewer, for the tests of undoing. No test in it."""

from __future__ import annotations

from wb_pipeline.apply.undo import Undone, undo
from wb_pipeline.apply.undo_selection import Selection
from wb_pipeline.paths import default_policy_file
from wb_pipeline_tests.apply.factories import applied, sealed
from wb_pipeline_tests.apply.memory_crm import QUICK, MemoryCrm
from wb_pipeline_tests.review.factories import use_policy

ALL = Selection(actor_id="agent-1")


def written(opened, crm: MemoryCrm, rows, label: str = "batch") -> str:
    """Write some rows to the CRM, and have a policy with reviewers in force; return their batch key."""
    key = sealed(*opened, rows, label)
    applied(opened, crm)
    use_policy(*opened, default_policy_file().read_bytes())
    return key


def take_back(opened, crm: MemoryCrm, selection: Selection = ALL) -> Undone:
    """Take writes back in the name of a reviewer."""
    timing = crm.clock.timing
    return undo(*opened, crm, selection, by="u-ops-1", reason="wrong list", limits=QUICK, timing=timing)


def values(crm: MemoryCrm, record_id: str = "con-1") -> dict[str, object]:
    """Return a contact's own values, without what is empty or ours."""
    return {k: v for k, v in crm.fields("contact", record_id).items() if v is not None and not k.startswith("ai_")}
