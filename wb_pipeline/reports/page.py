"""The page of `wb report`: gathers rows, figures and headline numbers, renders them, writes them. No counting here."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wb_pipeline.ledger.durable import replace_text
from wb_pipeline.matching.visible import visible
from wb_pipeline.reports import (
    catalogue,
    figures_confidence,
    figures_decisions,
    figures_duplicates,
    figures_people,
    people,
)
from wb_pipeline.reports.charts import Figure, number, percent
from wb_pipeline.reports.row_files import Row, csv_text, published_file, read_rows, whole

if TYPE_CHECKING:
    from jinja2 import Template

    from wb_pipeline.home import Home
    from wb_pipeline.ledger.store import Ledger

_TEMPLATES = Path(__file__).parent / "templates"
_MOST_CHARACTERS = 160
ROWS_FILES = tuple(dict.fromkeys(about.rows_file for about in catalogue.ALL))
"""The names, without ending, of every CSV that the page links to."""
_PUBLISHED = tuple(name for name in ROWS_FILES if name not in people.COLUMNS)


@dataclass(frozen=True)
class ReportData:
    """All that the page is made of: rows by name of their file, and the time it is."""

    published: Mapping[str, Sequence[Row]]
    people: Mapping[str, Sequence[Mapping[str, Any]]]
    now: datetime


@dataclass(frozen=True)
class Headline:
    """One number at the top of the page."""

    value: str
    label: str


def gather(home: Home, ledger: Ledger, now: datetime) -> ReportData:
    """Read everything that the page shows; `now` has a zone."""
    return ReportData({name: read_rows(home, name) for name in _PUBLISHED}, people.people_rows(home, ledger, now), now)


def figures(data: ReportData) -> tuple[Figure, ...]:
    """Return all figures in the order of the page."""
    decisions = data.people[people.DECISIONS]
    published = data.published
    return (
        figures_decisions.outcome_shares(published[catalogue.OUTCOMES.rows_file]),
        figures_people.queue_age(data.people[people.WAITING]),
        figures_people.reviewer_load(decisions),
        figures_people.rejection_reasons(decisions),
        figures_people.writes(data.people[people.WRITES]),
        figures_decisions.rejected_fields(published[catalogue.REJECTED.rows_file]),
        figures_decisions.overwritten_fields(published[catalogue.OVERWRITTEN.rows_file]),
        figures_confidence.confidence(published[catalogue.CONFIDENCE.rows_file], decisions),
        figures_duplicates.duplicate_creations(published[catalogue.DUPLICATES.rows_file]),
        figures_duplicates.duplicate_rate(published[catalogue.DUPLICATE_RATE.rows_file]),
    )


def headlines(data: ReportData) -> tuple[Headline, ...]:
    """Return the few numbers that a reader wants first."""
    shares = data.published[catalogue.OUTCOMES.rows_file]
    changes = sum(whole(row["changes"]) for row in shares)
    auto = sum(whole(row["auto_changes"]) for row in shares)
    written = sum(row["outcome"] == "written" for row in data.people[people.WRITES])
    return (
        Headline(number(changes), "changes judged"),
        Headline(percent(auto / changes) if changes else "-", "passed without a person"),
        Headline(number(len(data.people[people.WAITING])), "items wait for a person"),
        Headline(number(len(data.people[people.DECISIONS])), "decisions of people"),
        Headline(number(written), "writes carried out"),
    )


def report_page(home: Home, ledger: Ledger, now: datetime, *, rows_at: str = "rows/", style_at: str = "") -> str:
    """Return the page as HTML. `rows_at`: where, from the page, the CSV files are; `style_at`: where its style is.

    Without `style_at` the style stands in the page, which needs nothing else then.
    """
    return render(gather(home, ledger, now), rows_at, style_at)


def rows_text(home: Home, ledger: Ledger, now: datetime, name: str) -> str | None:
    """Return the CSV behind a figure by its name without ending; None for a name that the page does not link to."""
    if name not in ROWS_FILES:
        return None
    return _rows_text(home, gather(home, ledger, now), name)


def render(data: ReportData, rows_at: str, style_at: str = "") -> str:
    """Return gathered data as HTML."""
    return _template().render(
        figures=figures(data),
        headlines=headlines(data),
        made_at=data.now.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        rows_at=rows_at,
        style=style(),
        style_at=style_at,
        policy=_policy(style_at),
    )


def _policy(style_at: str) -> str:
    """Return what a browser may load: the page's own style, known by its hash or its place, and nothing else."""
    digest = base64.b64encode(hashlib.sha256(style().encode("utf-8")).digest()).decode("ascii")
    allowed = "'self'" if style_at else f"'sha256-{digest}'"
    return f"default-src 'none'; style-src {allowed}; base-uri 'none'; form-action 'none'"


def write_report(home: Home, ledger: Ledger, now: datetime, out: Path | None = None) -> Path:
    """Write the page, and its rows in a folder beside it, so that both can be carried away; return the page's path.

    Without `out` it lies in the home.
    """
    path = out or home.report / "report.html"
    data = gather(home, ledger, now)
    rows = path.with_name(f"{path.stem}-rows")
    for name in ROWS_FILES:
        replace_text(rows / f"{name}.csv", _rows_text(home, data, name))
    replace_text(path, render(data, f"{rows.name}/"))
    return path


def _rows_text(home: Home, data: ReportData, name: str) -> str:
    if name in data.people:
        return csv_text(people.COLUMNS[name], data.people[name])
    source = published_file(home, name)
    return source.read_text(encoding="utf-8") if source.is_file() else ""


@cache
def style() -> str:
    """Return the page's style."""
    return (_TEMPLATES / "report.css").read_text(encoding="utf-8")


@cache
def _template() -> Template:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["visible"] = lambda value: visible(value, _MOST_CHARACTERS)
    return environment.get_template("report.html")
