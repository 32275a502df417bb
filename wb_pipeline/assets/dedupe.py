"""The dedupe job's assets: scored pairs, sealed duplicates, the models over them, what is published."""

from collections.abc import Iterator, Mapping
from typing import Any

import dagster as dg

from wb_pipeline.assets.common import OWNERS, markdown_table, source_key, table_metadata
from wb_pipeline.assets.intake import CRM_SNAPSHOT, POLICY_VERSION
from wb_pipeline.assets.sql_models import dedupe_model_assets
from wb_pipeline.dedupe import figures
from wb_pipeline.resources import Books, RunInputs, Warehouse
from wb_pipeline.sql_project import SqlProject
from wb_pipeline.steps.deduplicating import DEDUPE_FOLDER, DedupeRun, find_duplicates
from wb_pipeline.steps.publishing import DEDUPE_TABLES, DUPLICATE_RATE, dedupe_folder, publish_dedupe, reports_folder

DEDUPE_GROUP = DEDUPE_FOLDER
SCORED_PAIRS = dg.AssetKey(["matching", "scored_pairs"])
_STEP = "duplicates"
_BOOK_TABLES = (
    "dedupe_runs", "dedupe_entity_ids", "dedupe_id_trail", "dedupe_pairs", "dedupe_rates", "judged_pairs"
)  # fmt: skip


class DedupeConfig(dg.Config):
    """What somebody who starts the job may choose."""

    full: bool = False
    """Score every pair again, not only those that touch a record which changed since the last run."""


def dedupe_config(*, is_full: bool) -> dict[str, Any]:
    """Return the job's run configuration."""
    return {"ops": {_STEP: {"config": {"full": is_full}}}}


def dedupe_assets(project: SqlProject) -> list[dg.AssetsDefinition]:
    """Return everything that the dedupe job makes."""
    return [_duplicates(project), *dedupe_model_assets(project), _published()]


def _duplicates(project: SqlProject) -> dg.AssetsDefinition:
    described = {SCORED_PAIRS: "Grain: pair of live records that a blocking rule found, with its calibrated score."}
    described |= {source_key("books", name): project.sources["books", name].description for name in _BOOK_TABLES}
    specs = [
        dg.AssetSpec(
            key=key,
            deps=[CRM_SNAPSHOT, POLICY_VERSION],
            group_name=DEDUPE_GROUP,
            description=text,
            owners=OWNERS,
            kinds={"python", "duckdb"},
        )
        for key, text in described.items()
    ]

    @dg.multi_asset(name=_STEP, specs=specs)
    def duplicates(
        context: dg.AssetExecutionContext, config: DedupeConfig, warehouse: Warehouse, books: Books, inputs: RunInputs
    ) -> Iterator[dg.MaterializeResult[Any]]:
        """Look for duplicates in the whole CRM, and report each table of it."""
        run = DedupeRun(context.run.run_id, config.full, inputs.policy_path, inputs.clock_at)
        find_duplicates(warehouse.connection, books.home, books.ledger, run)
        more: dict[str, Mapping[str, Any]] = {
            "scored_pairs": _drawn(warehouse, "pairs by blocking rule", "pairs by score"),
            "dedupe_entity_ids": _drawn(warehouse, "records and entities", "largest clusters"),
            "dedupe_id_trail": _drawn(warehouse, "changes of ids in this run"),
        }
        for key in described:
            metadata = table_metadata(warehouse.connection, ".".join(key.path))
            yield dg.MaterializeResult(asset_key=key, metadata=metadata | dict(more.get(key.path[-1], {})))

    return duplicates


def _drawn(warehouse: Warehouse, *names: str) -> dict[str, Any]:
    """Return figures by name, each as a small table with a bar."""
    found = {name: figures.FIGURES[name](warehouse.connection) for name in names}
    return {name: markdown_table(each.columns, each.rows, each.bar) for name, each in found.items()}


def _published() -> dg.AssetsDefinition:
    @dg.asset(
        key="published_dedupe",
        deps=[dg.AssetKey(name) for name in (*DEDUPE_TABLES, DUPLICATE_RATE)],
        group_name=DEDUPE_GROUP,
        owners=OWNERS,
        kinds={"python", "parquet", "csv"},
        description="Duplicates, merge candidates and the duplicate rate as Parquet and CSV, for people and for `wb`.",
    )
    def published_dedupe(warehouse: Warehouse, books: Books) -> dg.MaterializeResult[Any]:
        files = publish_dedupe(warehouse.connection, books.home)
        folders = {"folder": str(dedupe_folder(books.home)), "reports": str(reports_folder(books.home))}
        return dg.MaterializeResult(metadata={"files": len(files), **folders})

    return published_dedupe
