"""`wb rebuild`: the warehouse again, from the books of record alone (law 5)."""

from __future__ import annotations

from pathlib import Path

import click

from wb_pipeline.cli.options import existing_home, home_option


@click.command()
@home_option
def command(home: Path) -> None:
    """Delete the DuckDB file and make its tables again from the sealed decisions; publish them again.

    Decisions are loaded, not made again: what was decided stays decided.
    """
    from wb_pipeline.steps.rebuilding import rebuild

    report = rebuild(existing_home(home), say=lambda line: click.echo(f"  {line}", err=True))
    click.echo(f"{report.batches:,} batches with {report.decisions:,} decisions are in the warehouse again.")
