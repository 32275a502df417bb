"""What is held back until the policy in force judged it: each way, on standings made up here."""

from __future__ import annotations

import pytest

from wb_pipeline.ledger.kinds_review import ItemRejudged
from wb_pipeline.review.holding import Hold, held_automatic, held_by_policy
from wb_pipeline.review.model import Made
from wb_pipeline.review.standing import Standing

OLD, NOW, OTHER = ("a" * 64, "b" * 64, "c" * 64)


def judged(policy: str, *, stands: bool = True, lane: str = "review") -> ItemRejudged:
    """Return a judgement by a policy."""
    return ItemRejudged(policy_hash=policy, lane=lane, objections_digest="d" * 64, stands=stands)


def approved_under(policy: str, again: ItemRejudged | None = None) -> Standing:
    """Return the standing of what a person approved while a policy was in force, and what was judged since."""
    made = Made(7, "u-ops-1", "2026-03-02T09:00:00Z", "approve", "", "", None, "e" * 64, policy, is_final=True)
    return Standing(phase="approved", decisions=[made], approvals=[made], rejudged=again)


@pytest.mark.parametrize(
    ("sealed_policy", "standing", "why"),
    [
        (NOW, approved_under(NOW), None),
        (OLD, approved_under(OLD), Hold.UNJUDGED),
        (OLD, approved_under(OLD, judged(OTHER)), Hold.UNJUDGED),
        (OLD, approved_under(NOW), Hold.UNJUDGED),
        # The policy that sealed it is back in force, but the person decided under another one.
        (NOW, approved_under(OTHER), Hold.UNJUDGED_SINCE),
        (NOW, approved_under(OTHER, judged(NOW, stands=False)), Hold.UNJUDGED_SINCE),
        (NOW, approved_under(OTHER, judged(NOW)), None),
        (OLD, approved_under(OLD, judged(NOW)), None),
        # Whoever approved before the denial was on the books is held by it, whatever they saw.
        (OLD, approved_under(NOW, judged(NOW, stands=False, lane="deny")), Hold.DENIED),
        (NOW, approved_under(NOW, judged(NOW, stands=False, lane="quarantine")), Hold.DENIED),
    ],
)
def test_approval_is_held_until_the_policy_in_force_agrees(
    sealed_policy: str, standing: Standing, why: Hold | None
) -> None:
    """RVW-2: an approval stands for what its person saw; another policy judges first, and may deny it."""
    assert held_by_policy(sealed_policy, standing, NOW) is why


@pytest.mark.parametrize(
    ("sealed_policy", "again", "why"),
    [
        (NOW, None, None),
        (OLD, None, Hold.UNJUDGED),
        (OLD, judged(OTHER), Hold.UNJUDGED),
        (OLD, judged(NOW), None),
        (OLD, judged(NOW, stands=False), Hold.OTHERWISE),
    ],
)
def test_automatic_change_is_held_until_the_policy_in_force_agrees(
    sealed_policy: str, again: ItemRejudged | None, why: Hold | None
) -> None:
    """RVW-2: nothing is written by itself that the policy in force did not let through as it is."""
    assert held_automatic(sealed_policy, Standing(rejudged=again), NOW) is why


def test_only_judging_again_frees_what_is_unjudged() -> None:
    """RVW-2: what the policy in force denies, or sends to a person, is not freed by asking it a second time."""
    assert {why for why in Hold if why.is_unjudged} == {Hold.UNJUDGED, Hold.UNJUDGED_SINCE}
