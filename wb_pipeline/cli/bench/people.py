"""`wb bench review`, `wb bench page`: how long reviewers wait. The measuring itself: `benchmarks.review`."""

from __future__ import annotations

from pathlib import Path

import click

from wb_pipeline.cli.bench.options import folder_option, json_option, show, tell


@click.command("review")
@folder_option
@click.option("--items", default=10_000, show_default=True, help="How many wait.")
@click.option("--bulk", default=1_000, show_default=True, help="How many are approved at once.")
@click.option("--race", default=1_000, show_default=True, help="How many two processes decide on at the same time.")
@json_option
def review(folder: Path, items: int, bulk: int, race: int, json_file: Path | None) -> None:
    """Measure the review queue: listing it, approving in bulk, two reviewers who decide on the same items."""
    from wb_pipeline.benchmarks.review.bench import ReviewSize, bench_review

    report = bench_review(folder, ReviewSize(items, bulk, race), tell)
    show(report, json_file)


@click.command("page")
@folder_option
@click.option("--items", default=10_000, show_default=True, help="How many wait.")
@click.option("--repeats", default=7, show_default=True, help="Times that each page is asked for; medians are shown.")
@json_option
def page(folder: Path, items: int, repeats: int, json_file: Path | None) -> None:
    """Measure how long a reviewer waits for the pages of a long queue, over a real connection."""
    from wb_pipeline.benchmarks.review.page import bench_page

    show(bench_page(folder, items, repeats, tell), json_file)
