"""`wb bench`: which benchmarks there are. Each family of them has a file beside this one."""

from __future__ import annotations

import click

from wb_pipeline.cli.bench.books import apply, audit
from wb_pipeline.cli.bench.evidence import support
from wb_pipeline.cli.bench.matching import matching, matching_size, ship_models
from wb_pipeline.cli.bench.people import page, review
from wb_pipeline.cli.bench.road import gates, road


@click.group()
def command() -> None:
    """Measure speed and memory on generated data, and how well records are matched."""


for _benchmark in (road, gates, review, page, matching, matching_size, apply, support, audit, ship_models):
    command.add_command(_benchmark)
