"""`wb policy backtest`: what a new policy would have decided otherwise (OPS-3). Registers and writes nothing."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wb_pipeline.audit.terminal_text import plain
from wb_pipeline.cli.options import existing_home, home_option
from wb_pipeline.errors import InputError

if TYPE_CHECKING:
    from wb_pipeline.steps.backtest import Backtest, Flip

_MOST_BATCHES = 999_999
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_HEADER = (
    "batch", "line", "proposal_id", "change_id", "action", "object", "record_id", "field", "was", "would_be",
    "gates_no_longer", "gates_new", "then",
)  # fmt: skip


@click.command("backtest")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--batches", default="10", show_default=True, help="How many of the latest decided batches; or `all`.")
@click.option("--format", "form", type=click.Choice(["table", "csv"]), default="table", show_default=True)
@home_option
def backtest_policy(file: Path, batches: str, form: str, home: Path) -> None:
    """Judge decided batches again by the policy FILE and list the changes that would end otherwise.

    Each with its lane then and by FILE, and what people did with it. CRM, evidence and clock are those of the day. A
    run is judged whole, because conflicts and budgets count all of it; listed are the batches that were asked for.
    """
    from wb_pipeline.ledger.store import Ledger
    from wb_pipeline.paths import sql_project_folder
    from wb_pipeline.policy.load import load_policy
    from wb_pipeline.sql_project import SqlProject
    from wb_pipeline.steps.backtest import backtest
    from wb_pipeline.steps.judging_again import latest_batches

    policy, books, count = load_policy(file), existing_home(home), _count(batches)
    ledger, project = Ledger.open(books), SqlProject.load(sql_project_folder())
    keys = latest_batches(ledger, count)
    found = backtest(books, ledger, project, policy, keys, lambda line: click.echo(line, err=True))
    click.echo(_csv(found) if form == "csv" else _table(found, len(keys)), nl=False)


def _count(batches: str) -> int | None:
    if batches == "all":
        return None
    if not batches.isascii() or not batches.isdigit() or not 0 < int(batches[:9]) <= _MOST_BATCHES:
        raise InputError(f"--batches {plain(batches, 40)!r} is no number", hint="write how many, or all")
    return int(batches)


def _csv(found: Backtest) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_HEADER)
    for flip in found.flips:
        writer.writerow([_cell(value) for value in _values(flip)])
    return text.getvalue()


def _values(flip: Flip) -> list[object]:
    told = [flip.batch_key, flip.line, flip.proposal_id, flip.change_id, flip.action, flip.object, flip.record_id]
    return [*told, flip.field, flip.was, flip.would_be, " ".join(flip.no_longer), " ".join(flip.new), flip.then]


def _cell(value: object) -> object:
    """Keep a spreadsheet from running what an agent wrote."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA_STARTS) else value


def _table(found: Backtest, batches: int) -> str:
    lines = [f"{'change':<22}  {'was':<10}  {'would be':<10}  what"]
    for flip in found.flips:
        what = " ".join(filter(None, (flip.action, flip.object, flip.record_id, flip.field)))
        lines.append(f"{plain(flip.change_id, 60):<22}  {flip.was:<10}  {flip.would_be:<10}  {plain(what, 120)}")
        lines += [f"{'':<22}  {words}" for words in _because(flip)]
    moves = ", ".join(f"{count} {was} -> {now}" for (was, now), count in found.counts.items())
    summary = f"{len(found.flips)} of {found.judged} changes of {batches} batches would end otherwise"
    return "\n".join([*(lines if found.flips else []), f"{summary}{': ' + moves if moves else ''}."]) + "\n"


def _because(flip: Flip) -> list[str]:
    told = {"no longer": ", ".join(flip.no_longer), "new": ", ".join(flip.new), "then": flip.then}
    return [f"{name}: {plain(words.replace('gate_', ''))}" for name, words in told.items() if words]
