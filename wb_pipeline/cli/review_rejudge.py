"""`wb review rejudge`: judge what waits, and what was approved, again by the policy in force (RVW-2)."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import click

from wb_pipeline.audit.terminal_text import plain
from wb_pipeline.cli.options import existing_home, home_option


@click.command("rejudge")
@home_option
def rejudge_items(home: Path) -> None:
    """Judge items again that the policy in force has not judged yet.

    An approval stands if lane and objections are the same as before; else it is void and the item waits again. Until
    then `wb apply` holds it back.
    """
    from wb_pipeline.ledger.store import Ledger
    from wb_pipeline.paths import sql_project_folder
    from wb_pipeline.review.rejudging import rejudge
    from wb_pipeline.sql_project import SqlProject
    from wb_pipeline.steps.judging_again import judge_again

    books = existing_home(home)
    ledger, project = Ledger.open(books), SqlProject.load(sql_project_folder())
    judge = partial(judge_again, books, ledger, project)
    done = rejudge(books, ledger, lambda policy, keys: judge(policy, keys, lambda line: click.echo(line, err=True)))
    if not done.judged:
        click.echo("Nothing to judge again: the policy in force judged every item.")
        return
    for item_id in done.returned:
        click.echo(f"{plain(item_id)}  waits again: its approval was for something else")
    click.echo(
        f"{done.judged} items judged by policy {done.policy_hash[:16]}: {len(done.standing)} as before, "
        f"{len(done.waiting)} otherwise while they wait, {len(done.returned)} approvals void."
    )
    if done.skipped:
        click.echo(f"{len(done.skipped)} were decided on meanwhile: start it again for them.")
