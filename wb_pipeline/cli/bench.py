"""`wb bench`: speed and memory on generated data, beside a floor on the same machine."""

from __future__ import annotations

from pathlib import Path

import click


@click.group()
def command() -> None:
    """Measure speed and memory on generated data."""


@command.command("road")
@click.option(
    "--folder", type=click.Path(file_okay=False, path_type=Path), default=Path(".wb-bench"), show_default=True
)
@click.option("--contacts", default=100_000, show_default=True)
@click.option("--proposals", default=100_000, show_default=True)
@click.option("--bad-rows", default=10_000, show_default=True, help="How many of the proposals cannot be read.")
@click.option("--repeats", default=3, show_default=True, help="Runs of each case; the medians are shown.")
def road(folder: Path, contacts: int, proposals: int, bad_rows: int, repeats: int) -> None:
    """Run the whole road on generated data, beside DuckDB alone reading the same files and writing the same tables."""
    from wb_pipeline.benchmarks.road import bench_road

    report = bench_road(
        folder,
        contacts=contacts,
        proposals=proposals,
        bad_rows=bad_rows,
        repeats=repeats,
        echo=lambda line: click.echo(line, err=True),
    )
    click.echo(report.render())
