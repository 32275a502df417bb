"""`wb mode`: what writes to the CRM may do from now on, for all or for one actor, in one command (FLD-7)."""

from __future__ import annotations

from pathlib import Path

import click

from wb_pipeline.audit.terminal_text import plain
from wb_pipeline.cli.options import existing_home, home_option

_MODES = ("running", "review_everything", "read_only", "stopped")


@click.group()
def command() -> None:
    """Show or switch what writes to the CRM may do. A switch holds before the next write, and is in the audit.

    running: automatic writes and approved ones. review_everything: approved ones only. read_only, stopped: none.
    """


@command.command("set")
@click.argument("mode", type=click.Choice(_MODES))
@click.option("--actor", default="*", show_default=True, help="An actor's id; * for all.")
@click.option("--by", required=True, help="Who switches: a person's name or id.")
@click.option("--reason", required=True, help="Why, for the audit.")
@home_option
def set_mode(mode: str, actor: str, by: str, reason: str, home: Path) -> None:
    """Switch to MODE at once, for all or for one actor."""
    from wb_pipeline.ledger.modes import MODES, switch_mode
    from wb_pipeline.ledger.store import Ledger
    from wb_pipeline.review.persons import require_person

    books, chosen = existing_home(home), MODES[_MODES.index(mode)]
    require_person(books, by)
    event = switch_mode(Ledger.open(books), actor, chosen, by, reason)
    click.echo(f"{_named(actor)}: {_words(mode)} (ledger event {event.sequence}).")


@command.command("show")
@home_option
def show(home: Path) -> None:
    """Show the modes in force."""
    from wb_pipeline.ledger.modes import ALL, modes
    from wb_pipeline.ledger.store import Ledger

    now = modes(Ledger.open(existing_home(home)))
    for subject, mode in sorted({ALL: "running", **now.by_subject}.items()):
        click.echo(f"{_named(subject)}: {_words(mode)}")
    for actor in sorted(now.switched_off):
        click.echo(f"{_named(actor)}: switched off (`wb actor on` switches it on)")


def _named(subject: str) -> str:
    return "everybody" if subject == "*" else plain(subject, 200)


def _words(mode: str) -> str:
    return mode.replace("_", " ")
