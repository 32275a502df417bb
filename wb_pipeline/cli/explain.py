"""`wb explain`: why two records are held to be one, or two, field by field, with Splink's waterfall as a page."""

from __future__ import annotations

from pathlib import Path

import click

from wb_pipeline.cli.options import existing_home, home_option


@click.command()
@click.argument("left")
@click.argument("right")
@click.option("--page", type=click.Path(dir_okay=False, path_type=Path), help="Write the page here.")
@home_option
def command(left: str, right: str, page: Path | None, home: Path) -> None:
    """Compare the records LEFT and RIGHT of the latest snapshot by the models in force.

    Nothing is decided or noted, and no run is disturbed. The page opens without a network; both
    records' values stand in it.
    """
    from wb_pipeline.cli.explain_text import pair_text
    from wb_pipeline.ledger.store import Ledger
    from wb_pipeline.steps.explaining import explain_records

    books = existing_home(home)
    pair, path = explain_records(books, Ledger.open(books), left, right, page)
    click.echo(pair_text(pair))
    click.echo(f"\npage: {path}")
