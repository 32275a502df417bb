"""The list of figures: what docs/reports.md says of it, and that no two figures are mixed up."""

from __future__ import annotations

from pathlib import Path

from wb_pipeline.reports.catalogue import ALL

DOCS = Path(__file__).parents[2] / "docs" / "reports.md"


def test_the_docs_name_every_figure_in_the_order_of_the_page_with_its_rows() -> None:
    """RPT-6: what is counted, and the rows behind it, can be looked up."""
    lines = [line.split(" | ") for line in DOCS.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    shown = [(cells[0].removeprefix("| "), cells[-1].removesuffix(" |").strip("`")) for cells in lines[1:]]
    assert shown == [(about.title, about.rows_file) for about in ALL]


def test_every_figure_has_its_own_place_on_the_page() -> None:
    """RPT-6: a link of the page's list leads to one figure."""
    assert len({about.key for about in ALL}) == len(ALL)
