"""`wb review rejudge`: judge what waits, what was approved, and what goes by itself again (RVW-2)."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wb_pipeline.audit.terminal_text import plain
from wb_pipeline.cli.options import clock, existing_home, home_option
from wb_pipeline.cli.review_options import now_option

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wb_pipeline.review.rejudging import Rejudged


@click.command("rejudge")
@now_option
@home_option
def rejudge_items(now: str | None, home: Path) -> None:
    """Judge again what the policy in force has not judged yet.

    An approval stands if lane and objections are the same as before; else it is void and the item waits again. An
    automatic change that is not written yet stands likewise; else it waits for a person. Until then `wb apply` holds
    them back.
    """
    from wb_pipeline.ledger.store import Ledger
    from wb_pipeline.review.rejudging import rejudge_by_road

    books, moment = existing_home(home), clock(now) or datetime.now(UTC)
    done = rejudge_by_road(books, Ledger.open(books), lambda line: click.echo(line, err=True), lambda: moment)
    if not done.judged:
        click.echo("Nothing to judge again: the policy in force judged every item.")
    for line in rejudged_lines(done):
        click.echo(line)


def rejudged_lines(done: Rejudged) -> Iterator[str]:
    """Yield what became of what was judged again."""
    for item_id in done.returned:
        yield f"{plain(item_id)}  waits again: its approval was for something else"
    for item_id in done.stopped:
        yield f"{plain(item_id)}  waits for a person: it does not go by itself any more"
    if done.judged:
        yield (
            f"{done.judged} items judged by policy {done.policy_hash[:16]}: {len(done.standing)} as before, "
            f"{len(done.waiting)} otherwise while they wait, {len(done.returned)} approvals void, "
            f"{len(done.stopped)} automatic changes stopped."
        )
    if done.skipped:
        yield f"{len(done.skipped)} were decided on meanwhile: start it again for them."
