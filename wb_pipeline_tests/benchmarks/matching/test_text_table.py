"""Tables as text."""

from __future__ import annotations

from wb_pipeline.benchmarks.matching.rates import Rate
from wb_pipeline.benchmarks.matching.text_table import Table, share


def test_columns_are_as_wide_as_their_widest_cell() -> None:
    """Figures of one method stand below one another; a heading has no cells."""
    table = Table("pairs", ["ours", "plain Splink"])
    table.add("recall")
    table.add("  at 0.99", "90.1 %", "-")
    assert table.render().splitlines() == [
        "pairs",
        "             ours  plain Splink",
        "recall",
        "  at 0.99  90.1 %             -",
    ]


def test_share_shows_interval_and_cases() -> None:
    """Nobody reads 1 of 2 as one half of everything."""
    assert share(Rate(1, 2)) == "50.0% (9.5% to 90.5% of 2)"
    assert share(Rate(0, 0)) == "-"
