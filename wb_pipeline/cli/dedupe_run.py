"""Runs the dedupe job without the UI. What it found is told by `dedupe_text`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wb_pipeline.cli.execute import RunRequest, execute_job
from wb_pipeline.errors import InputError
from wb_pipeline.ledger.place import has_ledger

if TYPE_CHECKING:
    from collections.abc import Callable


def run_dedupe(request: RunRequest, *, is_full: bool, say: Callable[[str], None]) -> None:
    """Run the job once. Raises InputError if there is neither a CRM to pull nor a snapshot."""
    from wb_pipeline.assets.dedupe import dedupe_config
    from wb_pipeline.jobs.names import DEDUPE_JOB

    if request.crm is None and not has_ledger(request.home):
        raise InputError("there is no snapshot of the crm yet", hint="name its folder with --crm DIR or WB_CRM")
    execute_job(request, DEDUPE_JOB, dedupe_config(is_full=is_full), say)
