"""Options and steps that the commands of `wb review` share. The commands are in `review` and `review_sheets`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from wb_pipeline.audit.terminal_text import plain
from wb_pipeline.cli.options import clock, existing_home
from wb_pipeline.errors import InputError

if TYPE_CHECKING:
    from wb_pipeline.review.desk import Desk
    from wb_pipeline.review.filters import ItemFilter
    from wb_pipeline.review.model import Decision, Outcome

_Command = TypeVar("_Command", bound=Callable[..., Any])
_STATES = (
    "open",
    "any",
    "waiting",
    "returned",
    "approved_once",
    "approved",
    "rejected",
    "expired",
    "writing",
    "written",
)
_MOST_TOLD = 50

now_option = click.option("--now", help="The time it is, such as 2026-03-02T09:00:00Z. Default: the clock.")
by_option = click.option("--by", required=True, help="Who decides: a reviewer's id, as in the policy.")
_FILTERS = (
    click.option("--object", "object_name", default="", help="Only this object, such as deal."),
    click.option("--field", default="", help="Only this field, such as stage."),
    click.option("--actor", default="", help="Only what this agent or integration proposed."),
    click.option("--gate", default="", help="Only what this gate objects to (`wb gates` lists them)."),
    click.option("--owner", default="", help="Only records of this owner."),
    click.option("--batch", default="", help="Only this batch: its key or the first digits of it."),
    click.option("--record", default="", help="Only this record."),
    click.option("--case", default="", help="Only this case: changes that disagree with each other share one."),
    click.option("--state", type=click.Choice(_STATES), default="open", show_default=True, help="Where it stands."),
)
_DECIDING = (
    click.option("--all", "takes_all", is_flag=True, help="All that the filters find."),
    click.option("--words", default="", help="Why, for the audit."),
    click.option("--binding", default="", help="The binding that `show` printed: refused if anything changed since."),
    click.option("--supersede", is_flag=True, help="Replace a decision that stands already."),
)


def filter_options(command: _Command) -> _Command:
    """Give a command the options by which the queue is narrowed."""
    for option in reversed(_FILTERS):
        command = option(command)
    return command


def reason_options(command: _Command) -> _Command:
    """Give a command the options that every decision has."""
    for option in reversed(_DECIDING):
        command = option(command)
    return command


def filter_of(*, object_name: str, state: str, kind: str = "", **asked: str) -> ItemFilter:
    """Return the filter that the options name."""
    from wb_pipeline.review.filters import ItemFilter
    from wb_pipeline.review.model import OPEN_STATES

    states: Any = {"open": OPEN_STATES, "any": ()}.get(state, (state,))
    return ItemFilter(object=object_name, states=states, kind=kind, **asked)


def desk_of(home: Path, now: str | None) -> Desk:
    """Return the desk of a home that was used before."""
    from wb_pipeline.ledger.store import Ledger
    from wb_pipeline.review.desk import Desk

    books, moment = existing_home(home), clock(now)
    return Desk(
        books, Ledger.open(books, clock=lambda: moment or datetime.now(UTC)), lambda: moment or datetime.now(UTC)
    )


def decisions_made(desk: Desk, decisions: Sequence[Decision], by: str) -> None:
    """Decide, and say what became of it. Exits with 2 where something could not be decided."""
    if not decisions:
        raise InputError("nothing waits that fits", hint="`wb review list` shows what waits")
    told(desk.decide(decisions, by))


def told(outcomes: Sequence[Outcome], also_refused: int = 0) -> None:
    """Say what became of decisions, each refusal by itself."""
    done = [each for each in outcomes if each.is_done]
    refused = [each for each in outcomes if not each.is_done]
    for each in refused[:_MOST_TOLD]:
        click.echo(f"{plain(each.item_id, 80)}: not done, {plain(each.message)}", err=True)
    if len(refused) > _MOST_TOLD:
        click.echo(f"... and {len(refused) - _MOST_TOLD:,} more", err=True)
    once = sum(each.code == "decided_once" for each in done)
    words = f" {once:,} of them need a second person." if once else ""
    click.echo(f"{len(done):,} decided, {len(refused) + also_refused:,} not.{words}")
    if refused or also_refused:
        sys.exit(InputError.exit_code)
