"""Who may decide what: reviewers' rights, their deputies, owners; never an agent, never one's own proposal (RVW-5).

Pure: the policy in force, a name and an item go in, a sentence comes out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from wb_pipeline.facts.actor_likeness import readings
from wb_pipeline.policy.rights import Right, parse_right
from wb_pipeline.policy.vocabulary import ANY

if TYPE_CHECKING:
    from wb_pipeline.ledger.kinds_review import Verb
    from wb_pipeline.policy.models import PolicyDocument
    from wb_pipeline.policy.models_people import Reviewer
    from wb_pipeline.review.model import Item

_APPROVING = frozenset({"approve", "accept"})
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Ask:
    """What somebody wants to do: decide on an item, at a time, with a deal of some worth at most."""

    item: Item
    decision: Verb
    by: str
    now: datetime
    worth: float | None


def why_not(ask: Ask, policy: PolicyDocument) -> tuple[str, str] | None:
    """Return code and sentence of why somebody may not decide this, None if they may."""
    if problem := why_nobody(ask.by, policy):
        return problem
    if ask.decision in _APPROVING:
        if is_same_person(ask.by, ask.item.actor_id):
            return "own_proposal", "nobody approves what they proposed"
        if any(
            is_same_person(ask.by, made.by) for made in ask.item.decisions[-1:] if ask.item.state == "approved_once"
        ):
            return "same_person", "a second person has to approve it"
    is_owner = ask.item.kind == "suggestion" and ask.by == ask.item.owner_id
    if is_owner or any(_covers(reviewer, ask) for reviewer in _standing_in(ask, policy)):
        return None
    if ask.by not in policy.reviewers:
        return "no_reviewer", f"{ask.by} is no reviewer in the policy"
    return "no_right", f"the rights of {ask.by} do not reach {ask.item.name}{_words_of_worth(ask)}"


def why_nobody(by: str, policy: PolicyDocument) -> tuple[str, str] | None:
    """Return why a name cannot decide anything: none given, or that of an agent or integration, also when disguised."""
    if not by.strip() or len(by) > _LONGEST_NAME:
        return "no_name", "a decision needs the name of who decides"
    for name, actor in policy.actors.items():
        if actor.type != "user" and is_same_person(by, name):
            return "no_person", f"{name} is an {actor.type.replace('_', ' ')}: only people decide"
    return None


def is_same_person(one: str, other: str) -> bool:
    """Say whether two ids read alike: case, separators, invisible and look-alike letters do not make another person."""
    return one == other or bool(_readings(one) & _readings(other))


@lru_cache(maxsize=4_096)
def _readings(name: str) -> frozenset[str]:
    return frozenset(readings(name[:_LONGEST_NAME]))


def _standing_in(ask: Ask, policy: PolicyDocument) -> Iterator[Reviewer]:
    """Yield the reviewers whose rights somebody has: their own; for what is overdue, of those whose deputy they are."""
    if ask.by in policy.reviewers:
        yield policy.reviewers[ask.by]
    if ask.item.is_overdue(ask.now):
        yield from (reviewer for reviewer in policy.reviewers.values() if reviewer.deputy == ask.by)


def _covers(reviewer: Reviewer, ask: Ask) -> bool:
    limit = reviewer.deal_amount_up_to
    if limit != "any" and ask.worth is not None and ask.worth > limit:
        return False
    item = ask.item
    return reaches(reviewer, item.object, item.action, [each.field for each in item.fields])


def reaches(reviewer: Reviewer, object_name: str, action: str, fields: Sequence[str]) -> bool:
    """Say whether a reviewer's own rights cover each field of an action; what has no fields takes a right to any."""
    rights = _parsed(tuple(reviewer.rights))
    return all(any(right.covers(object_name, action, name) for right in rights) for name in fields or [ANY])


@lru_cache(maxsize=256)
def _parsed(rights: tuple[str, ...]) -> tuple[Right, ...]:
    return tuple(right for text in rights if (right := parse_right(text)))


def _words_of_worth(ask: Ask) -> str:
    if ask.worth is None:
        return ""
    return " of unknown worth" if ask.worth == float("inf") else f" worth up to {ask.worth:,.0f}"
