"""`wb dedupe`: find the CRM's duplicates, look at a cluster, say whether two records are one (IDN-10, HYG-3)."""

from __future__ import annotations

from pathlib import Path

import click

from wb_pipeline.cli.options import (
    clock,
    crm_option,
    existing_home,
    home_option,
    now_option,
    policy_option,
    quiet_option,
)
from wb_pipeline.home import Home


@click.group(invoke_without_command=True)
@crm_option
@click.option("--full", is_flag=True, help="Score every pair again, not only those of records that changed.")
@policy_option
@home_option
@now_option
@quiet_option
@click.pass_context
def command(  # noqa: PLR0913, PLR0917 - one parameter per option
    context: click.Context,
    crm: Path | None,
    full: bool,  # noqa: FBT001 - a switch
    policy: Path | None,
    home: Path,
    now: str | None,
    quiet: bool,  # noqa: FBT001 - a switch
) -> None:
    """Find contacts, leads and companies that stand in the CRM more than once. Merges nothing: people decide.

    The same job runs every night in the Dagster UI. `wb dedupe show CLUSTER` shows why records are held to be one;
    `wb dedupe judge LEFT RIGHT` says whether they are.
    """
    if context.invoked_subcommand is not None:
        return
    from wb_pipeline.cli.dedupe_run import run_dedupe
    from wb_pipeline.cli.dedupe_text import found_text
    from wb_pipeline.cli.execute import RunRequest

    request = RunRequest(Home.from_environment(home), (), crm, None, policy, clock(now))
    run_dedupe(request, is_full=full, say=lambda line: None if quiet else click.echo(line, err=True))
    click.echo(found_text(request.home))


@command.command("show")
@click.argument("cluster")
@home_option
def show(cluster: str, home: Path) -> None:
    """Show the records of CLUSTER, why they are held to be one, and what a merge would keep.

    CLUSTER is an id such as contact-entity-17, or a record's id.
    """
    from wb_pipeline.cli.dedupe_text import cluster_text

    click.echo(cluster_text(existing_home(home), cluster))


@command.command("judge")
@click.argument("left")
@click.argument("right")
@click.option("--same/--different", "is_same", default=None, help="What you found out.")
@click.option("--by", required=True, help="Who says so: a person's name or id.")
@click.option("--reason", required=True, help="Why, for the audit.")
@home_option
def judge(left: str, right: str, is_same: bool | None, by: str, reason: str, home: Path) -> None:  # noqa: FBT001 - click names it
    """Say whether the records LEFT and RIGHT are one.

    It holds from the next `wb dedupe` on. Two records that are different come back as a pair only when a field changes
    by which they are compared. To take it back, judge again.
    """
    if is_same is None:
        raise click.UsageError("say what you found out: --same or --different")
    from wb_pipeline.dedupe.judgements import judge_pair
    from wb_pipeline.dedupe.seen_pairs import seen_pair
    from wb_pipeline.ledger.store import Ledger
    from wb_pipeline.review.persons import require_person

    books = existing_home(home)
    require_person(books, by)
    ledger = Ledger.open(books)
    event = judge_pair(ledger, seen_pair(books, ledger, left, right), is_same=is_same, by=by, reason=reason)
    verdict = "one and the same" if is_same else "different"
    click.echo(f"{left} and {right} are {verdict}, says {by} (ledger event {event.sequence}). Next: wb dedupe")
