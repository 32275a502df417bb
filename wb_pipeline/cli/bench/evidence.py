"""`wb bench support`: whether the support checker agrees with people. The measuring itself: `benchmarks.support`."""

from __future__ import annotations

from pathlib import Path

import click

from wb_pipeline.cli.bench.options import json_option, show


@click.command("support")
@click.option(
    "--pairs",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="File of labelled pairs. Without it: all that ship, on which the checker is tuned.",
)
@json_option
def support(pairs: Path | None, json_file: Path | None) -> None:
    """Measure whether the support checker accepts what a person accepts, on labelled pairs of claim and evidence."""
    from wb_pipeline.benchmarks.support.bench import bench_support, development_pairs
    from wb_pipeline.paths import default_policy_file
    from wb_pipeline.policy.load import load_policy

    files = [pairs] if pairs else development_pairs()
    show(bench_support(files, load_policy(default_policy_file())), json_file)
