"""What is claimed and what a judge may answer: plain data. How an answer is found does not belong here."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as default
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

Verdict = Literal["supports", "hedged", "silent", "contradicts"]
"""The value is said; it is said with a reserve; nothing is said of it; something else is said."""
STRICTNESS: dict[str, int] = {"supports": 0, "hedged": 1, "silent": 2, "contradicts": 3}


class Support(NamedTuple):
    """A verdict with its reason in plain words. The reason is data for people: it may repeat what the evidence says."""

    verdict: Verdict
    reason: str


@dataclass(frozen=True, slots=True)
class Claim:
    """A value that somebody wants to write, with what is needed to read evidence about it.

    `format` is the policy's format of the field (text, number, date, picklist, note ...). `old_value` is what stands.
    `said_at` stands in where a passage has no time of its own. `currency` is that of an amount. `profile_url` is the
    profile on record: one that has it is this person's, whatever name stands on it. `synonyms`: vendors' words in small
    letters -> value of the picklist, whose values are `options`. `stages`: sign of the buyer (see `intents`) -> stages
    that it supports, by the policy.
    """

    object: str
    field: str
    value: Any
    format: str | None = None
    old_value: Any = None
    action: str = "update"
    company_name: str | None = None
    company_domain: str | None = None
    person_name: str | None = None
    person_email: str | None = None
    profile_url: str | None = None
    said_at: datetime | None = None
    currency: str | None = None
    synonyms: Mapping[str, str] = default(default_factory=dict)
    options: frozenset[str] = frozenset()
    stages: Mapping[str, frozenset[str]] = default(default_factory=dict)


def stricter(one: Support, other: Support) -> Support:
    """Return the less permissive of two; the first where they are alike."""
    return other if STRICTNESS[other.verdict] > STRICTNESS[one.verdict] else one
