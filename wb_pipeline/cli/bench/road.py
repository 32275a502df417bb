"""`wb bench road`, `wb bench gates`: how long judging takes, beside a floor. The measuring itself: `benchmarks`."""

from __future__ import annotations

from pathlib import Path

import click

from wb_pipeline.cli.bench.options import folder_option, json_option, show, tell


@click.command("road")
@folder_option
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
        echo=tell,
    )
    click.echo(report.render())


@click.command("gates")
@folder_option
@click.option("--proposals", default=55_000, show_default=True, help="Each has an action and one or more fields.")
@click.option("--evidence", default=100_000, show_default=True, help="The least number of evidence items.")
@click.option("--turns", default=200, show_default=True, help="Turns of each transcript.")
@click.option("--repeats", default=3, show_default=True, help="Runs; the medians are shown.")
@json_option
def gates(folder: Path, proposals: int, evidence: int, turns: int, repeats: int, json_file: Path | None) -> None:
    """Measure all facts and gates over about 100,000 changes, beside selecting and writing the same rows."""
    from wb_pipeline.benchmarks.gates import bench_gates

    report = bench_gates(
        folder,
        proposals=proposals,
        evidence=evidence,
        turns=turns,
        repeats=repeats,
        echo=tell,
    )
    show(report, json_file)
