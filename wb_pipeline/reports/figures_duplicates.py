"""Figures about duplicates: those that agents would have made, and those that stand in the CRM."""

from __future__ import annotations

from collections.abc import Sequence

from wb_pipeline.reports import catalogue
from wb_pipeline.reports.charts import Figure, Line, Series, axis_names, gathered, largest_bars, percent
from wb_pipeline.reports.row_files import Row, whole

_CREATES = (Series("deny", "would have been duplicates"), Series("auto", "new"))
_LIVE = (Series("auto", "contacts and leads"), Series("review", "companies"))


def duplicate_creations(rows: Sequence[Row]) -> Figure:
    """Return how many proposed creates would have made duplicates, by workflow."""
    counts = gathered(
        (_workflow(row["workflow_id"]), css, value)
        for row in rows
        for css, value in (("deny", _duplicates(row)), ("auto", whole(row["creates_proposed"]) - _duplicates(row)))
    )
    return largest_bars(catalogue.DUPLICATES, counts, _CREATES)


def duplicate_rate(rows: Sequence[Row]) -> Figure:
    """Return the share of surplus records in the CRM, run by run."""
    of_crm = [row for row in rows if row["scope"] == "crm"]
    runs = sorted({row["found_at"] for row in of_crm})
    rates = {(row["object"], row["found_at"]): float(row["duplicate_rate"]) for row in of_crm}
    highest = max(rates.values(), default=0.0) or 1.0
    lines = []
    for series, name in zip(_LIVE, ("contact", "company"), strict=True):
        points = [(_across(runs, run), 100 - 100 * rates[name, run] / highest) for run in runs if (name, run) in rates]
        if points:
            lines.append(Line(series, tuple((round(x, 2), round(y, 2)) for x, y in points)))
    return Figure(
        catalogue.DUPLICATE_RATE,
        legend=_LIVE,
        lines=tuple(lines),
        axis=axis_names([run[:10] for run in runs]),
        top=percent(highest),
        table_rows=tuple(
            (run, *(percent(rates[name, run]) if (name, run) in rates else "" for name in ("contact", "company")))
            for run in runs
        ),
    )


def _across(runs: Sequence[str], run: str) -> float:
    return 50.0 if len(runs) == 1 else 100 * runs.index(run) / (len(runs) - 1)


def _duplicates(row: Row) -> int:
    return whole(row["duplicates_of_records"]) + whole(row["duplicates_of_proposals"])


def _workflow(name: str) -> str:
    return "no workflow named" if name in ("", "(none)") else name
