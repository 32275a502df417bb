"""The last step: what readers open, written from the marts and reports."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import dagster as dg

from wb_pipeline.assets.common import BATCHES, OWNERS, SINGLE_RUN, markdown_table
from wb_pipeline.home import Home
from wb_pipeline.reports.catalogue import OUTCOMES
from wb_pipeline.reports.figures_decisions import outcome_shares
from wb_pipeline.reports.page import write_report
from wb_pipeline.reports.row_files import read_rows
from wb_pipeline.resources import Books, SqlModels, Warehouse
from wb_pipeline.sql_project import SqlProject
from wb_pipeline.steps.publishing import BATCH_TABLES, batch_folder, publish_batches, publish_reports, reports_folder

PUBLISHED = dg.AssetKey("published")
_DAYS_SHOWN = 14


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
        description="Each batch's tables as Parquet, all reports as CSV, for readers that never open the warehouse; "
        "the page of charts.",
    )
    def published(warehouse: Warehouse, books: Books, sql_models: SqlModels) -> dg.MaterializeResult[Any]:
        """Publish every batch, all reports and the page of charts."""
        con, home = warehouse.connection, books.home
        batches = [row[0] for row in con.execute("select batch_key from raw.run_batches").fetchall()]
        files = publish_batches(con, home, batches) + publish_reports(con, home, report_names(sql_models.project))
        page = write_report(home, books.ledger, datetime.now(UTC))
        return dg.MaterializeResult(
            metadata={
                **report_metadata(home, page),
                "files": len(files),
                "folders": [str(batch_folder(home, key)) for key in batches],
                "reports": str(reports_folder(home)),
            }
        )

    return published


def report_names(project: SqlProject) -> list[str]:
    """Return the reports of the SQL project by name."""
    return sorted(model.name for model in project.models.values() if model.folder.split("/")[0] == "reports")


def report_metadata(home: Home, page: Path) -> dict[str, dg.PathMetadataValue | dg.MarkdownMetadataValue]:
    """Return the report as Dagster shows it: where the page lies, and what became of changes, day by day (RPT-6)."""
    figure = outcome_shares(read_rows(home, OUTCOMES.rows_file))
    rows = figure.table_rows[-_DAYS_SHOWN:]
    return {"page": dg.MetadataValue.path(str(page)), "outcomes": markdown_table(list(figure.table_head), rows, None)}
