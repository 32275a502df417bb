"""The one assembly: every asset, check, job, schedule, sensor and resource."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any

import dagster as dg

from wb_pipeline.assets.dedupe import dedupe_assets
from wb_pipeline.assets.intake import crm_snapshot, evidence_snapshot, policy_version
from wb_pipeline.assets.published import published_asset
from wb_pipeline.assets.road import road_assets
from wb_pipeline.assets.sql_models import sql_model_assets
from wb_pipeline.assets.training import matching_model
from wb_pipeline.checks import all_checks
from wb_pipeline.jobs.around import writes_around_us
from wb_pipeline.jobs.inbox_sensor import new_batches
from wb_pipeline.jobs.news import news_for_people
from wb_pipeline.jobs.of_assets import DEDUPE, SNAPSHOT, TRAINING, WRITEBACK_GATE
from wb_pipeline.jobs.schedules import SCHEDULES
from wb_pipeline.jobs.writing import WRITE_RECEIPTS, apply_job
from wb_pipeline.paths import sql_project_folder
from wb_pipeline.resources import resources_from_environment, shared_project


def build_defs(
    *, loggers: Mapping[str, dg.LoggerDefinition] | None = None, **overrides: dg.ConfigurableResource[Any]
) -> dg.Definitions:
    """Return all definitions; keyword arguments replace resources by name (books, warehouse, sql_models, inputs)."""
    project = shared_project(sql_project_folder())
    with warnings.catch_warnings():
        # `backfill_policy` is called beta at this pinned version; nobody who runs `wb` can do anything about it.
        warnings.simplefilter("ignore", dg.BetaWarning)
        steps = [*road_assets(project), *sql_model_assets(project), published_asset(project), *dedupe_assets(project)]
    return dg.Definitions(
        assets=[crm_snapshot, evidence_snapshot, policy_version, matching_model, WRITE_RECEIPTS, *steps],
        asset_checks=all_checks(project),
        jobs=[WRITEBACK_GATE, SNAPSHOT, DEDUPE, TRAINING, news_for_people, apply_job, writes_around_us],
        schedules=SCHEDULES,
        sensors=[new_batches],
        resources={**resources_from_environment(), **overrides},
        # In process, because one process writes the warehouse (law 6).
        executor=dg.in_process_executor,
        loggers=loggers,
    )


@dg.definitions
def defs() -> dg.Definitions:
    """Return what the orchestrator loads; made when it asks, so that importing `build_defs` wires nothing."""
    return build_defs()
