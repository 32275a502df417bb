"""The report on the review page: charts as of now, rows to take along, in a browser at every width."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from wb_pipeline.reports.page import style, write_report
from wb_pipeline_tests.ledger.factories import CLOCK
from wb_pipeline_tests.ledger.people import decide
from wb_pipeline_tests.reports.test_page import HOSTILE, publish_everything
from wb_pipeline_tests.web.browser import Tab
from wb_pipeline_tests.web.conftest import Page, waiting


def test_the_report_shows_the_queue_as_it_is_now(page: Page) -> None:
    """RPT-6: no run is needed: what was decided a moment ago is on the page, its words as text."""
    before = page.client.get("/report")
    assert before.status == 200
    assert "1 wait; the oldest one" in before.text
    decide(page.ledger, waiting(page.office)[0].item_id, by=HOSTILE)
    after = page.client.get("/report").text
    assert "Nothing waits for a person." in after
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in after
    assert "<script" not in after


def test_its_style_and_rows_come_from_the_page_itself(page: Page) -> None:
    """RPT-6: the page's policy lets nothing else in; the CSV behind each figure can be taken along."""
    text = page.client.get("/report").text
    assert '<link rel="stylesheet" href="/report/report.css">' in text
    assert "<style" not in text
    assert page.client.get("/report/report.css").text == style()
    rows = page.client.get("/report/rows/report_waiting_items.csv")
    assert rows.headers["content-disposition"] == 'attachment; filename="report_waiting_items.csv"'
    assert len(rows.text.splitlines()) == 2
    assert page.client.get("/report/rows/ledger.csv").status == 404
    assert page.client.get("/report/rows/..%2F..%2Fledger.csv").status == 404


def test_nobody_sees_it_without_signing_in(page: Page) -> None:
    """RVW-1: the report names people and what they decided."""
    page.client.cookies.clear()
    for address in ("/report", "/report/rows/report_people_decisions.csv"):
        assert page.client.get(address).status == 303


@pytest.mark.browser
def test_the_file_fits_a_phone_and_a_desktop_in_light_and_dark(page: Page, tab: Tab, tmp_path: Path) -> None:
    """RPT-6: opened as a file, every figure filled: nothing runs over the edge, nothing is complained about."""
    publish_everything(page.office.home)
    path = write_report(page.office.home, page.ledger, CLOCK, tmp_path / "report.html")
    tab.problems.clear()
    for width, is_dark in ((1280, False), (1280, True), (390, False), (390, True)):
        tab.size(width, 800, is_dark=is_dark, is_phone=width < 500)
        tab.go(path.as_uri())
        assert tab.run("document.documentElement.scrollWidth") <= width
        assert tab.run("document.querySelectorAll('figure').length") >= 7
        ink, paper = tab.run("[getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor]")
        assert _brightness(paper) < _brightness(ink) if is_dark else _brightness(paper) > _brightness(ink)
    assert tab.problems == []


def _brightness(color: str) -> int:
    return sum(map(int, re.findall(r"\d+", color)[:3]))
