"""Items judged again by the policy in force: approvals stand or are void (RVW-2). Judging itself is in `steps`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from wb_pipeline.canonical import content_hash
from wb_pipeline.errors import InputError
from wb_pipeline.ledger.kinds_review import ItemRejudged, ItemReturned
from wb_pipeline.ledger.policy_in_force import put_in_force
from wb_pipeline.paths import sql_project_folder
from wb_pipeline.review.approved import changed_since
from wb_pipeline.review.context import Context
from wb_pipeline.review.desk import Desk, utc_clock
from wb_pipeline.review.due_again import APPROVED, Due, Earlier, due_automatic, due_items
from wb_pipeline.review.filters import ItemFilter
from wb_pipeline.review.model import OPEN_STATES
from wb_pipeline.sql_project import SqlProject
from wb_pipeline.steps.judging_again import JudgedAgain, Judgement, judge_again

if TYPE_CHECKING:
    from datetime import datetime

    from wb_pipeline.home import Home
    from wb_pipeline.ledger.chain import Event, NewEvent
    from wb_pipeline.ledger.store import Ledger
    from wb_pipeline.policy.load import Policy

Judge: TypeAlias = "Callable[[Policy, Collection[str]], Iterable[JudgedAgain]]"
"""Judges sealed batches by a policy: `judging_again.judge_again` for a home."""
_STATES = OPEN_STATES | APPROVED
# What is not judged at all is stopped.
_NOWHERE = "quarantine"


@dataclass(frozen=True, slots=True)
class Rejudged:
    """What became of items: as they were, changed while they wait, approvals void, automatic changes stopped.

    `skipped` were touched meanwhile.
    """

    policy_hash: str
    standing: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    returned: tuple[str, ...] = ()
    stopped: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()

    @property
    def judged(self) -> int:
        """How many items were judged again."""
        return len(self.standing) + len(self.waiting) + len(self.returned) + len(self.stopped)


def rejudge(home: Home, ledger: Ledger, judge: Judge, clock: Callable[[], datetime] = utc_clock) -> Rejudged:
    """Judge what the policy in force has not judged yet, and put all of it down in one append.

    That is every open or approved item, and every automatic change that is not written. An approval stands only if
    lane and objections are what its person saw: else it is void, and asked again. An automatic change stands if they
    are what was sealed: else it waits for a person. What somebody decided on while it was judged is left for the next
    call. Raises InputError if another policy came into force meanwhile.
    """
    events = ledger.events()
    context, earlier = Context(home, ledger), Earlier(events)
    context.fold(events)
    policies, sequence = context.policies, events[-1].sequence if events else 0
    due = _due(home, ledger, context, earlier, clock)
    if not due:
        return Rejudged(policies.in_force)
    judged = judge(policies.current(), {each.batch_key for each in due})
    bench = _Bench(judged, policies.in_force, earlier)
    with ledger.writing("pipeline") as book:
        _refuse_another_policy(book.events(after=sequence), policies.in_force)
        touched = changed_since(book, sequence)
        book.append([event for each in due if each.item_id not in touched for event in bench.events(each)])
    return bench.outcome(tuple(each.item_id for each in due if each.item_id in touched))


def rejudge_by_road(
    home: Home,
    ledger: Ledger,
    say: Callable[[str], object] = lambda _line: None,
    clock: Callable[[], datetime] = utc_clock,
) -> Rejudged:
    """Judge again by walking the road of each batch under the policy in force (`judging_again`)."""
    project = SqlProject.load(sql_project_folder())
    return rejudge(home, ledger, lambda policy, keys: judge_again(home, ledger, project, policy, keys, say), clock)


def _due(home: Home, ledger: Ledger, context: Context, earlier: Earlier, clock: Callable[[], datetime]) -> list[Due]:
    """Return what the policy in force has not judged, each once: a mode may hold automatic changes in the queue."""
    automatic = list(due_automatic(home, ledger, context, earlier))
    known = {each.item_id for each in automatic}
    shown = Desk(home, ledger, clock).items(ItemFilter(states=_STATES))
    asked = due_items(shown, context.policies.in_force, earlier)
    return [*(each for each in asked if each.item_id not in known), *automatic]


def _refuse_another_policy(events: Sequence[Event], in_force: str) -> None:
    for event in events:
        if put_in_force(event) not in ("", in_force):
            raise InputError("another policy came into force meanwhile", hint="start `wb review rejudge` again")


class _Bench:
    """Compares what was seen with what the policy in force says, item by item."""

    def __init__(self, judged: Iterable[JudgedAgain], in_force: str, earlier: Earlier) -> None:
        self._in_force, self._earlier = in_force, earlier
        self._changes: dict[str, JudgedAgain] = {}
        self._acts: dict[tuple[str, int], JudgedAgain] = {}
        for each in judged:
            self._changes[each.change_id] = each
            if each.is_action_row:
                self._acts[each.batch_key, each.line_number] = each
        self._standing: list[str] = []
        self._waiting: list[str] = []
        self._returned: list[str] = []
        self._stopped: list[str] = []

    def events(self, due: Due) -> Iterator[NewEvent]:
        """Yield what is put down about an item."""
        head = self._changes.get(due.item_id)
        lane = (head.after.lane if head else "") or _NOWHERE
        digest = self._digest(due, lambda each: each.after)
        stands = bool(head) and digest == self._seen(due)
        rejudged = ItemRejudged(policy_hash=self._in_force, lane=lane, objections_digest=digest, stands=stands)
        yield rejudged.about(due.item_id)
        if not stands and (due.approval or due.is_automatic):
            note = f"in the lane {lane} by the policy in force{self._news(due)}"[:500]
            sequence = due.approval.sequence if due.approval else 0
            yield ItemReturned(reason="policy_changed", approval_sequence=sequence, note=note).about(due.item_id)
        self._list_of(due, stands=stands).append(due.item_id)

    def outcome(self, skipped: tuple[str, ...]) -> Rejudged:
        """Return what became of all of it."""
        standing, waiting, returned = tuple(self._standing), tuple(self._waiting), tuple(self._returned)
        return Rejudged(self._in_force, standing, waiting, returned, tuple(self._stopped), skipped)

    def _list_of(self, due: Due, *, stands: bool) -> list[str]:
        if stands:
            return self._standing
        return self._stopped if due.is_automatic else self._returned if due.approval else self._waiting

    def _seen(self, due: Due) -> str:
        """Return the digest of what an approval was given to: the latest judgement by the policy of that day."""
        known = self._earlier.digests.get((due.item_id, due.approval.policy_hash)) if due.approval else None
        return known or self._digest(due, lambda each: each.before)

    def _digest(self, due: Due, side: Callable[[JudgedAgain], Judgement]) -> str:
        return content_hash([[change_id, *_told(side(each))] for change_id, each in self._members(due).items()])

    def _members(self, due: Due) -> Mapping[str, JudgedAgain]:
        """Return the rows that belong to an item by change id; the action's objections concern each of its fields."""
        found = {each: self._changes[each] for each in sorted(due.change_ids) if each in self._changes}
        act = self._acts.get((due.batch_key, due.line_number))
        return found | ({act.change_id: act} if act else {})

    def _news(self, due: Due) -> str:
        """Return the gates that object now and did not before."""
        sides = self._members(due).values()
        before, after = ({gate for gate, _, _ in told} for told in _both(sides))
        return f"; new: {', '.join(sorted(after - before))}" if after - before else ""


def _both(members: Iterable[JudgedAgain]) -> tuple[list[tuple[str, str, str]], list[tuple[str, str, str]]]:
    listed = list(members)
    return [o for each in listed for o in each.before.objections], [o for each in listed for o in each.after.objections]


def _told(judgement: Judgement) -> list[object]:
    return [judgement.lane, [list(objection) for objection in judgement.objections]]
