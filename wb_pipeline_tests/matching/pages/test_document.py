"""What stands on a page is text, and it needs no network: the browser itself says so."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from wb_pipeline.matching.pages.document import chart_place, document, paragraph, table

HOSTILE = "</script><script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\">\u202e"
CHART = {
    "data": {"values": [{"a": HOSTILE, "b": 3}, {"a": "plain", "b": 5}]},
    "mark": "bar",
    "encoding": {"x": {"field": "a", "type": "nominal"}, "y": {"field": "b", "type": "quantitative"}},
}
OFFLINE = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync",
    "--no-first-run", "--host-resolver-rules=MAP * ~NOTFOUND", "--virtual-time-budget=8000", "--dump-dom",
)  # fmt: skip


def page() -> str:
    """Return a page with hostile text in every place that takes text."""
    return document(
        HOSTILE, [paragraph(HOSTILE), table([HOSTILE], [[HOSTILE], [-1.5]]), chart_place("c")], {"c": CHART}
    )


def test_page_holds_hostile_text_as_text() -> None:
    """Law 7: neither markup nor a script's end comes out of a value."""
    # The libraries in the head are Splink's.
    _, _, written = page().rpartition("</head>")
    assert "taken'</script>" not in written
    assert "<img" not in written
    assert "\u202e" not in written
    assert "&lt;/script&gt;" in written
    assert "\\u003c/script\\u003e" in written


def test_page_names_nothing_to_load() -> None:
    """Issue 3, item 7: no element of the page refers to another file, and the browser is told to load none."""
    head, _, body = page().rpartition("</head>")
    assert "default-src 'none'" in head
    for words in (" src=", "<link", "@import", "url("):
        assert words not in body.replace("&lt;img src=x", "").split("<script>")[0]


def test_bars_of_a_table_follow_the_numbers() -> None:
    """Issue 3, item 7: the largest fills the column, a negative one is red; words are no bar."""
    written = table(["what", "points"], [["more", 4.0], ["less", -2.0], ["none", 0.0]], bar=1)
    assert 'style="width: 16.00rem"' in written
    assert '<span class="minus" style="width: 8.00rem"' in written
    assert 'style="width: 0.00rem"' in written


@pytest.mark.browser
def test_page_draws_its_chart_without_a_network(chromium: str, tmp_path: Path) -> None:
    """Issue 3, item 7: a real browser that resolves no name draws the chart; the hostile title did not run."""
    path = tmp_path / "page.html"
    path.write_text(page(), encoding="utf-8")
    command = [chromium, *OFFLINE, f"--user-data-dir={tmp_path / 'profile'}", path.as_uri()]
    drawn = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout
    assert "<canvas" in drawn
    assert "<title>taken" not in drawn
    assert "vega-embed" in drawn
