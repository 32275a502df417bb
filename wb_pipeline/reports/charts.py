"""The forms a figure can take, as plain numbers ready for drawing: bars, columns over time, lines over time.

No words about a subject (`catalogue`), no markup (`templates/report.html`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

MOST_BARS = 12
# More days than this are drawn week by week.
_MOST_DAYS = 45
_ENDS = 2


@dataclass(frozen=True)
class Series:
    """One of the things that a bar is made of: `css` names its colour, `label` is what people read."""

    css: str
    label: str


@dataclass(frozen=True)
class Piece:
    """A drawn part of a bar, in percent of the chart's width."""

    series: Series
    start: float
    size: float


@dataclass(frozen=True)
class Bar:
    """One bar: its name, its parts, the figure beside it in words. `mark`: a tick, in percent. `group`: a heading."""

    label: str
    pieces: tuple[Piece, ...]
    words: str
    mark: float | None = None
    group: str = ""


@dataclass(frozen=True)
class Line:
    """One line over time: points in percent of width and height (from above), as SVG takes them."""

    series: Series
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class About:
    """What a figure says about itself. `definition`: in words, what is counted. `rows_file`: the CSV it is made of.

    `row_name` and `total_name` head the first and the last column of its table. Where there is nothing to draw,
    `empty` is shown instead.
    """

    key: str
    title: str
    definition: str
    rows_file: str
    empty: str
    row_name: str
    total_name: str = ""

    def table_head(self, legend: Sequence[Series]) -> tuple[str, ...]:
        """Return the head of the table: what a row is, each series, their sum if that means anything."""
        names = (self.row_name, *(series.label for series in legend), self.total_name)
        return names if self.total_name else names[:-1]


@dataclass(frozen=True)
class Figure:
    """A figure as it is shown; `table_rows` holds the numbers that are drawn as text."""

    about: About
    legend: tuple[Series, ...] = ()
    bars: tuple[Bar, ...] = ()
    columns: tuple[Bar, ...] = ()
    lines: tuple[Line, ...] = ()
    axis: tuple[str, ...] = ()
    top: str = ""
    note: str = ""
    table_rows: tuple[tuple[str, ...], ...] = ()

    @property
    def is_empty(self) -> bool:
        """Say whether there is nothing to draw."""
        return not (self.bars or self.columns or self.lines)

    @property
    def table_head(self) -> tuple[str, ...]:
        """Return the names of the table's columns."""
        return self.about.table_head(self.legend)


Counts = Mapping[str, float]
"""Series' css -> number."""


def pieces(counts: Counts, legend: Sequence[Series], whole: float) -> tuple[Piece, ...]:
    """Return a bar's parts side by side, in the order of the legend; `whole` fills the width."""
    found, start = [], 0.0
    for series in legend:
        size = 100 * counts.get(series.css, 0) / whole if whole else 0.0
        if size:
            found.append(Piece(series, round(start, 3), round(size, 3)))
        start += size
    return tuple(found)


def count_bars(counts: Mapping[str, Counts], legend: Sequence[Series]) -> tuple[Bar, ...]:
    """Return bars of counts on one scale, in the order given."""
    widest = max((sum(parts.values()) for parts in counts.values()), default=0)
    return tuple(
        Bar(label, pieces(parts, legend, widest), _count_words(parts, legend)) for label, parts in counts.items()
    )


def share_bars(counts: Mapping[str, Counts], legend: Sequence[Series]) -> tuple[Bar, ...]:
    """Return bars that are all as wide, parted by share."""
    return tuple(
        Bar(label, pieces(parts, legend, sum(parts.values())), _share_words(parts, legend))
        for label, parts in counts.items()
    )


def largest(counts: Mapping[str, Counts], most: int = MOST_BARS) -> dict[str, Counts]:
    """Return the largest bars, the largest first; equal ones by name."""
    ordered = sorted(counts.items(), key=lambda item: (-sum(item[1].values()), item[0]))
    return dict(ordered[:most])


def table_of(counts: Mapping[str, Counts], legend: Sequence[Series]) -> tuple[tuple[str, ...], ...]:
    """Return the numbers of bars as rows of text: name, one number per series, the sum."""
    return tuple(
        (label, *(number(parts.get(series.css, 0)) for series in legend), number(sum(parts.values())))
        for label, parts in counts.items()
    )


def largest_bars(
    about: About, counts: Mapping[str, Counts], legend: tuple[Series, ...], *, what: str = "lines", note: str = ""
) -> Figure:
    """Return a figure of the largest bars, on one scale; `what` they are is said where some are left out."""
    top = largest(counts)
    return Figure(
        about,
        legend=legend,
        bars=count_bars(top, legend),
        note=f"{note}{of_all(len(top), len(counts), what)}".strip(),
        table_rows=table_of(top, legend),
    )


def gathered(rows: Iterable[tuple[str, str, float]]) -> dict[str, Counts]:
    """Return bar -> series -> sum of (bar, series, number)."""
    found: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for label, css, value in rows:
        found[label][css] += value
    return {label: dict(parts) for label, parts in found.items()}


def by_period(counts: Mapping[str, Counts]) -> dict[str, Counts]:
    """Return counts per day (ISO) in order, empty days included; per week, named by its Monday, where it is long."""
    days = sorted(date.fromisoformat(day) for day in counts)
    if not days:
        return {}
    name, step = _periods(days)
    first, last = date.fromisoformat(name(days[0])), date.fromisoformat(name(days[-1]))
    slots: dict[str, dict[str, float]] = {
        (first + timedelta(days=offset)).isoformat(): {} for offset in range(0, (last - first).days + 1, step)
    }
    for day in days:
        slot = slots[name(day)]
        for css, value in counts[day.isoformat()].items():
            slot[css] = slot.get(css, 0) + value
    return dict(slots)


def _periods(days: Sequence[date]) -> tuple[Callable[[date], str], int]:
    if (days[-1] - days[0]).days < _MOST_DAYS:
        return date.isoformat, 1
    return (lambda day: (day - timedelta(days=day.weekday())).isoformat()), 7


def of_all(shown: int, found: int, what: str = "lines") -> str:
    """Return the words under a figure that shows only the largest; none where it shows all."""
    return f"The {shown} largest of {found:,} {what}." if found > shown else ""


def axis_names(periods: Sequence[str]) -> tuple[str, ...]:
    """Return the names under the first, the middle and the last period."""
    if len(periods) <= _ENDS:
        return tuple(dict.fromkeys(periods))
    return (periods[0], periods[len(periods) // 2], periods[-1])


def number(value: float) -> str:
    """Return a number as people read it."""
    return f"{value:,.0f}" if value == int(value) else f"{value:,.1f}"


def percent(share: float) -> str:
    """Return a share as people read it; what is not nothing is not shown as nothing."""
    value = 100 * share
    return f"{value:.1f} %" if 0 < value < 1 else f"{value:.0f} %"


def _count_words(parts: Counts, legend: Sequence[Series]) -> str:
    total = number(sum(parts.values()))
    if len(legend) == 1:
        return total
    said = [f"{number(parts[series.css])} {series.label}" for series in legend if parts.get(series.css)]
    return said[0] if len(said) == 1 else f"{total}: {', '.join(said)}" if said else total


def _share_words(parts: Counts, legend: Sequence[Series]) -> str:
    """Return the first share in words; the table says the others."""
    total = sum(parts.values())
    return f"{percent(parts.get(legend[0].css, 0) / total)} {legend[0].label}, of {number(total)}" if total else "0"
