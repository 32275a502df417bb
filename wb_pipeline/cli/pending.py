"""`wb pending`: what was denied and may still pass, and what would let it (EXC-1)."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from wb_pipeline.cli.options import clock, existing_home, home_option

_now = click.option("--now", help="The time it is, such as 2026-03-02T09:00:00Z. Default: the clock.")


@click.group()
def command() -> None:
    """Show denied changes, attach evidence that they lack, and propose them again."""


@command.command("list")
@click.option("--all", "everything", is_flag=True, help="Also those that expired or were proposed again.")
@_now
@home_option
def show(everything: bool, now: str | None, home: Path) -> None:  # noqa: FBT001 - a switch
    """List pending changes: what was wanted, by whom, why it was stopped, what would let it pass."""
    from wb_pipeline.audit.terminal_text import plain
    from wb_pipeline.ledger.store import Ledger
    from wb_pipeline.steps.pending import pending_changes

    books = existing_home(home)
    found = pending_changes(books, Ledger.open(books), clock(now) or datetime.now(UTC))
    shown = [each for each in found if everything or each.state == "waiting"]
    for each in shown:
        until = {"waiting": f"waits until {each.expires_at:%Y-%m-%d}", "expired": f"expired {each.expires_at:%Y-%m-%d}"}
        state = until.get(each.state) or f"proposed again as {plain(each.again)}"
        click.echo(f"{each.change_id}  {plain(each.wanted)}, wanted by {plain(each.actor_id)}; {state}")
        click.echo(f"    {plain(each.why or 'Its proposal is stopped.')} {plain(each.to_pass)}")
        for evidence_id in each.attached:
            click.echo(f"    attached: {plain(evidence_id)}")
    click.echo(f"{len(shown)} of {len(found)} denied changes.")


@command.command("attach")
@click.argument("change_id")
@click.option("--evidence", "evidence_id", required=True, help="The id of an item in the evidence store.")
@click.option("--by", required=True, help="Who attaches it: a reviewer's id, as in the policy.")
@click.option("--reason", default="", help="Why, for the audit.")
@_now
@home_option
def attach(change_id: str, evidence_id: str, by: str, reason: str, now: str | None, home: Path) -> None:
    """Name evidence for the pending change CHANGE_ID. It is judged again with it: `wb pending rejudge`."""
    from wb_pipeline.audit.terminal_text import plain
    from wb_pipeline.ledger.store import Ledger
    from wb_pipeline.review.persons import require_reviewer
    from wb_pipeline.steps.pending import attach_evidence

    books, moment = existing_home(home), clock(now) or datetime.now(UTC)
    ledger = Ledger.open(books)
    require_reviewer(books, ledger, by)
    event = attach_evidence(books, ledger, change_id, evidence_id, by, reason, moment)
    click.echo(f"{plain(evidence_id)} is attached to {plain(change_id)} (ledger event {event.sequence}).")


@command.command("rejudge")
@_now
@home_option
def rejudge(now: str | None, home: Path) -> None:
    """Put pending changes whose evidence arrived or was attached into the inbox, as proposals of their actors.

    The latest snapshot of the evidence counts. The sensor judges the file, or `wb run --batch FILE` does.
    """
    from wb_pipeline.ledger.store import Ledger
    from wb_pipeline.steps.rejudging import propose_again

    books = existing_home(home)
    done = propose_again(books, Ledger.open(books), clock(now) or datetime.now(UTC))
    if done.path is None:
        click.echo("Nothing is due.")
        return
    click.echo(f"{len(done.change_ids)} pending changes are proposed again: {done.path}")
