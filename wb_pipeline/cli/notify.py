"""`wb notify`: tell owners and operators what became of batches, one message per person and batch (EXC-2)."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from wb_pipeline.cli.options import clock, existing_home, home_option


@click.command()
@click.option("--dry-run", is_flag=True, help="Show what is due, and what failed before; send nothing.")
@click.option("--now", help="The time it is, such as 2026-03-02T09:00:00Z. Default: the clock.")
@home_option
def command(dry_run: bool, now: str | None, home: Path) -> None:  # noqa: FBT001 - a switch
    """Send what is due: to files in the home's outbox, to this screen, and wherever WB_NOTIFY_URLS says.

    Each message goes out once; one that failed is tried again the next time. Exit code 6 if any failed.
    """
    from wb_pipeline.audit.terminal_text import plain
    from wb_pipeline.errors import NotificationError
    from wb_pipeline.ledger.store import Ledger
    from wb_pipeline.notify.channels import channels
    from wb_pipeline.notify.outbox import due_messages, send_due

    books, moment = existing_home(home), clock(now) or datetime.now(UTC)
    ledger = Ledger.open(books)
    if dry_run:
        for due in due_messages(books, ledger, moment):
            tried = f"  (failed {due.failures} times: {plain(due.last_reason)})" if due.failures else ""
            click.echo(f"due: {due.message.address}: {due.message.subject}{tried}")
        return
    report = send_due(books, ledger, channels(books), moment)
    for message in report.sent:
        click.echo(f"To {message.address}: {message.subject}\n{message.text}")
    for failed in report.failed:
        click.echo(f"not sent to {failed.message.address}: {plain(failed.last_reason)}; it stays due", err=True)
    click.echo(f"{len(report.sent)} sent, {len(report.failed)} failed.")
    if report.failed:
        problem = f"{len(report.failed)} messages were not taken and stay due"
        raise NotificationError(problem, hint="mend the channel and call it again")
