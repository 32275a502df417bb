"""Mentions of the day on which a deal closes, or of another day in its place. How days are read: `days`."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from wb_pipeline.evidence.support.days import days
from wb_pipeline.evidence.support.weigh import Mention

if TYPE_CHECKING:
    from collections.abc import Callable

    from wb_pipeline.evidence.support.claim import Claim
    from wb_pipeline.evidence.support.day_words import Days
    from wb_pipeline.evidence.support.sentence import Sentence

_STEMS = (
    "sign",
    "clos",
    "order",
    "buy",
    "purchas",
    "contract",
    "agree",
    "commit",
    "deci",
    "paper",
    "approv",
    "finali",
    "execut",
    "wrap",
    "deal",
    "book",
    "complet",
    "ink",
    "procure",
    "po",
    "countersign",
    "done",
    "start",
    "go",
    "place",
    "renew",
)
# What happens then is something else: nothing is signed on the day of a holiday or of a demo.
_OTHER_STEMS = (
    "expir",
    "end",
    "holiday",
    "vacation",
    "born",
    "birthday",
    "meeting",
    "demo",
    "call",
    "webinar",
    "conference",
    "leave",
    "launch",
    "migrat",
    "audit",
    "trial",
    "workshop",
    "kick",
    "back",
    "office",
    "maintenance",
    "release",
    "fair",
)
_NOT_THEN = frozenset({"after", "following", "from", "since", "beyond", "past"})
_REACH = 3


def find_day(claim: Claim, *, is_quoted: bool) -> Callable[[Sentence], list[Mention]]:
    """Return a finder of the claimed day. Without a quotation the sentence must speak of closing."""
    wanted = date.fromisoformat(str(claim.value)[:10])
    is_closing = "close" in claim.field

    def find(sentence: Sentence) -> list[Mention]:
        """Mention every day that a sentence names, the claimed one as the same."""
        said_on = sentence.said_at or claim.said_at
        found = days(sentence.words, said_on.date() if said_on else None)
        return [
            Mention(each.start, each.end, same=_is(each, wanted), loose=each.best != wanted or _is_open(sentence, each))
            for each in found
            if not is_closing or _is_of_closing(sentence, each, is_quoted=is_quoted)
        ]

    return find


def _is(found: Days, wanted: date) -> bool:
    return found.first <= wanted <= found.last


def _is_open(sentence: Sentence, found: Days) -> bool:
    """Say whether it only says from when on: "after 9 March"."""
    return bool(_NOT_THEN & set(sentence.words[max(0, found.start - _REACH) : found.start]))


def _is_of_closing(sentence: Sentence, found: Days, *, is_quoted: bool) -> bool:
    low = max((i for i in range(found.start) if sentence.words[i] in (",", ";", "but")), default=-1) + 1
    high = next((i for i in range(found.end, len(sentence.words)) if sentence.words[i] in (",", ";", "but")), None)
    clause = sentence.words[low:high]
    is_other = any(
        word.startswith(_OTHER_STEMS) for i, word in enumerate(clause, low) if not found.start <= i < found.end
    )
    if is_other and not any(word.startswith(_STEMS[:14]) or word == "po" for word in clause):
        return False
    # "our meeting on 9 March": the day is the meeting's, whatever is decided after it.
    if any(word.startswith(_OTHER_STEMS) for word in sentence.words[max(low, found.start - _REACH) : found.start]):
        return False
    is_short = len(sentence.words) <= found.end - found.start + 4
    return is_quoted or is_short or any(word.startswith(_STEMS) for word in sentence.words)
