"""Which approvals are held back until the policy in force has judged the item too (RVW-2). Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wb_pipeline.review.standing import Standing

_STOPPED = frozenset({"deny", "quarantine"})


def denied_by_policy(standing: Standing, in_force: str) -> bool:
    """Say whether the policy in force judged an item again and denies it: nobody approves it then."""
    again = standing.rejudged
    return again is not None and again.policy_hash == in_force and again.lane in _STOPPED


def held_by_policy(sealed_policy: str, standing: Standing, in_force: str) -> str:
    """Return why an approval is held back, "" if it is not.

    It stands once the policy in force judged the item, and either was in force when the person decided, or came to the
    same as before.
    """
    again = standing.rejudged if standing.rejudged and standing.rejudged.policy_hash == in_force else None
    if sealed_policy != in_force and again is None:
        return "the policy changed since it was judged: it is judged again before it is written"
    if denied_by_policy(standing, in_force):
        return "the policy in force denies it"
    decided_by = standing.approvals[-1].policy_hash if standing.approvals else in_force
    if decided_by != in_force and not (again and again.stands):
        return "the policy changed since it was approved: it is judged again before it is written"
    return ""
