"""Figures about what became of proposed changes, from the published reports. People's part is in `figures_people`."""

from __future__ import annotations

from collections.abc import Sequence

from wb_pipeline.reports.charts import (
    Figure,
    Series,
    axis_names,
    by_period,
    count_bars,
    gathered,
    largest,
    of_all,
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
_NOTHING_JUDGED = "Nothing was judged yet. `wb run` judges a batch, then this fills."


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
        key="outcomes",
        title="What became of proposed changes, over time",
        definition=(
            "Every change of every judged line, by the day of its decision (UTC) and the lane it ended in. A line that "
            "could not be read counts as one change. Beyond 45 days each bar is a week, named by its Monday."
        ),
        rows_file="report_outcome_shares",
        empty=_NOTHING_JUDGED,
        legend=LANES,
        bars=shares if is_short else (),
        columns=() if is_short else shares,
        axis=axis_names(list(counts)),
        top="100 %",
        table_head=("Period", *(lane.label for lane in LANES), "changes"),
        table_rows=table_of(counts, LANES),
    )


def rejected_fields(rows: Sequence[Row]) -> Figure:
    """Return which fields are stopped most, and why."""
    counts = gathered(
        (f"{row['object']}: {row['field']} | {_gate_words(row['gate'])}", row["verdict"], whole(row["changes"]))
        for row in rows
        if row["verdict"] in {series.css for series in _VERDICTS}
    )
    top = largest(counts)
    return Figure(
        key="rejected",
        title="Fields that are stopped most, and why",
        definition=(
            "Changes that were denied, set aside or sent to a person, by field and by the gate that objected. A change "
            "to which several gates object counts once for each of them."
        ),
        rows_file="report_rejected_fields",
        empty="No gate objected to anything yet.",
        legend=_VERDICTS,
        bars=count_bars(top, _VERDICTS),
        note=of_all(len(top), len(counts)),
        table_head=("Field and reason", *(series.label for series in _VERDICTS), "changes"),
        table_rows=table_of(top, _VERDICTS),
    )


def overwritten_fields(rows: Sequence[Row]) -> Figure:
    """Return which standing values agents want to replace."""
    names = {"auto": "overwrites_passed", "review": "overwrites_held", "deny": "overwrites_denied"}
    counts = gathered(
        (f"{row['object']}: {row['field']}", css, whole(row[column])) for row in rows for css, column in names.items()
    )
    top = largest(counts)
    return Figure(
        key="overwritten",
        title="Fields that agents overwrite most",
        definition=(
            "Changes that would replace a value that stands in the CRM. Filling an empty field and repeating what "
            "stands there do not count. Held: it waits for a person, or became a suggestion."
        ),
        rows_file="report_overwritten_fields",
        empty="No agent wanted to replace a value yet.",
        legend=_OVERWRITES,
        bars=count_bars(top, _OVERWRITES),
        note=of_all(len(top), len(counts)),
        table_head=("Field", *(series.label for series in _OVERWRITES), "overwrites wanted"),
        table_rows=table_of(top, _OVERWRITES),
    )


def _gate_words(gate: str) -> str:
    """Return a gate's id as words: its family is told by the rest."""
    return gate.removeprefix("gate_").partition("__")[2].replace("_", " ") or gate
