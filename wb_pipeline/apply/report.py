"""What a run of writing came to, and the same in plain lines. Counts and tells; decides nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from wb_pipeline.apply.entries import Settlement
from wb_pipeline.apply.model import Write
from wb_pipeline.audit.terminal_text import plain
from wb_pipeline.review.approvals import Held, VoidApproval

_WORDS = {
    "written": "written",
    "already_so": "already so",
    "conflict": "changed by somebody meanwhile: back to a person",
    "refused": "refused by the CRM: back to a person",
    "gave_up": "not taken by the CRM for now: tried again in the next run",
    "voided": "not sent",
}
_UNDO_WORDS = {"written": "taken back", "conflict": "stays as it is", "refused": "refused by the CRM"}
_FAILED = ("refused", "gave_up")
_MOST_LINES = 200


@dataclass(frozen=True, slots=True)
class Waiting:
    """A write that was not begun, and why."""

    write: Write
    why: str


@dataclass(slots=True)
class ApplyReport:
    """What became of every write of a run. `open_keys`: of these nobody knows yet; the next run finds out first."""

    settled: list[Settlement] = field(default_factory=list)
    waiting: list[Waiting] = field(default_factory=list)
    open_keys: list[str] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)
    void: list[VoidApproval] = field(default_factory=list)
    stopped: str = ""
    is_undo: bool = False

    @property
    def ends(self) -> list[Settlement]:
        """How each write ended at last: one that had no effect first, and then had, ended once."""
        return list({each.key: each for each in self.settled}.values())

    @property
    def outcomes(self) -> Counter[str]:
        """How many writes ended how."""
        return Counter(each.outcome for each in self.ends)

    @property
    def has_failed(self) -> bool:
        """Whether some write did not get through for a reason that lies with the CRM."""
        return bool(self.open_keys or self.stopped or any(each.outcome in _FAILED for each in self.ends))

    def lines(self) -> Iterator[str]:
        """Yield the report: counts, then each write that needs a look."""
        for outcome, count in sorted(self.outcomes.items(), key=lambda item: list(_WORDS).index(item[0])):
            words = _UNDO_WORDS.get(outcome) if self.is_undo else None
            yield f"{count:>7,} {words or _WORDS[outcome]}"
        if self.open_keys:
            yield f"{len(self.open_keys):>7,} without an answer: looked up first by the next run"
        if self.waiting:
            yield f"{len(self.waiting):>7,} not begun"
        if not (self.settled or self.waiting or self.open_keys):
            yield "Nothing is to be written."
        yield from self._details()
        yield from approvals_lines(self.void, self.held)
        if self.stopped:
            yield f"Stopped early: {plain(self.stopped)}"

    def _details(self) -> Iterator[str]:
        told = [line for each in self.ends if (line := _line(each))]
        told += [f"  {named(each.write)}: {plain(each.why)}" for each in self.waiting]
        yield from told[:_MOST_LINES]
        if len(told) > _MOST_LINES:
            yield f"  ... and {len(told) - _MOST_LINES:,} more; published/writes/write_receipts.csv has them all"


def approvals_lines(void: Sequence[VoidApproval], held: Sequence[Held]) -> Iterator[str]:
    """Yield what is not carried out, and why: approvals one by one, automatic changes counted by reason."""
    for approval in void:
        yield f"  {plain(approval.item_id, 100)}: the approval is void, it waits again. {plain(approval.note)}"
    for waiting in held:
        if not waiting.is_automatic:
            yield f"  {plain(waiting.item_id, 100)}: the approval is held back. {plain(waiting.why)}"
    for why, count in sorted(Counter(each.why for each in held if each.is_automatic).items()):
        yield f"{count:>7,} automatic changes are held back: {why}"
    if unjudged := sum(each.is_unjudged for each in held):
        yield f"{unjudged:>7,} of them wait to be judged again: `wb review rejudge` frees what stands, or --rejudge"


def _line(each: Settlement) -> str:
    if each.outcome == "already_so" or (each.outcome == "written" and not each.note):
        return ""
    if each.outcome == "voided" and each.is_reconciled:
        return ""
    what = named(each.write) if each.write else f"write {each.key[:16]}"
    words = _UNDO_WORDS.get(each.outcome) if each.write and each.write.undoes else None
    return (
        f"  {what}: {words or _WORDS[each.outcome]}. {plain(' '.join(filter(None, (each.answer, each.note))))}".rstrip()
    )


def named(write: Write) -> str:
    """Return a write in a few words: action, object, record, fields, its first change."""
    fields = ", ".join(part.field for part in write.parts) if write.record_id else ""
    record = plain(write.record_id or "(new)", 100)
    return f"{write.action} {plain(write.object, 40)} {record} {plain(fields, 200)} ({plain(write.change_ids[0], 100)})"
