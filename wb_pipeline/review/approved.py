"""What may be written now: automatic changes and approvals that stand; what is void or held back, and why (RVW-2).

Writing, and asking the modes again before each write, is in `apply`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from wb_pipeline.canonical import canonical_json
from wb_pipeline.ledger.kinds_review import ItemDecided, ItemRejudged, ItemReturned
from wb_pipeline.ledger.modes import Modes, modes
from wb_pipeline.ledger.sealed_changes import sealed_changes
from wb_pipeline.review.approvals import Approvals, ApprovedChange, ApprovedField, Held, VoidApproval
from wb_pipeline.review.binding import binding_of, bound_to
from wb_pipeline.review.context import FOLDED, Context, payload_of_unit, target_of
from wb_pipeline.review.holding import held_automatic, held_by_policy
from wb_pipeline.review.items import cited_by
from wb_pipeline.review.units import Unit, units_of

if TYPE_CHECKING:
    from wb_pipeline.home import Home
    from wb_pipeline.ledger.store import Book, Ledger
    from wb_pipeline.review.standing import Standing

_WRITABLE_LANES = ("auto", "suggest", "review")
_CHANGING = frozenset({ItemDecided.kind, ItemReturned.kind, ItemRejudged.kind})


def approved_changes(home: Home, ledger: Ledger, now: datetime) -> list[ApprovedChange]:
    """Return what may be written now, in the order of the books, and send void approvals back to the queue."""
    judged = judge_approvals(home, ledger, now)
    return_void(ledger, judged.void)
    return list(judged.standing)


def judge_approvals(home: Home, ledger: Ledger, now: datetime) -> Approvals:
    """Return what may be written now, and what may not any more; writes nothing.

    Void: cited evidence is not what it was, or the approval is too old. Held: another policy is in force and has not
    judged it yet, or values were erased. Automatic changes are held for the policy like approvals.
    """
    events = ledger.events_of(FOLDED)
    context = Context(home, ledger)
    context.fold(events)
    units = list(units_of(sealed_changes(home, ledger, lanes=_WRITABLE_LANES, whole_proposals=True)))
    bench = _Bench(context, modes(ledger), now)
    bench.judge(unit for unit in units if not _is_done(unit, context.standing_of(unit)))
    sequence = events[-1].sequence if events else 0
    return Approvals(sequence, tuple(bench.standing), tuple(bench.void), tuple(bench.held))


def return_void(ledger: Ledger, void: Sequence[VoidApproval], *, recorded_by: str = "pipeline") -> int:
    """Send void approvals back to the queue, those that nobody touched meanwhile; return how many."""
    if not void:
        return 0
    with ledger.writing(recorded_by) as book:
        known = {each.approval_sequence: each for each in void}
        touched = changed_since(book, min(known))
        latest = {each.item_id for each in void if touched.get(each.item_id, 0) <= each.approval_sequence}
        return len(book.append([each.event() for each in void if each.item_id in latest]))


def changed_since(book: Book | Ledger, sequence: int) -> dict[str, int]:
    """Return {item id: latest event} of the items whose standing changed behind a ledger event.

    Asked under the write lock before a write is planned: what a person took back a moment ago is not written.
    """
    changing = [event for kind in _CHANGING for event in book.events(kind, after=sequence)]
    return {event.subject: event.sequence for event in sorted(changing, key=lambda event: event.sequence)}


def _is_done(unit: Unit, standing: Standing) -> bool:
    if unit.lane == "suggest":
        return standing.written_as_approved or (standing.written_by_itself and not standing.approvals)
    return standing.written_as_approved or standing.written_by_itself


class _Bench:
    """Sorts units into what stands, what is void and what is held."""

    def __init__(self, context: Context, in_force: Modes, now: datetime) -> None:
        self._context, self._modes, self._now = context, in_force, now
        self.standing: list[ApprovedChange] = []
        self.void: list[VoidApproval] = []
        self.held: list[Held] = []

    def judge(self, units: Iterable[Unit]) -> None:
        """Take units in, in the order of the books."""
        due = [unit for unit in units if self._is_due(unit)]
        self._context.prepare(due)
        decided = [unit for unit in due if self._context.standing_of(unit).approvals]
        cited = {each for unit in decided for each in cited_by(unit)}
        contents = self._context.contents_now(cited)
        for unit in due:
            standing = self._context.standing_of(unit)
            if standing.approvals:
                is_withheld = self._is_withheld(unit, standing, contents)
            else:
                is_withheld = self._is_unjudged(unit, standing)
            if not is_withheld:
                self.standing.append(self._change(unit, standing))

    def _is_due(self, unit: Unit) -> bool:
        """Say whether something would be written if nothing is wrong with it."""
        standing, mode = self._context.standing_of(unit), self._modes.of(str(unit.row["actor_id"] or ""))
        if standing.phase == "approved":
            return mode in ("running", "review_everything")
        if standing.phase != "waiting" or unit.lane == "review" or mode != "running" or _is_erased(unit):
            return False
        lapses = unit.row["expires_at"]
        return unit.lane == "auto" or lapses is None or self._now.replace(tzinfo=None) < lapses

    def _is_withheld(self, unit: Unit, standing: Standing, contents: Mapping[str, str]) -> bool:
        if problem := self._void(unit, standing, contents):
            self.void.append(problem)
            return True
        if _is_erased(unit) or self._context.is_edit_erased(standing):
            self.held.append(Held(unit.item_id, "its values were erased on request"))
            return True
        hold = held_by_policy(unit.row["policy_hash"], standing, self._context.policies.in_force)
        if hold:
            self.held.append(Held(unit.item_id, hold, is_unjudged=hold.is_unjudged))
        return hold is not None

    def _is_unjudged(self, unit: Unit, standing: Standing) -> bool:
        """Say whether an automatic change is held: what another policy let through is not written as it is."""
        hold = held_automatic(unit.row["policy_hash"], standing, self._context.policies.in_force)
        if hold:
            self.held.append(Held(unit.item_id, hold, is_automatic=True, is_unjudged=hold.is_unjudged))
        return hold is not None

    def _void(self, unit: Unit, standing: Standing, contents: Mapping[str, str]) -> VoidApproval | None:
        last = standing.approvals[-1]
        days = self._context.policies.current().document.limits.approval_expires_days
        if self._now >= datetime.fromisoformat(standing.approvals[0].at) + timedelta(days=days):
            return VoidApproval(unit.item_id, "expired", f"approved more than {days} days ago", last.sequence)
        earlier = standing.approvals[-2].edited_digest if len(standing.approvals) > 1 else None
        now = binding_of(unit, cited_by(unit), self._context.seen(unit, standing, contents, earlier))
        if bound_to(now, standing.picked) == last.binding:
            return None
        return VoidApproval(unit.item_id, "evidence_changed", self._words(unit, standing, contents), last.sequence)

    def _words(self, unit: Unit, standing: Standing, contents: Mapping[str, str]) -> str:
        shown = self._context.contents(self._context.evidence_hash(unit, standing))
        changed = [each for each in cited_by(unit) if shown.get(each, "") != contents.get(each, "")]
        words = [f"{each} {'changed' if contents.get(each) else 'is gone'}" for each in changed]
        return ", ".join(words)[:500] or "what it was approved for is not what stands"

    def _change(self, unit: Unit, standing: Standing) -> ApprovedChange:
        is_suggestion = unit.lane == "suggest" and not standing.approvals
        pending = [key for key, is_approved in standing.sending.items() if is_approved == bool(standing.approvals)]
        return ApprovedChange(
            item_id=unit.item_id,
            change_ids=tuple(each.change_id for each in unit.members),
            action=unit.action,
            object=str(unit.row["object"]),
            record_id=target_of(unit, standing),
            fields=tuple(self._fields(unit, standing, is_suggestion=is_suggestion)),
            payload=payload_of_unit(unit),
            approvals=tuple(made.sequence for made in standing.approvals),
            approved_by=tuple(made.by for made in standing.approvals),
            binding=standing.approvals[-1].binding if standing.approvals else "",
            is_suggestion=is_suggestion,
            pending_key=pending[0] if pending else "",
            row=unit.row,
            seen=self._context.merged(unit, standing),
        )

    def _fields(self, unit: Unit, standing: Standing, *, is_suggestion: bool) -> Iterator[ApprovedField]:
        edited, bases = self._context.edited(standing), self._context.bases(unit, standing)
        for each in unit.written_rows:
            field, value = each.row["field"], each.row["new_value"]
            # A suggestion that nobody accepted stands in a field of its own, over whatever stands there (CNF-1).
            noted = is_suggestion or (each.lane == "suggest" and unit.lane != "suggest")
            yield ApprovedField(
                change_id=each.change_id,
                field=str(each.row["suggestion_field"] if noted else field),
                operation=str(each.row["operation"] or "set"),
                base=None if noted else bases[each.change_id],
                value=canonical_json(edited[field]) if field in edited else value,
            )


def _is_erased(unit: Unit) -> bool:
    return any(member.is_erased for member in unit.members)
