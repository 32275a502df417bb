"""Figures about what became of proposed changes, from the published reports. People's part is in `figures_people`."""

from __future__ import annotations

from collections.abc import Sequence

from wb_pipeline.reports import catalogue
from wb_pipeline.reports.charts import (
    Figure,
    Series,
    axis_names,
    by_period,
    gathered,
    largest_bars,
    share_bars,
    table_of,
)
from wb_pipeline.reports.row_files import Row, whole

LANES = (
    Series("auto", "passed without a person"),
    Series("suggest", "kept as suggestion"),
    Series("review", "sent to a person"),
    Series("deny", "denied"),
    Series("quarantine", "unreadable"),
    Series("noop", "nothing to do"),
)
_VERDICTS = (Series("deny", "denied"), Series("review", "sent to a person"), Series("suggest", "kept as suggestion"))
_OVERWRITES = (Series("auto", "let through"), Series("review", "held"), Series("deny", "denied"))
# With fewer days than this a row per day says more than columns.
_FEW_PERIODS = 10


def outcome_shares(rows: Sequence[Row]) -> Figure:
    """Return what became of changes, day by day."""
    counts = by_period(
        gathered(
            (row["decided_on"][:10], lane.css, whole(row[f"{lane.css}_changes"])) for row in rows for lane in LANES
        )
    )
    counts = {day: parts for day, parts in counts.items() if sum(parts.values())}
    shares = share_bars(counts, LANES)
    is_short = len(shares) < _FEW_PERIODS
    return Figure(
        catalogue.OUTCOMES,
        legend=LANES,
        bars=shares if is_short else (),
        columns=() if is_short else shares,
        axis=axis_names(list(counts)),
        top="100 %",
        table_rows=table_of(counts, LANES),
    )


def rejected_fields(rows: Sequence[Row]) -> Figure:
    """Return which fields are stopped most, and why."""
    counts = gathered(
        (f"{row['object']}: {row['field']} | {_gate_words(row['gate'])}", row["verdict"], whole(row["changes"]))
        for row in rows
        if row["verdict"] in {series.css for series in _VERDICTS}
    )
    return largest_bars(catalogue.REJECTED, counts, _VERDICTS)


def overwritten_fields(rows: Sequence[Row]) -> Figure:
    """Return which standing values agents want to replace."""
    names = {"auto": "overwrites_passed", "review": "overwrites_held", "deny": "overwrites_denied"}
    counts = gathered(
        (f"{row['object']}: {row['field']}", css, whole(row[column])) for row in rows for css, column in names.items()
    )
    return largest_bars(catalogue.OVERWRITTEN, counts, _OVERWRITES)


def _gate_words(gate: str) -> str:
    """Return a gate's id as words: its family is told by the rest."""
    return gate.removeprefix("gate_").partition("__")[2].replace("_", " ") or gate
