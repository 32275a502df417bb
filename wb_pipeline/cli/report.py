"""`wb report`: one page with charts that opens without a network (RPT-6)."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from wb_pipeline.cli.options import clock, existing_home, home_option


@click.command()
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write it here, with its CSV files in a folder beside it. Default: report/report.html in the home.",
)
@click.option("--now", help="The time it is, such as 2026-03-02T09:00:00Z. Default: the clock.")
@home_option
def command(out: Path | None, now: str | None, home: Path) -> None:
    """Write one HTML page about decisions, people and writes. It opens in any browser, without a network."""
    from wb_pipeline.ledger.store import Ledger
    from wb_pipeline.reports.page import write_report

    books = existing_home(home)
    path = write_report(books, Ledger.open(books), clock(now) or datetime.now(UTC), out)
    click.echo(f"The report: {path}")
