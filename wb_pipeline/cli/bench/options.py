"""What all benchmarks share: options, the voice that tells how far it is, the way a report is shown."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Protocol

import click

folder_option = click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(".wb-bench"),
    show_default=True,
    help="Where the generated data lies.",
)
json_option = click.option(
    "--json", "json_file", type=click.Path(dir_okay=False, path_type=Path), help="Write all figures here too."
)


class Report(Protocol):
    """What a benchmark returns."""

    def as_json(self) -> dict[str, object]:
        """Return all figures."""

    def render(self) -> str:
        """Return the report as people read it."""


def tell(line: str) -> None:
    """Say how far a benchmark is; the report alone goes to the standard output."""
    click.echo(line, err=True)


def show(report: Report, json_file: Path | None) -> None:
    """Print a report, and write its figures to a file where one is named."""
    if json_file:
        json_file.write_text(json.dumps(report.as_json(), indent=2, allow_nan=False) + "\n", encoding="utf-8")
    click.echo(report.render())
