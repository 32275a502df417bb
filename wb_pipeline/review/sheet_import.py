"""Rows of a sheet that comes back -> decisions, or what is wrong with which row and column. Decides nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wb_pipeline.errors import InputError
from wb_pipeline.review.cells import is_same_cell, typed_text
from wb_pipeline.review.model import REJECT_REASONS, Decision, Item
from wb_pipeline.review.sheet import DECIDING, edits_of, header_problem, shown_cells

if TYPE_CHECKING:
    from wb_pipeline.ledger.kinds_review import Verb

_VERBS: dict[str, Verb] = {"approve": "approve", "reject": "reject", "accept": "accept", "dismiss": "dismiss"}


@dataclass(frozen=True, slots=True)
class RowProblem:
    """A row that is not taken, with the column concerned ("" for the row as a whole)."""

    row: int
    item_id: str
    column: str
    message: str


@dataclass(frozen=True, slots=True)
class SheetDecisions:
    """What a sheet asks for. `rows`: the row's number per decision; `undecided`: how many rows decide nothing."""

    decisions: tuple[Decision, ...]
    rows: tuple[int, ...]
    problems: tuple[RowProblem, ...]
    undecided: int


def decisions_of(rows: Sequence[Sequence[Any]], item_of: Callable[[str], Item]) -> SheetDecisions:
    """Return the decisions of a sheet. Raises InputError for a sheet that is not one of ours.

    `item_of` raises InputError for an id that nobody knows. A cell that is not for deciding must be as it was exported:
    whoever changed a value there may think that it counts.
    """
    if not rows:
        raise InputError("the sheet is empty", hint="`wb review export` writes one")
    header = [typed_text(cell) for cell in rows[0]]
    if problem := header_problem(header):
        raise InputError(problem, hint="`wb review export` writes a sheet with the right columns")
    found: list[tuple[int, Decision]] = []
    problems: list[RowProblem] = []
    undecided = 0
    for number, row in enumerate(rows[1:], start=2):
        cells = dict(zip(header, [*row, *[None] * len(header)], strict=False))
        read = _read(number, cells, item_of)
        if isinstance(read, RowProblem):
            problems.append(read)
        elif read is None:
            undecided += 1
        else:
            found.append((number, read))
    decisions, numbers = tuple(each for _, each in found), tuple(number for number, _ in found)
    return SheetDecisions(decisions, numbers, tuple(problems), undecided)


def _read(number: int, cells: Mapping[str, Any], item_of: Callable[[str], Item]) -> Decision | RowProblem | None:
    item_id = typed_text(cells["id"])
    typed = {name: typed_text(cells.get(name)) for name in DECIDING}
    try:
        item = item_of(item_id)
    except InputError as error:
        return RowProblem(number, item_id, "id", error.message)
    if typed_text(cells["binding"]) != item.binding:
        return RowProblem(number, item_id, "binding", "the item changed since it was exported: export it again")
    if column := next(_changed(cells, item), ""):
        message = f"it was changed, but only {', '.join(DECIDING)} count"
        message += " (a spreadsheet rewrites long numbers in CSV; XLSX keeps them)"
        return RowProblem(number, item_id, column, message)
    if not typed["decision"]:
        column = next((name for name in DECIDING if typed[name]), "")
        return RowProblem(number, item_id, column, "it says something, but `decision` is empty") if column else None
    return _decision(number, item, typed)


def _changed(cells: Mapping[str, Any], item: Item) -> Iterator[str]:
    shown = shown_cells(item)
    return (name for name in shown if name in cells and not is_same_cell(cells[name], shown[name]))


def _decision(number: int, item: Item, typed: Mapping[str, str]) -> Decision | RowProblem:
    verb = _VERBS.get(typed["decision"].lower())
    if verb is None:
        return RowProblem(number, item.item_id, "decision", f"it is none of {', '.join(_VERBS)}")
    reason = typed["reason"].lower()
    if reason and reason not in REJECT_REASONS:
        return RowProblem(number, item.item_id, "reason", f"it is none of {', '.join(REJECT_REASONS)}")
    try:
        edits = edits_of(item, typed["edited_value"])
    except InputError as error:
        return RowProblem(number, item.item_id, "edited_value", error.message)
    picked = typed["picked_record"] or None
    return Decision(item.item_id, verb, item.binding, reason, typed["words"], edits, record_id=picked)
