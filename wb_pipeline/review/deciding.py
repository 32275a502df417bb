"""Judges decisions one by one while the ledger's write lock is held: taken, refused on record, or not possible.

Who may decide is in `people`, what may be written instead in `edits`. Nothing is committed here.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from wb_pipeline.canonical import canonical_json
from wb_pipeline.ledger.kinds_review import DecisionRefused, ItemDecided, Verb
from wb_pipeline.review.binding import bound_to
from wb_pipeline.review.edits import checked_edits
from wb_pipeline.review.granted import Granted, values_of
from wb_pipeline.review.holding import denied_by_policy
from wb_pipeline.review.model import REJECT_REASONS, Decision, Item, Outcome
from wb_pipeline.review.money import at_worst
from wb_pipeline.review.pair_labels import pair_labels
from wb_pipeline.review.people import Ask, why_not
from wb_pipeline.review.picks import why_no_pick
from wb_pipeline.review.references import broken_reference

if TYPE_CHECKING:
    from wb_pipeline.ledger.chain import Event, NewEvent
    from wb_pipeline.ledger.store import Book
    from wb_pipeline.policy.models import PolicyDocument
    from wb_pipeline.review.context import Context

MOST_WORDS = 2_000
_VERBS: dict[str, frozenset[Verb]] = {
    "change": frozenset({"approve", "reject"}),
    "suggestion": frozenset({"accept", "dismiss"}),
}
_DONE: dict[Verb, str] = {"approve": "approved", "reject": "rejected", "accept": "accepted", "dismiss": "dismissed"}
_TOO_LATE = {
    "decided_already": "somebody decided on it meanwhile",
    "changed": "it changed since it was shown",
    "written": "it is written already, or being written",
    "expired": "it expired",
}
_APPROVING = frozenset({"approve", "accept"})
# What makes a record needs none.
_MAKES = frozenset({"create", "log"})
_Refusal = Literal["decided_already", "changed", "written", "expired"]


@dataclass(frozen=True, slots=True)
class Judged:
    """An outcome, and the place of its event among those to append (None: there is none)."""

    outcome: Outcome
    place: int | None = None

    def numbered(self, appended: Sequence[Event]) -> Outcome:
        """Return the outcome with its event's sequence."""
        return self.outcome if self.place is None else replace(self.outcome, sequence=appended[self.place].sequence)


