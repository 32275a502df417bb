"""`wb ledger`: where the ledger lies. What stands in it is `wb audit`'s."""

from __future__ import annotations

import os
from pathlib import Path

import click

from wb_pipeline.cli.options import existing_home, home_option
from wb_pipeline.errors import InputError

_VARIABLE = "WB_LEDGER_TO"


@click.group()
def command() -> None:
    """Move the ledger into Postgres, or back into the SQLite file of its home."""


@command.command("move")
@click.option(
    "--to",
    "target",
    required=True,
    help=f"postgres: (the URL in {_VARIABLE}), a URL without a password, or sqlite (the file in the home).",
)
@click.option("--by", required=True, help="Who moves it: a person's name or id.")
@home_option
def move(target: str, by: str, home: Path) -> None:
    """Move the whole ledger into an EMPTY database: events, kept values and the list of runs.

    The chain is verified before and after, in one transaction. What is left behind takes nothing any more. Refused
    while somebody writes; stop schedules and pages first. Killed half-way, start it again.
    """
    from wb_pipeline.ledger.moving import move_ledger
    from wb_pipeline.review.persons import require_person

    books = existing_home(home)
    url = _url(target)
    require_person(books, by)
    done = move_ledger(books, url, by=by)
    click.echo(f"{done.head.sequence:,} events, {done.kept_values:,} kept values, {done.attempts:,} lines about runs.")
    click.echo(f"The chain verifies there: event {done.head.sequence} is {done.head.event_hash[:16]}.")
    if url is None:
        click.echo("Unset WB_LEDGER: the ledger lies in its home again. The database takes nothing any more.")
        return
    click.echo("Set WB_LEDGER to its URL from now on.")
    if done.left_behind:
        click.echo(f"{done.left_behind.name} is left behind. It holds personal values that no erasure reaches:")
        click.echo("delete it once no process uses it and the new database is backed up.")


def _url(target: str) -> str | None:
    """Return the URL to move to, None for the home's own file. Raises InputError for a password in sight."""
    from wb_pipeline.ledger.place import is_postgres

    if target == "sqlite":
        return None
    if target == "postgres:":
        if not (url := os.environ.get(_VARIABLE, "").strip()):
            raise InputError(f"{_VARIABLE} is not set", hint="set it to postgresql://user@host/database")
        return url
    if not is_postgres(target):
        raise InputError("--to names no database", hint=f"write postgres: (and set {_VARIABLE}), or sqlite")
    from wb_pipeline.connectors.postgres_session import has_password

    if has_password(target):
        hint = f"a command line is read by others: set {_VARIABLE} to it, and write --to postgres:"
        raise InputError("the URL holds a password, or cannot be read", hint=hint)
    return target
