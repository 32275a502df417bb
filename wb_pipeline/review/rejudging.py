"""Items judged again by the policy in force: approvals stand or are void (RVW-2). Judging itself is in `steps`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from wb_pipeline.canonical import content_hash
from wb_pipeline.errors import InputError
from wb_pipeline.ledger.kinds import ManifestCommitted, PolicyRegistered, payload_of
from wb_pipeline.ledger.kinds_review import ItemRejudged, ItemReturned
from wb_pipeline.review.approved import changed_since
from wb_pipeline.review.desk import Desk, utc_clock
from wb_pipeline.review.filters import ItemFilter
from wb_pipeline.review.model import OPEN_STATES, Item, State
from wb_pipeline.review.policies import Policies
from wb_pipeline.steps.judging_again import JudgedAgain, Judgement

if TYPE_CHECKING:
    from datetime import datetime

    from wb_pipeline.home import Home
    from wb_pipeline.ledger.chain import Event, NewEvent
    from wb_pipeline.ledger.store import Ledger
    from wb_pipeline.policy.load import Policy

Judge: TypeAlias = "Callable[[Policy, Collection[str]], Iterable[JudgedAgain]]"
"""Judges sealed batches by a policy: `judging_again.judge_again` for a home."""
_APPROVED: frozenset[State] = frozenset({"approved", "approved_once"})
_STATES: frozenset[State] = OPEN_STATES | _APPROVED
# What is not judged at all is stopped.
_NOWHERE = "quarantine"


@dataclass(frozen=True, slots=True)
class Rejudged:
    """What became of items: as they were, changed while they wait, approvals void, touched meanwhile."""

    policy_hash: str
    standing: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    returned: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()

    @property
    def judged(self) -> int:
        """How many items were judged again."""
        return len(self.standing) + len(self.waiting) + len(self.returned)


def rejudge(home: Home, ledger: Ledger, judge: Judge, clock: Callable[[], datetime] = utc_clock) -> Rejudged:
    """Judge every open or approved item that the policy in force has not judged; put all of it down in one append.

    An approval stands only if lane and objections are what its person saw: else it is void, and asked again. What
    somebody decided on while it was judged is left for the next call. Raises InputError if another policy came into
    force meanwhile.
    """
    events = ledger.events()
    policies = Policies(home)
    for event in events:
        policies.note(event)
    sequence, in_force = events[-1].sequence if events else 0, policies.in_force
    earlier = _Earlier(events)
    shown = Desk(home, ledger, clock).items(ItemFilter(states=_STATES))
    due = [item for item in shown if _is_due(item, in_force, earlier)]
    if not due:
        return Rejudged(in_force)
    bench = _Bench(judge(policies.current(), {item.batch_key for item in due}), in_force, earlier)
    with ledger.writing("pipeline") as book:
        _refuse_another_policy(book.events(after=sequence), in_force)
        touched = changed_since(book, sequence)
        left = [item for item in due if item.item_id not in touched]
        book.append([event for item in left for event in bench.events(item)])
    skipped = tuple(item.item_id for item in due if item.item_id in touched)
    return Rejudged(in_force, tuple(bench.standing), tuple(bench.waiting), tuple(bench.returned), skipped)


class _Earlier:
    """Judgements of earlier calls: the latest policy of each item, and the digest by each."""

    def __init__(self, events: Iterable[Event]) -> None:
        self.latest: dict[str, str] = {}
        self.digests: dict[tuple[str, str], str] = {}
        for event in events:
            if event.kind == ItemRejudged.kind:
                said = payload_of(event, ItemRejudged)
                self.latest[event.subject] = said.policy_hash
                self.digests[event.subject, said.policy_hash] = said.objections_digest


def _is_due(item: Item, in_force: str, earlier: _Earlier) -> bool:
    if earlier.latest.get(item.item_id) == in_force:
        return False
    seen = {item.policy_hash}
    if item.state in _APPROVED:
        seen.add(item.decisions[-1].policy_hash)
    return seen != {in_force}


def _refuse_another_policy(events: Sequence[Event], in_force: str) -> None:
    for event in events:
        registered = event.subject if event.kind == PolicyRegistered.kind else in_force
        committed = (
            payload_of(event, ManifestCommitted).policy_hash if event.kind == ManifestCommitted.kind else in_force
        )
        if {registered, committed} != {in_force}:
            raise InputError("another policy came into force meanwhile", hint="start `wb review rejudge` again")


class _Bench:
    """Compares what was seen with what the policy in force says, item by item."""

    def __init__(self, judged: Iterable[JudgedAgain], in_force: str, earlier: _Earlier) -> None:
        self._in_force, self._earlier = in_force, earlier
        self._changes: dict[str, JudgedAgain] = {}
        self._acts: dict[tuple[str, int], JudgedAgain] = {}
        for each in judged:
            self._changes[each.change_id] = each
            if each.is_action_row:
                self._acts[each.batch_key, each.line_number] = each
        self.standing: list[str] = []
        self.waiting: list[str] = []
        self.returned: list[str] = []

    def events(self, item: Item) -> Iterator[NewEvent]:
        """Yield what is put down about an item."""
        head = self._changes.get(item.item_id)
        lane = (head.after.lane if head else "") or _NOWHERE
        digest = self._digest(item, lambda each: each.after)
        stands = bool(head) and digest == self._seen(item)
        rejudged = ItemRejudged(policy_hash=self._in_force, lane=lane, objections_digest=digest, stands=stands)
        yield rejudged.about(item.item_id)
        if not stands and item.state in _APPROVED:
            self.returned.append(item.item_id)
            note = f"in the lane {lane} by the policy in force{self._news(item)}"[:500]
            sequence = item.decisions[-1].sequence
            yield ItemReturned(reason="policy_changed", approval_sequence=sequence, note=note).about(item.item_id)
        else:
            (self.standing if stands else self.waiting).append(item.item_id)

    def _seen(self, item: Item) -> str:
        """Return the digest of what an approval was given to: the latest judgement by the policy of that day."""
        if item.state in _APPROVED:
            known = self._earlier.digests.get((item.item_id, item.decisions[-1].policy_hash))
            if known:
                return known
        return self._digest(item, lambda each: each.before)

    def _digest(self, item: Item, side: Callable[[JudgedAgain], Judgement]) -> str:
        return content_hash([[change_id, *_told(side(each))] for change_id, each in self._members(item).items()])

    def _members(self, item: Item) -> Mapping[str, JudgedAgain]:
        """Return the rows that belong to an item by change id; the action's objections concern each of its fields."""
        ids = {item.item_id, *(each.change_id for each in item.fields)}
        found = {each: self._changes[each] for each in sorted(ids) if each in self._changes}
        act = self._acts.get((item.batch_key, item.line_number))
        return found | ({act.change_id: act} if act else {})

    def _news(self, item: Item) -> str:
        """Return the gates that object now and did not before."""
        sides = self._members(item).values()
        before, after = ({gate for gate, _, _ in told} for told in _both(sides))
        return f"; new: {', '.join(sorted(after - before))}" if after - before else ""


def _both(members: Iterable[JudgedAgain]) -> tuple[list[tuple[str, str, str]], list[tuple[str, str, str]]]:
    listed = list(members)
    return [o for each in listed for o in each.before.objections], [o for each in listed for o in each.after.objections]


def _told(judgement: Judgement) -> list[object]:
    return [judgement.lane, [list(objection) for objection in judgement.objections]]
