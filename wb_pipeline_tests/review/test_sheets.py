"""The queue as CSV and XLSX: nothing is a formula, and what comes back is checked like any decision."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from wb_pipeline.errors import InputError
from wb_pipeline.review.cells import MOST_CHARACTERS, is_same_cell, safe_cell, typed_text
from wb_pipeline.review.sheet import COLUMNS, sheet_rows
from wb_pipeline.review.sheet_files import SheetLimits, read_sheet, write_csv, write_xlsx
from wb_pipeline.review.sheet_import import decisions_of
from wb_pipeline_tests.review.factories import create, decided, desk_at, queue, suggestion, update

WRITERS = {"csv": write_csv, "xlsx": write_xlsx}
FORMULAS = [
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1+1", "\r=1+1", "\n=1+1", "  =1+1", "\u200b=1+1", "\u00a0=1+1", "\ufeff=1+1",
    "\uff1d1+1", "\uff0b1", "\uff0d1", "\uff20x", "%0A=1", "|calc", "'=1+1", '=HYPERLINK("http://x","y")',
    "=cmd|' /C calc'!A0",
]  # fmt: skip
DANGEROUS = frozenset("=+-@\t\r|%\uff1d\uff0b\uff0d\uff20")


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_becomes_a_formula_and_it_comes_back_as_it_was(text: str) -> None:
    """RVW-1: whatever an agent writes, a spreadsheet shows it; what it shows is recognized when it comes back."""
    cell = safe_cell(text)
    assert cell.lstrip()[:1] not in DANGEROUS
    assert "\t" not in cell
    assert "\r" not in cell
    assert is_same_cell(cell, cell)
    assert is_same_cell(typed_text(cell), cell)


def test_ordinary_text_is_left_alone_and_long_text_is_cut() -> None:
    """RVW-1: values are shown as they are; a cell holds no more than a spreadsheet takes."""
    assert safe_cell("VP IT, EMEA") == "VP IT, EMEA"
    assert safe_cell(None) == ""
    assert len(safe_cell("=" + "x" * 100_000)) <= MOST_CHARACTERS + 1
    assert [typed_text(each) for each in (True, 5.0, 2.5, None, " a\r\nb ")] == ["true", "5", "2.5", "", "a\nb"]


def _sheet(tmp_path: Path, form: str, desk: Any, changes: dict[tuple[int, str], Any]) -> Path:
    """Export the queue, fill cells in (row from 0, column), and write it as a spreadsheet would."""
    path = tmp_path / f"queue.{form}"
    rows = list(sheet_rows(sorted(desk.items(), key=lambda item: item.line_number)))
    for (row, column), value in changes.items():
        rows[row + 1][COLUMNS.index(column)] = value
    WRITERS[form](path, rows)
    return path


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_decisions_come_back_from_a_sheet(tmp_path: Path, form: str) -> None:
    """RVW-1, RVW-3: approve, reject, edit and accept by rows; an untouched row decides nothing."""
    hostile = update("title", '=HYPERLINK("http://x","y")', rationale="\t=1+1\nsecond line")
    lead = create("lead", {"first_name": "Pia", "last_name": "Lund"})
    home, ledger = queue(tmp_path, hostile, update("phone", "+13035550199"), suggestion(), lead, update())
    desk = desk_at(home, ledger)
    changes = {
        (0, "decision"): "reject", (0, "reason"): "wrong_value", (0, "words"): "A formula!",
        (1, "decision"): "Approve", (1, "edited_value"): "+1 303 555 0147",
        (2, "decision"): "accept",
        (3, "decision"): "approve", (3, "edited_value"): '{"last_name": "Lund-Berg"}',
    }  # fmt: skip
    found = decisions_of(read_sheet(_sheet(tmp_path, form, desk, changes)), desk.item)
    assert (found.problems, found.undecided, found.rows) == ((), 1, (2, 3, 4, 5))
    assert all(outcome.is_done for outcome in desk.decide(found.decisions, "u-ops-1"))
    assert len(desk.items()) == 1
    edited = desk.item(found.decisions[1].item_id).fields[0]
    assert edited.new_value == '"+13035550147"'


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_changed_cell_that_decides_nothing_is_named(tmp_path: Path, form: str) -> None:
    """RVW-2: whoever changes a value or a record in the sheet is told so; it is never taken or ignored."""
    home, ledger = queue(tmp_path, update(), update("phone", "+13035550199"), update())
    desk = desk_at(home, ledger)
    changes = {
        (0, "decision"): "approve", (0, "new_value"): "CEO",
        (1, "record"): "con-99",
        (2, "words"): "yes please",
    }  # fmt: skip
    found = decisions_of(read_sheet(_sheet(tmp_path, form, desk, changes)), desk.item)
    assert found.decisions == ()
    assert [(each.row, each.column) for each in found.problems] == [(2, "new_value"), (3, "record"), (4, "words")]


def test_row_whose_item_changed_since_is_refused(tmp_path: Path) -> None:
    """RVW-2, RVW-4: an old sheet decides nothing about what is not there any more, or was decided meanwhile."""
    home, ledger = queue(tmp_path, update(), update("phone", "+13035550199"), update())
    desk = desk_at(home, ledger)
    changes = {(0, "decision"): "approve", (0, "binding"): "0" * 64, (1, "decision"): "approve", (2, "id"): "x:1:1"}
    path = _sheet(tmp_path, "csv", desk, changes)
    decided(desk, sorted(desk.items(), key=lambda item: item.line_number)[1], "reject")
    found = decisions_of(read_sheet(path), desk.item)
    assert [(each.row, each.column) for each in found.problems] == [(2, "binding"), (4, "id")]
    [late] = desk.decide(found.decisions, "u-sales-1")
    assert late.code == "decided_already"


@pytest.mark.parametrize(
    ("column", "value"),
    [("decision", "maybe"), ("reason", "because"), ("edited_value", "Lund")],
)
def test_cell_that_cannot_be_understood_is_named(tmp_path: Path, column: str, value: str) -> None:
    """RVW-1: a decision, reason or edit of another form is told with its row and column."""
    home, ledger = queue(tmp_path, create("lead", {"first_name": "Pia", "last_name": "Lund"}))
    desk = desk_at(home, ledger)
    found = decisions_of(
        read_sheet(_sheet(tmp_path, "csv", desk, {(0, "decision"): "approve", (0, column): value})), desk.item
    )
    assert [(each.row, each.column) for each in found.problems] == [(2, column)]


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("id,decision", "the column binding is missing"),
        ("id,binding,decision,comment", "'comment' is none of ours"),
        ("id,binding,decision,words,words", "twice"),
        ("", "empty"),
    ],
)
def test_sheet_of_another_kind_is_refused(tmp_path: Path, header: str, message: str) -> None:
    """RVW-1: a sheet without our columns decides nothing."""
    path = tmp_path / "sheet.csv"
    path.write_text(header and f"{header}\n", encoding="utf-8")
    with pytest.raises(InputError, match=message):
        decisions_of(read_sheet(path), pytest.fail)


def test_semicolons_and_windows_breaks_are_read(tmp_path: Path) -> None:
    """RVW-1: spreadsheets of other countries part cells by semicolons."""
    path = tmp_path / "sheet.csv"
    path.write_bytes(b"\xef\xbb\xbfid;binding;decision\r\na:1:1;b;approve\r\n")
    assert read_sheet(path) == [["id", "binding", "decision"], ["a:1:1", "b", "approve"]]


def test_sheets_that_are_too_large_or_no_sheets_are_refused(tmp_path: Path) -> None:
    """RVW-1, CON-7: bytes, rows, cells and what a workbook unpacks to are bounded before they are read."""
    path = tmp_path / "sheet.csv"
    path.write_bytes(b"id\n" + b"x\n" * 30)
    for limits, message in (
        (SheetLimits(file_bytes=10), "larger than 10 bytes"),
        (SheetLimits(rows=10), "more than 10 rows"),
        (SheetLimits(cell_characters=1), "row 1: a cell is longer"),
    ):
        with pytest.raises(InputError, match=message):
            read_sheet(path, limits)
    path.write_bytes(b"id\n\xff\xfe")
    with pytest.raises(InputError, match="neither UTF-8"):
        read_sheet(path)
    path.write_bytes(b'id\n"open')
    with pytest.raises(InputError, match="cannot be read as CSV"):
        read_sheet(path)
    with pytest.raises(InputError, match="cannot be read"):
        read_sheet(tmp_path / "none.csv")


def test_workbooks_that_unpack_to_too_much_or_hold_formulas_are_refused(tmp_path: Path) -> None:
    """RVW-1, CON-7: no bomb is unpacked, no formula is taken for a decision."""
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 5_000_000)
    with pytest.raises(InputError, match="unpacks to more"):
        read_sheet(path, SheetLimits(unpacked_bytes=1_000_000))
    with pytest.raises(InputError, match="cannot be read as a workbook"):
        read_sheet(path)
    for bomb in ('<worksheet><mergeCell ref="A1:XFD1048576"/>', "<!DOCTYPE x [<!ENTITY a 'b'>]>"):
        for encoding in ("utf-8", "utf-16"):
            with zipfile.ZipFile(path, "w") as archive:
                archive.writestr("xl/worksheets/sheet1.xml", bomb.encode(encoding))
            with pytest.raises(InputError, match="merged cells, or a document type"):
                read_sheet(path)
    path.write_bytes(b"PK\x03\x04 nothing")
    with pytest.raises(InputError, match="damaged workbook"):
        read_sheet(path)
    book, content = openpyxl.Workbook(), io.BytesIO()
    book.active["A1"], book.active["B1"] = "id", "=1+1"
    book.save(content)
    book.close()
    path.write_bytes(content.getvalue())
    with pytest.raises(InputError, match="cell B1: it holds a formula"):
        read_sheet(path)
