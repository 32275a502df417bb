"""`wb review`: what waits for a person, and decisions on it, one by one or over a filter (RVW-1 to RVW-6).

What the answers look like is in `review_text`; spreadsheets are in `review_sheets`, the page in `review_serve`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from wb_pipeline.cli.options import home_option
from wb_pipeline.cli.review_options import (
    by_option,
    decisions_made,
    desk_of,
    filter_of,
    filter_options,
    now_option,
    reason_options,
)
from wb_pipeline.cli.review_rejudge import rejudge_items
from wb_pipeline.cli.review_serve import serve, token
from wb_pipeline.cli.review_sheets import export, import_sheet
from wb_pipeline.errors import InputError

if TYPE_CHECKING:
    from wb_pipeline.ledger.kinds_review import Verb
    from wb_pipeline.review.model import Item


@click.group()
def command() -> None:
    """Show what waits for a person, and decide on it.

    Who may decide what is in the policy (`reviewers`). Nobody approves what they proposed; agents decide nothing. An
    approval holds for exactly what was shown.
    """


for other in (export, import_sheet, rejudge_items, serve, token):
    command.add_command(other)


@command.command("list")
@filter_options
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True, help="How many are shown.")
@click.option("--format", "form", type=click.Choice(["table", "jsonl", "csv"]), default="table", show_default=True)
@now_option
@home_option
def list_items(limit: int, form: str, now: str | None, home: Path, **asked: Any) -> None:
    """List what waits: opt-outs first, then value at risk, then age."""
    from wb_pipeline.cli.review_text import csv_text, jsonl_text, table_text

    items = desk_of(home, now).items(filter_of(**asked))
    text = {"table": table_text, "jsonl": jsonl_text, "csv": csv_text}[form](items[:limit])
    click.echo(text, nl=False)
    if form == "table" and len(items) > limit:
        click.echo(f"... and {len(items) - limit:,} more (--limit)")


@command.command("show")
@click.argument("item_id")
@now_option
@home_option
def show(item_id: str, now: str | None, home: Path) -> None:
    """Show one item: what is wanted over what, why a person is asked, the evidence, and what was decided so far."""
    from wb_pipeline.cli.review_text import item_text

    desk = desk_of(home, now)
    item = desk.item(item_id)
    click.echo(item_text(item, desk.citations(item)), nl=False)


def _decided(  # noqa: PLR0913 - a decision is made of all of this
    verb: Verb,
    item_ids: tuple[str, ...],
    by: str,
    now: str | None,
    home: Path,
    *,
    takes_all: bool,
    binding: str,
    supersede: bool,
    words: str,
    reason: str = "",
    **asked: Any,
) -> None:
    """Decide on the items named, or with --all on all that the filters find."""
    from wb_pipeline.review.model import Decision

    if bool(item_ids) == takes_all:
        raise InputError("name the ids, or give --all with filters", hint="`wb review list` shows both")
    if binding and len(item_ids) != 1:
        raise InputError("--binding is about one item", hint="name one id")
    desk = desk_of(home, now)
    kind = "suggestion" if verb in ("accept", "dismiss") else "change"
    items = desk.items(filter_of(**{**asked, "kind": kind})) if takes_all else [desk.item(each) for each in item_ids]
    # Of a filter --record says which items are meant; of items that are named, which record they are about.
    picked = None if takes_all else asked["record"] or None
    decisions = [
        Decision(
            item_id=item.item_id,
            decision=verb,
            binding=binding or item.binding,
            reason_code=reason,
            words=words,
            supersedes=_standing(item, supersede=supersede),
            record_id=picked,
        )
        for item in items
    ]
    decisions_made(desk, decisions, by)


def _standing(item: Item, *, supersede: bool) -> int:
    return item.standing_sequence if supersede else 0


def _deciding(verb: Verb, told: str, *own: Callable[[Any], Any]) -> click.Command:
    """Return the command that makes one kind of decision; `own`: the options that only this one has."""

    @click.argument("item_ids", nargs=-1)
    @filter_options
    @reason_options
    @by_option
    @now_option
    @home_option
    def decide(**given: Any) -> None:
        _decided(verb, **given)

    with_own: Any = decide
    for option in reversed(own):
        with_own = option(with_own)
    return click.command(verb, help=told)(with_own)


_reason = click.option(
    "--reason", required=True, help="wrong_record, wrong_value, no_evidence, not_now, duplicate, other."
)

for each in (
    _deciding(
        "approve",
        "Approve items, by their ids or with --all over a filter. Where nobody knows which record an item is about, "
        "--record with the item's id picks one of those that `show` lists.",
    ),
    _deciding("reject", "Reject items, by their ids or with --all over a filter. `other` needs --words.", _reason),
    _deciding(
        "accept", "Accept suggestions: their values go into the fields themselves. The record's owner may do so."
    ),
    _deciding("dismiss", "Dismiss suggestions. The record's owner may do so."),
):
    command.add_command(each)


@command.command("edit")
@click.argument("item_id")
@click.option("--value", required=True, help="The value as JSON, such as '\"VP IT\"'; of several fields an object.")
@click.option("--field", default="", help="Which field, where the item has several and one of them is edited.")
@click.option("--words", default="", help="Why, for the audit.")
@by_option
@now_option
@home_option
def edit(  # noqa: PLR0913, PLR0917 - one parameter per option
    item_id: str, value: str, field: str, words: str, by: str, now: str | None, home: Path
) -> None:
    """Approve an item with another value. It passes the same checks of format, picklist and lock as a proposed one."""
    from wb_pipeline.review.model import Decision

    desk = desk_of(home, now)
    item = desk.item(item_id)
    edits = _edits(item, value, field)
    decisions_made(desk, [Decision(item.item_id, "approve", item.binding, words=words, edits=edits)], by)


def _edits(item: Item, value: str, field: str) -> dict[str, Any]:
    try:
        read = json.loads(value)
    except (ValueError, RecursionError):
        raise InputError(
            f"--value {value[:80]!r} is not JSON", hint="""text needs quotes: --value '"VP IT"'"""
        ) from None
    if field or len(item.fields) == 1:
        return {field or item.fields[0].field: read}
    if not isinstance(read, dict):
        names = ", ".join(each.field for each in item.fields) or "none"
        raise InputError("which field?", hint=f"name it with --field; the item has: {names}")
    return read
