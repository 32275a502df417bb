"""Plain tables for the terminal: one line per figure, one column per method. Knows no figures."""

from __future__ import annotations

from dataclasses import dataclass, field

from wb_pipeline.benchmarks.matching.rates import Rate

_GAP = "  "


@dataclass
class Table:
    """A titled table that grows line by line."""

    title: str
    columns: list[str]
    lines: list[tuple[str, ...]] = field(default_factory=list)

    def add(self, label: str, *cells: str) -> None:
        """Add a line; one without cells is a heading within the table."""
        self.lines.append((label, *cells))

    def render(self) -> str:
        """Return the table with columns as wide as their widest cell."""
        head = ("", *self.columns)
        lines = [head, *self.lines]
        widths = [
            max((len(line[place]) for line in lines if place < len(line)), default=0) for place in range(len(head))
        ]
        rows = [_GAP.join(_padded(line, widths)).rstrip() for line in lines]
        return "\n".join([self.title, *rows])


def _padded(line: tuple[str, ...], widths: list[int]) -> list[str]:
    first, *others = line
    return [first.ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(others, widths[1:], strict=False))]


def share(rate: Rate) -> str:
    """Return a share in per cent with its interval and the number of cases, or `-` for no cases."""
    if rate.value is None:
        return "-"
    low, high = rate.interval
    return f"{rate.value:.1%} ({low:.1%} to {high:.1%} of {rate.cases:,})"
