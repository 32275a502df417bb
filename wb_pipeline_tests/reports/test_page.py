"""The page of `wb report`: complete, self-contained, safe, and linked to its rows."""

from __future__ import annotations

import base64
import csv
import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest

from wb_pipeline.home import Home
from wb_pipeline.ledger.store import Ledger
from wb_pipeline.reports.catalogue import ALL
from wb_pipeline.reports.page import figures, gather, report_page, write_report
from wb_pipeline.reports.row_files import csv_text, published_file, read_rows, safe_cell
from wb_pipeline_tests.conftest import CommandRun
from wb_pipeline_tests.ledger.factories import CLOCK, small_books
from wb_pipeline_tests.ledger.people import books_with_queue, decide, write

HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
_VOID = {"meta", "br", "hr", "img", "input", "link"}


class _Parsed(HTMLParser):
    """Every tag with its attributes, and whether all of them were closed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def _write(home: Home, report: str, columns: Sequence[str], rows: Sequence[Mapping[str, object]]) -> None:
    path = published_file(home, report)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(csv_text(columns, rows), encoding="utf-8")


def publish_everything(home: Home) -> None:
    """Publish reports as a run does, with a hostile name wherever one can stand."""
    shares = {f"{lane}_changes": 1 for lane in ("auto", "suggest", "review", "deny", "quarantine", "noop")}
    days = [{"decided_on": f"2026-02-{day:02d}", "changes": 6} | shares for day in range(1, 15)]
    _write(home, "report_outcome_shares", list(days[0]), days)
    rejected = [{"object": "contact", "field": HOSTILE, "gate": "gate_policy__field_locked", "verdict": "deny"}]
    _write(home, "report_rejected_fields", [*rejected[0], "changes"], [rejected[0] | {"changes": 3}])
    overwrites = {"overwrites_passed": 1, "overwrites_held": 2, "overwrites_denied": 3}
    _write(
        home,
        "report_overwritten_fields",
        ["object", "field", *overwrites],
        [{"object": "deal", "field": "stage"} | overwrites],
    )
    claims = {"source": HOSTILE, "confidence_from": 90, "proposals": 9, "auto_proposals": 2, "held_proposals": 4}
    _write(home, "report_confidence", [*claims, "stopped_proposals"], [claims | {"stopped_proposals": 1}])
    creates = {"workflow_id": HOSTILE, "creates_proposed": 4, "duplicates_of_records": 1, "duplicates_of_proposals": 1}
    _write(home, "report_duplicate_creations", list(creates), [creates])
    rates = [
        {"found_at": f"2026-02-0{day} 03:00:00", "object": name, "scope": "crm", "duplicate_rate": 0.01 * day}
        for day in (1, 2, 3)
        for name in ("contact", "company")
    ]
    _write(home, "report_duplicate_rate", list(rates[0]), rates)


@pytest.fixture
def full(tmp_path: Path) -> tuple[Home, Ledger]:
    """Return a home in which every figure has something to show."""
    home, ledger, ids = books_with_queue(tmp_path)
    publish_everything(home)
    decide(ledger, ids[0], by=HOSTILE)
    decide(ledger, ids[1], "reject", reason_code="wrong_person")
    write(ledger, ids[0])
    return home, ledger


def test_every_figure_has_a_definition_a_table_and_a_link_to_its_rows(full: tuple[Home, Ledger]) -> None:
    """RPT-6: charts for people, with what is counted in words and the rows behind them."""
    home, ledger = full
    path = write_report(home, ledger, CLOCK + timedelta(days=1))
    shown = figures(gather(home, ledger, CLOCK))
    parsed = _Parsed(path.read_text(encoding="utf-8"))
    assert parsed.open == []
    assert tuple(figure.about for figure in shown) == ALL
    assert [figure.about.key for figure in shown if figure.is_empty] == []
    links = [each["href"] for tag, each in parsed.tags if tag == "a" and "download" in each]
    assert links == [f"report-rows/{figure.about.rows_file}.csv" for figure in shown]
    assert all((path.parent / str(link)).is_file() for link in links)
    counted = {name: sum(tag == name for tag, _ in parsed.tags) for name in ("figure", "figcaption", "table")}
    assert set(counted.values()) == {len(shown)}
    assert all(figure.about.definition and figure.table_rows for figure in shown)


def test_the_page_asks_for_nothing_and_lets_nothing_run(full: tuple[Home, Ledger]) -> None:
    """RPT-6: it opens without a network; no script, no inline style that the policy would not know."""
    page = report_page(*full, CLOCK)
    parsed = _Parsed(page)
    named = {tag for tag, _ in parsed.tags}
    assert not named & {"script", "img", "link", "iframe", "object", "form", "base"}
    assert not [each for _, each in parsed.tags if "style" in each or any(name.startswith("on") for name in each)]
    hrefs = [each["href"] for tag, each in parsed.tags if tag == "a"]
    assert all(str(href).startswith(("#", "rows/")) for href in hrefs)
    (style,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    (policy,) = [each["content"] for _, each in parsed.tags if each.get("http-equiv") == "Content-Security-Policy"]
    assert policy is not None
    assert policy.startswith(f"default-src 'none'; style-src 'sha256-{digest}'")
    assert "url(" not in style


def test_names_from_outside_are_shown_as_text(full: tuple[Home, Ledger]) -> None:
    """RVW-1: a reviewer, field, source or workflow with markup in its name is words on the page."""
    page = report_page(*full, CLOCK)
    assert "<script" not in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 4


def test_a_home_without_anything_says_so_figure_by_figure(tmp_path: Path) -> None:
    """RPT-6: an empty figure tells what would fill it, and does not break."""
    home, ledger = small_books(tmp_path, batches=0)
    shown = figures(gather(home, ledger, CLOCK))
    page = report_page(home, ledger, CLOCK)
    assert all(figure.is_empty for figure in shown)
    assert page.count('class="empty"') == len(shown)


def test_what_a_person_approved_counts_beside_what_passed_alone(tmp_path: Path) -> None:
    """RPT-3: confidence by source against approval; a rejection counts as stopped."""
    home, ledger, ids = books_with_queue(tmp_path, rows=4)
    row = {"source": "linkedin", "confidence_from": 90, "proposals": 6, "auto_proposals": 1, "held_proposals": 4}
    _write(home, "report_confidence", [*row, "stopped_proposals"], [row | {"stopped_proposals": 1}])
    decide(ledger, ids[0])
    decide(ledger, ids[1])
    decide(ledger, ids[2], "reject")
    (figure,) = [each for each in figures(gather(home, ledger, CLOCK)) if each.about.key == "confidence"]
    assert figure.table_rows == (("linkedin, 90 to 100", "1", "2", "1", "2", "0", "6"),)
    assert figure.bars[0].words == "3 of 6 approved"


def test_rows_cannot_become_formulas_and_read_back_as_they_were(home: Home) -> None:
    """RPT-6: a cell that a spreadsheet would run is text."""
    names = ["=1+1", "+1", "-1", "@x", "\tx", "plain", "'quoted"]
    _write(home, "report_x", ["name", "count"], [{"name": name, "count": -2} for name in names])
    path = published_file(home, "report_x")
    with path.open(encoding="utf-8", newline="") as stream:
        cells = [row["name"] for row in csv.DictReader(stream)]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t"))]
    assert [row["name"] for row in read_rows(home, "report_x")] == names
    assert safe_cell(-2) == "-2"


def test_the_command_writes_the_page_and_carries_the_rows_along(
    full: tuple[Home, Ledger], tmp_path: Path, wb: Callable[..., CommandRun]
) -> None:
    """RPT-6: `wb report --out` gives a page and its rows that can be carried away together."""
    home, _ = full
    out = tmp_path / "elsewhere" / "monday.html"
    run = wb("report", "--home", home.root, "--out", out, "--now", "2026-03-04T10:00:00Z")
    assert (run.exit_code, run.out) == (0, f"The report: {out}\n")
    links = [str(each["href"]) for tag, each in _Parsed(out.read_text(encoding="utf-8")).tags if "download" in each]
    assert links
    assert all((out.parent / link).is_file() for link in links)
