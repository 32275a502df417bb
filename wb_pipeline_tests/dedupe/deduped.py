"""A finished home with a dedupe run on top, without the orchestrator. Asserts nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from wb_pipeline.home import Home
from wb_pipeline.ledger.store import Ledger
from wb_pipeline.paths import default_policy_file, sql_project_folder
from wb_pipeline.sql_project import SqlProject, build
from wb_pipeline.steps import deduplicating
from wb_pipeline.steps.publishing import publish_dedupe
from wb_pipeline.warehouse import open_warehouse
from wb_pipeline_tests.dedupe.scoring import Scorer


def dedupe_home(home: Home) -> None:
    """Deduplicate the latest snapshot of a home with the stand-in scorer, build the models, publish."""
    project = SqlProject.load(sql_project_folder())
    now = datetime(2026, 3, 2, 11, tzinfo=UTC)
    run = deduplicating.DedupeRun("dedupe-run", is_full=True, policy_path=default_policy_file(), clock_at=now)
    with pytest.MonkeyPatch.context() as patch, open_warehouse(home) as con:
        patch.setattr(deduplicating, "_score_pairs", Scorer())
        deduplicating.find_duplicates(con, home, Ledger.open(home), run)
        build(con, project, [name for name, model in project.models.items() if model.folder == "dedupe"], {})
        publish_dedupe(con, home)
