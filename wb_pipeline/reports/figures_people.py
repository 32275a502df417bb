"""Figures about people and writes, from the ledger. What gates did is in `figures_decisions`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

from wb_pipeline.reports import catalogue
from wb_pipeline.reports.charts import Counts, Figure, Series, count_bars, gathered, largest_bars, number, table_of

_QUEUE = (Series("review", "new"), Series("deny", "came back after a decision"))
_VERBS = (
    Series("auto", "approved"),
    Series("suggest", "approved with edits"),
    Series("deny", "rejected"),
    Series("noop", "dismissed"),
)
_OUTCOMES = (
    Series("auto", "written"),
    Series("noop", "stood there already"),
    Series("review", "conflict, back to a person"),
    Series("deny", "refused by the CRM"),
    Series("quarantine", "given up"),
    Series("suggest", "void before it was sent"),
)
_OUTCOME_CSS = {
    "written": "auto",
    "already_so": "noop",
    "conflict": "review",
    "refused": "deny",
    "gave_up": "quarantine",
    "voided": "suggest",
}
# Upper edges of the bands of age, in days.
_AGES = ((1, "less than a day"), (3, "1 to 3 days"), (7, "3 to 7 days"), (14, "7 to 14 days"), (30, "14 to 30 days"))
_OLDEST = "30 days or more"

Rows = Sequence[Mapping[str, Any]]


def queue_age(rows: Rows) -> Figure:
    """Return how long items have been waiting."""
    counts: dict[str, Counts] = {name: {} for name in (*(name for _, name in _AGES), _OLDEST)}
    counts |= gathered((_age(row["age_days"]), "review" if row["why"] == "new" else "deny", 1) for row in rows)
    oldest = max((row["age_days"] for row in rows), default=0)
    return Figure(
        catalogue.QUEUE,
        legend=_QUEUE,
        bars=count_bars(counts, _QUEUE) if rows else (),
        note=f"{len(rows):,} wait; the oldest one for {number(round(oldest, 1))} days." if rows else "",
        table_rows=table_of(counts, _QUEUE),
    )


def reviewer_load(rows: Rows) -> Figure:
    """Return who decided how much."""
    counts = gathered((row["reviewer"], _verb(row), 1) for row in rows)
    waits = [row["waited_hours"] for row in rows]
    waited = f"Half of the decisions came within {_hours(median(waits))}. " if waits else ""
    return largest_bars(catalogue.REVIEWERS, counts, _VERBS, what="reviewers", note=waited)


def rejection_reasons(rows: Rows) -> Figure:
    """Return why people reject."""
    series = (Series("deny", "rejected or dismissed"),)
    counts = gathered(
        (str(row["reason_code"] or "no reason given").replace("_", " "), "deny", 1)
        for row in rows
        if row["decision"] in ("reject", "dismiss")
    )
    return largest_bars(catalogue.REASONS, counts, series, what="reasons")


def writes(rows: Rows) -> Figure:
    """Return how writes to the CRM ended."""
    counts = gathered(
        (f"{row['action'] or 'write'} {row['object'] or ''}".strip(), _OUTCOME_CSS[row["outcome"]], 1) for row in rows
    )
    found = Counter(row["outcome"] for row in rows)
    reconciled = sum(row["is_reconciled"] for row in rows)
    note = f"{found['written']:,} of {len(rows):,} were written. " if rows else ""
    note += f"{reconciled:,} were settled by reading, because the CRM's answer never came. " if reconciled else ""
    return largest_bars(catalogue.WRITES_ENDED, counts, _OUTCOMES, note=note)


def _hours(waited: float) -> str:
    return "an hour" if waited <= 1 else f"{number(round(waited, 1))} hours"


def _age(days: float) -> str:
    return next((name for edge, name in _AGES if days < edge), _OLDEST)


def _verb(row: Mapping[str, Any]) -> str:
    if row["decision"] in ("approve", "accept"):
        return "suggest" if row["is_edited"] else "auto"
    return "deny" if row["decision"] == "reject" else "noop"