class Judge:
    """Judges one person's decisions made at once; `events` are what is to be appended for them."""

    def __init__(self, context: Context, shown: Mapping[str, Item], book: Book, by: str, now: datetime) -> None:
        self._context, self._shown, self._book = context, shown, book
        self._by, self._now = by, now
        self._group_id = secrets.token_hex(8)
        self._granted = Granted(shown.values(), context)
        self._seen: set[str] = set()
        self._picked: dict[str, Item] = {}
        self.events: list[NewEvent] = []

    def decide(self, decision: Decision) -> Judged:
        """Judge one decision."""
        item = self._shown.get(decision.item_id)
        if item is None:
            return _not_done(decision, "no_item", "there is no such item")
        problem = self._malformed(item, decision) or self._not_allowed(item, decision)
        if problem:
            return _not_done(decision, *problem)
        self._seen.add(item.item_id)
        if refusal := _too_late(item, decision):
            return self._refused(item, decision, refusal)
        edits = checked_edits(item, decision.edits, self._context.policies.rules())
        if words := edits.problem or broken_reference(edits.values, self._context.files):
            return _not_done(decision, "bad_edit", words)
        if problem := self._pick_problem(item, decision):
            return _not_done(decision, *problem)
        return self._decided(item, decision, dict(edits.values))

    def _malformed(self, item: Item, decision: Decision) -> tuple[str, str] | None:
        if item.item_id in self._seen:
            return "twice", "it stands twice among these decisions"
        verbs = _VERBS[item.kind]
        if decision.decision not in verbs:
            return "wrong_verb", f"a {item.kind} is {' or '.join(sorted(_DONE[verb] for verb in verbs))}"
        if decision.edits and decision.decision != "approve":
            return "edits_nothing", "only an approval can write another value"
        return _unreasoned(decision)

    def _not_allowed(self, item: Item, decision: Decision) -> tuple[str, str] | None:
        policy = self._context.policies.current().document
        ask = Ask(item, decision.decision, self._by, self._now, self._worth(item, decision, policy))
        if problem := why_not(ask, policy):
            return problem
        if decision.decision not in _APPROVING:
            return None
        if item.is_erased:
            return "erased", "its values were erased on request: nothing can be written"
        if item.record_id is None and decision.record_id is None and item.action not in _MAKES:
            return "no_record", _no_record(item)
        if denied_by_policy(self._context.standings.of(item.item_id), self._context.policies.in_force):
            return "denied", "the policy in force denies it"
        return None

    def _worth(self, item: Item, decision: Decision, policy: PolicyDocument) -> float | None:
        """Return what a deal could be worth at most with this decision, and with those that others made on it."""
        if item.value_at_risk is None or decision.decision not in _APPROVING:
            return item.value_at_risk
        meant = _meant(item, decision)
        beside = self._granted.beside(meant)
        if meant is item and not (decision.edits or beside):
            return item.value_at_risk
        standing = self._context.deals_of(item.object, meant.record_id, item.payload)
        return at_worst([decision.edits, values_of(item), *standing, *beside], policy.deals)

    def _pick_problem(self, item: Item, decision: Decision) -> tuple[str, str] | None:
        """Return why the record that a decision names cannot be picked. What was picked a moment ago counts."""
        if decision.record_id is None:
            return None
        others = (self._picked.get(each.item_id, each) for each in self._shown.values())
        if problem := why_no_pick(item, decision, others, self._context.policies.rules()):
            return problem
        files, key = self._context.files, (item.object, decision.record_id)
        found = files.kept_records(files.latest("crm"), [key]).get(key)
        if item.record_id is None and not (found and found.is_live):
            return "no_candidate", "it is not in the CRM any more, or archived, or merged into another record"
        return None

    def _refused(self, item: Item, decision: Decision, reason: _Refusal) -> Judged:
        standing = item.decisions[-1].sequence if item.decisions else 0
        event = DecisionRefused(decision=decision.decision, reason=reason, standing_sequence=standing)
        message = _TOO_LATE[reason]
        if reason == "decided_already" and item.decisions:
            made = item.decisions[-1]
            message = f"{made.by} {_DONE[made.decision]} it meanwhile"
        self.events.append(event.about(item.item_id))
        return Judged(Outcome(item.item_id, is_done=False, code=reason, message=message), len(self.events) - 1)

    def _decided(self, item: Item, decision: Decision, edits: dict[str, object]) -> Judged:
        standing = self._context.standings.of(item.item_id)
        approves, is_second = decision.decision == "approve", item.state == "approved_once"
        meant = _meant(item, decision)
        picked = meant.record_id if meant is not item else standing.picked
        if decision.decision in _APPROVING:
            self._granted.note(meant, edits)
            self._picked[item.item_id] = replace(meant, state="approved")
        edited_digest = standing.edited_digest if approves and is_second else None
        if edits:
            earlier = self._context.edited(standing) if is_second else {}
            edited_digest = self._book.keep(canonical_json({**earlier, **edits}))
        is_final = not (approves and item.needs_second and (not is_second or bool(edits)))
        event = ItemDecided(
            decision=decision.decision,
            reason_code=decision.reason_code,
            words=decision.words,
            edited_digest=edited_digest,
            binding=bound_to(item.binding, picked) if approves else item.binding,
            policy_hash=self._context.policies.in_force,
            batch_key=item.batch_key,
            group_id=self._group_id,
            is_final=is_final,
            record_id=picked if approves else None,
        )
        place = len(self.events)
        self.events += [event.about(item.item_id), *pair_labels(item, event, self._context.files)]
        message = _DONE[decision.decision] + ("" if is_final else ", and somebody else has to approve it too")
        code = "decided" if is_final else "decided_once"
        return Judged(Outcome(item.item_id, is_done=True, code=code, message=message), place)


def _meant(item: Item, decision: Decision) -> Item:
    """Return the item with the record that a decision picks for it."""
    if item.record_id is not None or decision.record_id is None:
        return item
    return replace(item, record_id=decision.record_id)


def _no_record(item: Item) -> str:
    instead = "name one of its candidates" if item.candidates else "let it be proposed with the record's id"
    return f"nobody knows which record is meant: reject it, or {instead}"


def _unreasoned(decision: Decision) -> tuple[str, str] | None:
    """Return what is wrong with the reason that a person gives."""
    if len(decision.words) > MOST_WORDS:
        return "too_many_words", f"the words are longer than {MOST_WORDS:,} characters"
    if decision.decision == "reject" and decision.reason_code not in REJECT_REASONS:
        return "no_reason", f"a rejection needs a reason: {', '.join(REJECT_REASONS)}"
    if decision.reason_code == "other" and not decision.words.strip():
        return "no_words", "the reason `other` needs words"
    if decision.reason_code and decision.reason_code not in REJECT_REASONS:
        return "no_reason", f"the reasons are: {', '.join(REJECT_REASONS)}"
    return None


def _too_late(item: Item, decision: Decision) -> _Refusal | None:
    """Return why a decision comes too late: what it answers is no longer what stands."""
    if item.state in ("written", "writing"):
        return "written"
    if item.state == "expired" and item.kind == "suggestion":
        return "expired"
    if item.standing_sequence != decision.supersedes and item.standing_sequence:
        return "decided_already"
    return "changed" if item.binding != decision.binding else None


def _not_done(decision: Decision, code: str, message: str) -> Judged:
    return Judged(Outcome(decision.item_id, is_done=False, code=code, message=message))
