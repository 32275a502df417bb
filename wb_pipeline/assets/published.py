"""The last step: what readers open, written from the marts and reports."""

from typing import Any

import dagster as dg

from wb_pipeline.assets.common import BATCHES, OWNERS, SINGLE_RUN
from wb_pipeline.resources import Books, SqlModels, Warehouse
from wb_pipeline.sql_project import SqlProject
from wb_pipeline.steps.publishing import BATCH_TABLES, batch_folder, publish_batches, publish_reports, reports_folder

PUBLISHED = dg.AssetKey("published")


def published_asset(project: SqlProject) -> dg.AssetsDefinition:
    """Return the asset that publishes the run's batches and all reports."""
    reports = report_names(project)

    @dg.asset(
        key=PUBLISHED,
        deps=[dg.AssetKey(name) for name in (*BATCH_TABLES, *reports)],
        group_name="published",
        owners=OWNERS,
        kinds={"python", "parquet", "csv"},
        partitions_def=BATCHES,
        backfill_policy=SINGLE_RUN,
        description="Each batch's tables as Parquet and all reports as CSV, for readers that never open the warehouse.",
    )
    def published(warehouse: Warehouse, books: Books, sql_models: SqlModels) -> dg.MaterializeResult[Any]:
        con, home = warehouse.connection, books.home
        batches = [row[0] for row in con.execute("select batch_key from raw.run_batches").fetchall()]
        files = publish_batches(con, home, batches) + publish_reports(con, home, report_names(sql_models.project))
        return dg.MaterializeResult(
            metadata={
                "files": len(files),
                "folders": [str(batch_folder(home, key)) for key in batches],
                "reports": str(reports_folder(home)),
            }
        )

    return published


def report_names(project: SqlProject) -> list[str]:
    """Return the reports of the SQL project by name."""
    return sorted(model.name for model in project.models.values() if model.folder.split("/")[0] == "reports")
