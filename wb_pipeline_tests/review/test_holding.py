"""What is held back until the policy in force judged it: each way, on standings made up here."""

from __future__ import annotations

import pytest

from wb_pipeline.ledger.kinds_review import ItemRejudged
from wb_pipeline.review.holding import held_automatic, held_by_policy, is_unjudged
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
    ("sealed_policy", "standing", "words"),
    [
        (NOW, approved_under(NOW), ""),
        (OLD, approved_under(OLD), "since the judgement"),
        (OLD, approved_under(OLD, judged(OTHER)), "since the judgement"),
        (OLD, approved_under(NOW), "since the judgement"),
        # The policy that sealed it is back in force, but the person decided under another one.
        (NOW, approved_under(OTHER), "since the approval"),
        (NOW, approved_under(OTHER, judged(NOW, stands=False)), "since the approval"),
        (NOW, approved_under(OTHER, judged(NOW)), ""),
        (OLD, approved_under(OLD, judged(NOW)), ""),
        # Whoever approved before the denial was on the books is held by it, whatever they saw.
        (OLD, approved_under(NOW, judged(NOW, stands=False, lane="deny")), "denies it"),
        (NOW, approved_under(NOW, judged(NOW, stands=False, lane="quarantine")), "denies it"),
    ],
)
def test_approval_is_held_until_the_policy_in_force_agrees(sealed_policy: str, standing: Standing, words: str) -> None:
    """RVW-2: an approval stands for what its person saw; another policy judges first, and may deny it."""
    why = held_by_policy(sealed_policy, standing, NOW)
    assert (words in why, bool(why)) == (True, bool(words)), why
    assert is_unjudged(why) is ("since" in words)


@pytest.mark.parametrize(
    ("sealed_policy", "again", "words"),
    [
        (NOW, None, ""),
        (OLD, None, "since the judgement"),
        (OLD, judged(OTHER), "since the judgement"),
        (OLD, judged(NOW), ""),
        (OLD, judged(NOW, stands=False), "waits for a person"),
    ],
)
def test_automatic_change_is_held_until_the_policy_in_force_agrees(
    sealed_policy: str, again: ItemRejudged | None, words: str
) -> None:
    """RVW-2: nothing is written by itself that the policy in force did not let through as it is."""
    why = held_automatic(sealed_policy, Standing(rejudged=again), NOW)
    assert (words in why, bool(why)) == (True, bool(words)), why
    assert is_unjudged(why) is ("since" in words)
