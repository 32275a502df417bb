"""What was seen around us, in words for a terminal, alarms first. Finding it is in `around`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from wb_pipeline.audit.around import Comparison, SeenAround
from wb_pipeline.audit.snapshot_changes import RECORD
from wb_pipeline.audit.steps_text import value_words
from wb_pipeline.audit.terminal_text import plain

MOST_LINES = 40
"""Lines of changes that are no alarm, per comparison; the rest is a number. Alarms are all shown."""


def around_lines(found: Sequence[Comparison]) -> Iterator[str]:
    """Yield the lines to print."""
    if not found:
        yield "No snapshot of the CRM is new since the last comparison."
        return
    for comparison in found:
        for each in comparison.alarms:
            yield f"ALARM: {_line(each)}"
    for comparison in found:
        others = [each for each in comparison.seen if not each.is_alarm]
        count, alarms = len(comparison.seen) + comparison.left_out, len(comparison.alarms)
        yield f"Snapshot {comparison.snapshot_hash[:16]}: {count:,} changes around us, {alarms:,} alarms"
        for each in others[:MOST_LINES]:
            yield f"  {_line(each)}"
        if len(others) > MOST_LINES:
            yield f"  and {len(others) - MOST_LINES:,} more"
        if comparison.left_out:
            yield f"  {comparison.left_out:,} of them are counted, but not recorded one by one"


def _line(each: SeenAround) -> str:
    change = each.change
    who = f"by {change.by or 'somebody'}" + (f" at {change.at}" if change.at else "")
    if change.field == RECORD:
        return plain(f"{change.object} {change.record_id} was {change.new} {who}")
    values = f"{value_words(change.old)} -> {value_words(change.new)}"
    return plain(f"{change.object} {change.record_id}, {change.field}: {values}, {who}")
