"""What is held back until the policy in force has judged it too: approvals, automatic changes (RVW-2). Pure."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wb_pipeline.review.standing import Standing

_STOPPED = frozenset({"deny", "quarantine"})


class Hold(StrEnum):
    """Why something is held back, in the words that people read."""

    UNJUDGED = "the policy changed since the judgement: the new one judges first"
    UNJUDGED_SINCE = "the policy changed since the approval: the new one judges first"
    OTHERWISE = "the policy in force judges it otherwise: it waits for a person"
    DENIED = "the policy in force denies it"

    @property
    def is_unjudged(self) -> bool:
        """Whether judging again by the policy in force may free it."""
        return self in (Hold.UNJUDGED, Hold.UNJUDGED_SINCE)


def denied_by_policy(standing: Standing, in_force: str) -> bool:
    """Say whether the policy in force judged an item again and denies it: nobody approves it then."""
    again = standing.rejudged
    return again is not None and again.policy_hash == in_force and again.lane in _STOPPED


def held_by_policy(sealed_policy: str, standing: Standing, in_force: str) -> Hold | None:
    """Return why an approval is held back, None if it is not.

    It stands once the policy in force judged the item, and either was in force when the person decided, or came to the
    same as before.
    """
    again = standing.rejudged if standing.rejudged and standing.rejudged.policy_hash == in_force else None
    if sealed_policy != in_force and again is None:
        return Hold.UNJUDGED
    if denied_by_policy(standing, in_force):
        return Hold.DENIED
    decided_by = standing.approvals[-1].policy_hash if standing.approvals else in_force
    if decided_by != in_force and not (again and again.stands):
        return Hold.UNJUDGED_SINCE
    return None


def held_automatic(sealed_policy: str, standing: Standing, in_force: str) -> Hold | None:
    """Return why an automatic change is held back, None if it is not: the policy in force is the one that counts."""
    again = standing.rejudged if standing.rejudged and standing.rejudged.policy_hash == in_force else None
    if sealed_policy == in_force or (again and again.stands):
        return None
    return Hold.OTHERWISE if again else Hold.UNJUDGED
