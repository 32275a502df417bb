"""`wb review export` and `import`: the queue as a spreadsheet, for people who live in them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from wb_pipeline.audit.terminal_text import plain
from wb_pipeline.cli.options import home_option
from wb_pipeline.cli.review_options import by_option, desk_of, filter_of, filter_options, now_option, told

if TYPE_CHECKING:
    from wb_pipeline.review.sheet_import import RowProblem

_MOST_TOLD = 50


@click.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--format", "form", type=click.Choice(["csv", "xlsx"]), help="Default: by the file's name, else csv.")
@filter_options
@now_option
@home_option
def export(file: Path, form: str | None, now: str | None, home: Path, **asked: Any) -> None:
    """Write the queue to FILE, to be decided in a spreadsheet and read back by `wb review import`.

    People fill in `decision` (approve, reject, accept, dismiss), `reason`, `words`, `edited_value`, and `picked_record`
    where several records could be meant. No cell is a formula.
    """
    from wb_pipeline.review.sheet import sheet_rows
    from wb_pipeline.review.sheet_files import write_csv, write_xlsx

    items = desk_of(home, now).items(filter_of(**asked))
    chosen = form or ("xlsx" if file.suffix.lower() == ".xlsx" else "csv")
    {"csv": write_csv, "xlsx": write_xlsx}[chosen](file, sheet_rows(items))
    click.echo(f"{len(items):,} items are in {file}.")


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@by_option
@now_option
@home_option
def import_sheet(file: Path, by: str, now: str | None, home: Path) -> None:
    """Take the decisions from FILE, a sheet that `wb review export` wrote.

    Each row is checked like any decision, and refused where the item changed since the export. A changed cell that is
    not for deciding is named, never ignored. What is refused does not stop the rest.
    """
    from wb_pipeline.review.sheet_files import read_sheet
    from wb_pipeline.review.sheet_import import decisions_of

    desk = desk_of(home, now)
    found = decisions_of(read_sheet(file), desk.item)
    for problem in found.problems[:_MOST_TOLD]:
        click.echo(_told(problem), err=True)
    if len(found.problems) > _MOST_TOLD:
        click.echo(f"... and {len(found.problems) - _MOST_TOLD:,} more", err=True)
    click.echo(f"{found.undecided:,} rows decide nothing.")
    told(desk.decide(found.decisions, by) if found.decisions else [], len(found.problems))


def _told(problem: RowProblem) -> str:
    place = f"row {problem.row}" + (f", column {problem.column}" if problem.column else "")
    return f"{place} ({plain(problem.item_id, 80)}): {plain(problem.message)}"
