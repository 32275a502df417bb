"""`wb breaker`: which budgets are spent, and the one way to close a breaker again (TRG-3)."""

from __future__ import annotations

from pathlib import Path

import click

from wb_pipeline.cli.options import existing_home, home_option


@click.group()
def command() -> None:
    """Show open breakers, and reset one. What a breaker holds waits in the queue; it never closes by itself."""


@command.command("show")
@home_option
def show(home: Path) -> None:
    """List the breakers that are open now, with when and why each opened."""
    from wb_pipeline.audit.terminal_text import plain
    from wb_pipeline.ledger.breakers import open_breakers
    from wb_pipeline.ledger.store import Ledger

    found = open_breakers(Ledger.open(existing_home(home)))
    for key, event in sorted(found.items()):
        click.echo(f"{plain(key)}  open since {event.recorded_at}: {event.reason}")
    if not found:
        click.echo("No breaker is open.")


@command.command("reset")
@click.argument("key")
@click.option("--by", required=True, help="Who resets: a person's name or id.")
@click.option("--reason", required=True, help="Why, for the audit.")
@home_option
def reset(key: str, by: str, reason: str, home: Path) -> None:
    """Close the breaker KEY, as `wb breaker show` writes it. Its budget counts anew from now on.

    What it held stays in the queue: a person decides about it.
    """
    from wb_pipeline.audit.terminal_text import plain
    from wb_pipeline.ledger.breakers import reset_breaker
    from wb_pipeline.ledger.store import Ledger
    from wb_pipeline.review.persons import require_person

    books = existing_home(home)
    require_person(books, by)
    event = reset_breaker(Ledger.open(books), key, by, reason)
    click.echo(f"{plain(key)} is closed (ledger event {event.sequence}).")
