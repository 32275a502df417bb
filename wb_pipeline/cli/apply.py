"""`wb apply`: write what is approved to the CRM, each change once, or show what would be written (SYN)."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from wb_pipeline.cli.options import clock, existing_home, found_batch, home_option
from wb_pipeline.cli.review_rejudge import rejudged_lines
from wb_pipeline.errors import ApplyError


@click.command()
@click.option(
    "--crm",
    envvar="WB_CRM",
    required=True,
    help="The CRM to write to: its folder (or file), or postgres: (WB_CRM_URL).",
)
@click.option("--dry-run", is_flag=True, help="Show every difference, field by field, and write nothing.")
@click.option("--batch", "batches", multiple=True, help="Only this batch: its key, the beginning of it, or `last`.")
@click.option("--rejudge", is_flag=True, help="First judge again what the policy in force has not judged yet.")
@click.option("--now", help="The time it is, such as 2026-03-02T09:00:00Z. Default: the clock.")
@home_option
def command(
    crm: str,
    dry_run: bool,  # noqa: FBT001 - a switch
    batches: tuple[str, ...],
    rejudge: bool,  # noqa: FBT001 - a switch
    now: str | None,
    home: Path,
) -> None:
    """Write automatic and approved changes to the CRM.

    Each is read, compared with what it was approved over, written, and read back. What somebody changed meanwhile goes
    back to a person. A run that was killed is taken up by the next one: nothing is lost, nothing is written twice.
    Exit code 7: some write did not get through; the rest did.
    """
    from wb_pipeline.apply.run import apply_approved, preview
    from wb_pipeline.apply.show import differences
    from wb_pipeline.connectors.opening import opened_crm
    from wb_pipeline.ledger.store import Ledger
    from wb_pipeline.review.policies import crm_names
    from wb_pipeline.review.rejudging import rejudge_by_road

    if dry_run and rejudge:
        raise click.UsageError("a dry run writes nothing, and --rejudge writes to the books")
    books, moment = existing_home(home), clock(now) or datetime.now(UTC)
    ledger = Ledger.open(books)
    keys = [found_batch(ledger, each) for each in batches]
    if rejudge:
        again = rejudge_by_road(books, ledger, lambda line: click.echo(line, err=True), lambda: moment)
        for line in rejudged_lines(again):
            click.echo(line)
    with opened_crm(crm, crm_names(books, ledger)) as target:
        if dry_run:
            for line in differences(preview(books, ledger, target, moment, keys)):
                click.echo(line)
            return
        report = apply_approved(books, ledger, target, moment, batches=keys)
    for line in report.lines():
        click.echo(line)
    if report.has_failed:
        raise click.exceptions.Exit(ApplyError.exit_code)
