"""`wb undo`: take writes back, one, a batch's, an actor's, those of a time; first as a dry run (AUD-4)."""

from __future__ import annotations

from pathlib import Path

import click

from wb_pipeline.cli.options import day_or_time, existing_home, found_batch, home_option
from wb_pipeline.errors import ApplyError


@click.command()
@click.option(
    "--crm", envvar="WB_CRM", required=True, help="The CRM that was written to: its folder, or postgres: (WB_CRM_URL)."
)
@click.option("--write", "write_key", default="", help="One write: its key, or the beginning of it.")
@click.option("--batch", default="", help="The writes of a batch: its key, the beginning of it, or `last`.")
@click.option("--actor", "actor_id", default="", help="The writes of an actor.")
@click.option("--from", "since", help="Writes from this time on, such as 2026-03-02T09:00:00Z or a day.")
@click.option("--to", "until", help="Writes before this time.")
@click.option("--by", required=True, help="Who takes them back: a reviewer's id, as in the policy.")
@click.option("--reason", required=True, help="Why, for the audit.")
@click.option("--yes", is_flag=True, help="Take them back. Without it only what would happen is shown.")
@click.option("--dry-run", is_flag=True, help="Show what would happen, also with --yes. This is the default.")
@home_option
def command(  # noqa: PLR0913, PLR0917 - one parameter per option
    crm: str,
    write_key: str,
    batch: str,
    actor_id: str,
    since: str | None,
    until: str | None,
    by: str,
    reason: str,
    yes: bool,  # noqa: FBT001 - a switch
    dry_run: bool,  # noqa: FBT001 - a switch
    home: Path,
) -> None:
    """Put old values back, through the same outbox as any write.

    What somebody changed since stays and is listed, and so is what cannot be taken back: merges, sequences that were
    started, opt-outs. A record that was made is archived if nobody touched it since. Exit code 7: some write did not
    get through.
    """
    from wb_pipeline.apply.show import undo_lines, undone_lines
    from wb_pipeline.apply.undo import undo, undo_preview
    from wb_pipeline.apply.undo_selection import Selection
    from wb_pipeline.connectors.opening import opened_crm
    from wb_pipeline.ledger.store import Ledger
    from wb_pipeline.review.policies import crm_names

    books = existing_home(home)
    ledger = Ledger.open(books)
    chosen = Selection(
        write_key=write_key.lower(),
        batch_key=found_batch(ledger, batch) if batch else "",
        actor_id=actor_id,
        since=day_or_time("--from", since),
        until=day_or_time("--to", until),
    )
    with opened_crm(crm, crm_names(books, ledger)) as target:
        if dry_run or not yes:
            for line in undo_lines(undo_preview(books, ledger, target, chosen, by=by, reason=reason)):
                click.echo(line)
            return
        done = undo(books, ledger, target, chosen, by=by, reason=reason)
    for line in undone_lines(done):
        click.echo(line)
    if done.report.has_failed:
        raise click.exceptions.Exit(ApplyError.exit_code)
