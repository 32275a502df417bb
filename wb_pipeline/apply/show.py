"""A dry run in plain lines: every difference, field by field, and what would not be written (SYN-5). Reads nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from wb_pipeline.apply.marks import CONFIDENCE, EVIDENCE, LABELS, PREFIX, SOURCE
from wb_pipeline.apply.report import approvals_lines, named
from wb_pipeline.audit.terminal_text import plain

if TYPE_CHECKING:
    from wb_pipeline.apply.prepared import Prepared
    from wb_pipeline.apply.run import Preview
    from wb_pipeline.apply.undo import Undone, UndoPreview
    from wb_pipeline.apply.undo_plan import Left

_MOST_CHARACTERS = 200
# The other marks are for programs.
_TOLD = (CONFIDENCE, EVIDENCE, SOURCE, LABELS)


def differences(found: Preview) -> Iterator[str]:
    """Yield what a run would do now."""
    counts = dict.fromkeys(("send", "found", "already_so", "conflict", "waits"), 0)
    for each in found.prepared:
        counts[each.state] += 1
        yield from difference(each)
    for held in found.waiting:
        yield f"{named(held.write)}: would wait. {plain(held.why)}"
    yield from approvals_lines(found.void, found.held)
    if found.unsettled:
        yield f"{found.unsettled:,} writes of an earlier run have no answer yet: the next run looks them up first."
    told = (
        f"{counts['send']:,} writes would be sent",
        f"{counts['already_so'] + counts['found']:,} are so already",
        f"{counts['conflict']:,} would go back to a person",
        f"{counts['waits'] + len(found.waiting) + len(found.held):,} would wait",
    )
    yield f"Dry run: {', '.join(told)}. Nothing was written."


def undo_lines(found: UndoPreview) -> Iterator[str]:
    """Yield what taking back would do now."""
    for each in found.prepared:
        yield from difference(each)
    yield from _left(found.left)
    if found.unsettled:
        yield f"{found.unsettled:,} writes have no answer yet: they are looked up first."
    sent = sum(each.state == "send" for each in found.prepared)
    stays = len(found.prepared) - sent + len(found.left)
    yield f"Dry run: {sent:,} would be taken back, {stays:,} would stay. Nothing was written; --yes takes them back."


def undone_lines(done: Undone) -> Iterator[str]:
    """Yield what was taken back, and what was not."""
    yield from done.report.lines()
    yield from _left(done.left)


def _left(left: Sequence[Left]) -> Iterator[str]:
    for each in left:
        planned = each.entry.planned
        record = plain((each.entry.settled and each.entry.settled.record_id) or planned.record_id or "", 100)
        what = f"{planned.action} {plain(planned.object, 40)} {record} {plain(each.field, 80)}".rstrip()
        yield f"{what} (write {each.entry.key[:16]}): stays. {each.why[0].upper()}{each.why[1:]}."


def difference(each: Prepared) -> Iterator[str]:
    """Yield one write: what is there, what it would be."""
    if each.state != "send":
        back = "would stay" if each.write.undoes else "would go back to a person"
        words = {"already_so": "is so already", "found": "was written before", "conflict": back}
        yield f"{named(each.write)}: {words.get(each.state, 'would wait')}. {plain(each.note)}".rstrip()
        return
    what = {"archive": "would be archived", "merge": "would take in"}.get(_kind(each), "")
    yield f"{named(each.write)}: {what} {plain(each.write.payload.get('loser', ''), 100)}".rstrip(": ")
    for name in each.fields:
        yield f"    {plain(name, 80)}: {_shown(each.before.get(name))} -> {_shown(each.fields[name])}"
    told = (f"{name.removeprefix(PREFIX)} {_shown(value)}" for name, value in each.marks.items() if name in _TOLD)
    yield f"    beside: {', '.join([*told, 'its key, the same by field'])}"


def _kind(each: Prepared) -> str:
    return "archive" if each.write.is_archiving else each.write.action


def _shown(value: Any) -> str:
    return "(empty)" if value in (None, "") else plain(json.dumps(value, ensure_ascii=False), _MOST_CHARACTERS)
