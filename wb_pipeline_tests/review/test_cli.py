"""`wb review` as people and scripts call it."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import duckdb
from filelock import FileLock

from wb_pipeline.home import Home
from wb_pipeline.ledger.store import Ledger
from wb_pipeline.review.sheet import COLUMNS
from wb_pipeline_tests.review.factories import create, queue, suggestion, update

NOW = "2026-03-02T09:30:00Z"


def _called(wb, home: Home, *arguments: str | Path):
    return wb("review", *arguments, "--home", home.root, "--now", NOW)


def test_queue_is_listed_shown_and_decided(tmp_path: Path, wb) -> None:
    """RVW-1: list, show, approve by id with what was shown, reject over a filter; what cannot be decided is told."""
    lead = create("lead", {"first_name": "Pia", "last_name": "Lund"})
    home, _ = queue(tmp_path, update(), update("phone", "+13035550199"), lead, suggestion())
    listed = _called(wb, home, "list", "--format", "jsonl", "--object", "contact")
    items = {json.loads(line)["fields"][0]["field"]: json.loads(line) for line in listed.out.splitlines()}
    assert set(items) == {"title", "phone", "persona"}
    title = items["title"]
    shown = _called(wb, home, "show", title["item_id"])
    assert f"binding    {title['binding']}" in shown.out
    assert "I am VP IT now." in shown.out
    assert "quoted     ev-1: VP IT" in shown.out
    stale = _called(wb, home, "approve", title["item_id"], "--binding", "0" * 64, "--by", "u-ops-1")
    assert (stale.exit_code, "it changed since it was shown" in stale.err) == (2, True)
    done = _called(wb, home, "approve", title["item_id"], "--binding", title["binding"], "--by", "u-ops-1")
    assert (done.exit_code, done.out) == (0, "1 decided, 0 not.\n")
    again = _called(wb, home, "reject", title["item_id"], "--reason", "not_now", "--by", "u-sales-1")
    assert "u-ops-1 approved it meanwhile" in again.err
    back = _called(wb, home, "reject", title["item_id"], "--reason", "not_now", "--by", "u-sales-1", "--supersede")
    assert back.exit_code == 0
    bulk = _called(wb, home, "reject", "--all", "--object", "lead", "--reason", "other", "--by", "u-ops-1")
    assert "the reason `other` needs words" in bulk.err
    told = ("--reason", "other", "--words", "No leads this week.")
    assert _called(wb, home, "reject", "--all", "--object", "lead", *told, "--by", "u-ops-1").exit_code == 0
    assert _called(wb, home, "accept", "--all", "--by", "u-sales-1").out == "1 decided, 0 not.\n"
    table = _called(wb, home, "list").out
    assert "phone" in table
    assert "title" not in table


def test_edit_is_an_approval_with_another_value(tmp_path: Path, wb) -> None:
    """RVW-3: the value is JSON, of one field or of several; what does not fit the format is refused."""
    lead = create("lead", {"first_name": "Pia", "last_name": "Lund"})
    home, ledger = queue(tmp_path, update(), lead)
    ids = {each.payload["batch_key"][:16] for each in ledger.events("items_queued")}
    title, made = f"{min(ids)}:1:1", f"{min(ids)}:2:0"
    who = ("--by", "u-ops-1")
    assert "is not JSON" in _called(wb, home, "edit", title, "--value", "CTO", *who).err
    assert "one plain value is expected" in _called(wb, home, "edit", title, "--value", "[1]", *who).err
    assert "which field?" in _called(wb, home, "edit", made, "--value", '"Lund"', *who).err
    assert _called(wb, home, "edit", title, "--value", '"CTO"', *who).exit_code == 0
    assert _called(wb, home, "edit", made, "--field", "last_name", "--value", '"Berg"', *who).exit_code == 0
    shown = _called(wb, home, "show", made).out
    assert 'last_name: (empty) -> "Berg" (proposed: "Lund")' in shown


def test_sheet_goes_out_and_comes_back(tmp_path: Path, wb) -> None:
    """RVW-1: a sheet is decided elsewhere; what cannot be taken is told with row and column and exit code 2."""
    home, _ = queue(tmp_path, update(), update("phone", "+13035550199"))
    path = tmp_path / "queue.csv"
    assert _called(wb, home, "export", path).out == f"2 items are in {path}.\n"
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))
    rows[1][COLUMNS.index("decision")] = "approve"
    rows[2][COLUMNS.index("object")] = "deal"
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    taken = _called(wb, home, "import", path, "--by", "u-ops-1")
    assert taken.exit_code == 2
    assert "row 3, column object" in taken.err
    assert taken.out.endswith("1 decided, 1 not.\n")
    workbook = tmp_path / "queue.xlsx"
    assert _called(wb, home, "export", workbook).exit_code == 0
    assert _called(wb, home, "import", workbook, "--by", "u-ops-1").out == "1 rows decide nothing.\n0 decided, 0 not.\n"


def test_hostile_text_reaches_no_terminal_and_no_formula(tmp_path: Path, wb) -> None:
    """RVW-1: control characters and formulas of an agent stay text in tables, CSV and in full."""
    hostile = update("title", "\x1b[2J=1+1", rationale="\x1b]0;owned\x07", record_id="con-\u202e1")
    home, _ = queue(tmp_path, hostile)
    item_id = json.loads(_called(wb, home, "list", "--format", "jsonl").out)["item_id"]
    for form in ("table", "jsonl", "csv"):
        assert "\x1b" not in _called(wb, home, "list", "--format", form).out
    shown = _called(wb, home, "show", item_id).out
    assert not {"\x1b", "\x07", "\u202e"} & set(shown)
    [row] = csv.DictReader(io.StringIO(_called(wb, home, "list", "--format", "csv").out))
    assert row["new_value"].lstrip()[:1] != "="


def test_wrong_calls_are_told_what_to_do(tmp_path: Path, wb) -> None:
    """RVW-1: an unknown id, ids together with --all, a filter that finds nothing."""
    home, _ = queue(tmp_path)
    who = ("--by", "u-ops-1")
    assert "there is no item 'x'" in _called(wb, home, "show", "x").err
    assert "name the ids, or give --all" in _called(wb, home, "approve", *who).err
    assert "name the ids, or give --all" in _called(wb, home, "approve", "x", "--all", *who).err
    assert "nothing waits that fits" in _called(wb, home, "approve", "--all", "--object", "deal", *who).err
    assert "--binding is about one item" in _called(wb, home, "approve", "--all", "--binding", "x", *who).err


def test_demo_is_reviewed_and_the_books_verify(demo_copy: Home, wb) -> None:
    """RVW-1, RVW-4, AUD-2: the sample's whole queue is decided in bulk while a run holds the warehouse; it verifies."""
    with duckdb.connect(demo_copy.warehouse), FileLock(demo_copy.warehouse_lock):
        rejected = _called(wb, demo_copy, "reject", "--all", "--reason", "not_now", "--by", "u-ops-1")
        dismissed = _called(wb, demo_copy, "dismiss", "--all", "--by", "u-ops-1")
    assert (rejected.exit_code, dismissed.exit_code) == (0, 0)
    assert _called(wb, demo_copy, "list").out == "Nothing waits.\n"
    assert wb("audit", "verify", "--home", demo_copy.root).exit_code == 0
    groups = {event.payload["group_id"] for event in Ledger.open(demo_copy).events("item_decided")}
    assert len(groups) == 2


def test_demo_shows_evidence_and_what_its_actor_quotes(demo_copy: Home, wb) -> None:
    """RVW-1: the sample's opt-out comes first, with the mail that says so."""
    first = _called(wb, demo_copy, "list", "--limit", "1").out.splitlines()[1]
    assert "email_opt_out" in first
    shown = _called(wb, demo_copy, "show", first.split()[0]).out
    assert "evidence   ev-" in shown
    assert "objection" in shown
