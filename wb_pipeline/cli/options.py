"""Options that several commands share."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wb_pipeline.errors import InputError
from wb_pipeline.home import Home
from wb_pipeline.ledger.place import has_ledger, refuse_lost

if TYPE_CHECKING:
    from wb_pipeline.ledger.store import Ledger

home_option = click.option(
    "--home",
    type=click.Path(file_okay=False, path_type=Path),
    envvar="WB_HOME",
    default=Path(".wb"),
    show_default=True,
    help="The folder that holds everything that is written (WB_HOME).",
)


class CrmSource(click.Path):
    """A folder or a file of CRM records that exists, or `postgres:`, the database whose URL is in WB_CRM_URL."""

    def __init__(self) -> None:
        super().__init__(exists=True, path_type=Path)

    def convert(
        self, value: str | os.PathLike[str], param: click.Parameter | None, ctx: click.Context | None
    ) -> str | bytes | os.PathLike[str]:
        """Return the path; the word for the database as it is."""
        if "://" in str(value):
            # Not shown: it may hold a password.
            self.fail("a database is named as postgres: and its URL stands in WB_CRM_URL", param, ctx)
        return Path(value) if str(value) == "postgres:" else super().convert(value, param, ctx)


crm_option = click.option(
    "--crm",
    type=CrmSource(),
    envvar="WB_CRM",
    help="Folder (or file) with the CRM's records, or postgres: (WB_CRM_URL). Default: the latest snapshot.",
)
policy_option = click.option(
    "--policy",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    envvar="WB_POLICY",
    help="The policy. Default: the one that ships.",
)
now_option = click.option(
    "--now", help="The time it is for this run, such as 2026-03-02T09:00:00Z. Default: the clock."
)
quiet_option = click.option("--quiet", is_flag=True, help="Do not name the steps.")


def existing_home(folder: Path) -> Home:
    """Return a home that was used before. Raises InputError if there is none."""
    home = Home.from_environment(folder)
    if not has_ledger(home):
        refuse_lost(home)
        raise InputError(
            f"there are no books in {home.root}", hint="name the home of an earlier run with --home or WB_HOME"
        )
    return home


def clock(text: str | None) -> datetime | None:
    """Return the time that --now names, None if not given. Raises InputError unless it can be read and has a zone."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise InputError(f"--now {text!r} is not a time", hint="write it like 2026-03-02T09:00:00Z") from error
    if moment.tzinfo is None:
        raise InputError(f"--now {text!r} has no time zone", hint="write it like 2026-03-02T09:00:00Z")
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise InputError(f"--now {text!r} is out of range", hint="write it like 2026-03-02T09:00:00Z") from error


def day_or_time(option: str, text: str | None) -> datetime | None:
    """Return the UTC time that an option names, a day's beginning for a day. Raises InputError if it cannot be read."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        hint = "write it like 2026-03-02 or 2026-03-02T09:00:00Z"
        raise InputError(f"{option} {text!r} is not a time", hint=hint) from error


def found_batch(ledger: Ledger, given: str) -> str:
    """Return the key of the one decided batch that begins with `given`; `last` is the newest. Raises InputError."""
    from wb_pipeline.ledger.manifests import sealed_batches

    sealed = [batch.seal.batch_key for batch in sealed_batches(ledger)]
    found = sealed[-1:] if given == "last" else sorted({key for key in sealed if key.startswith(given)})
    if len(found) != 1:
        what = "no decided batch begins" if not found else f"{len(found)} batches begin"
        known = ", ".join(key[:16] for key in sealed[-5:]) or "none yet"
        raise InputError(f"{what} with {given!r}", hint=f"the latest ones are: {known}")
    return found[0]
