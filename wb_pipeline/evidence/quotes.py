"""Does a quoted passage stand in the evidence, in the right voice and place (EVD-6)? Not what the passage proves."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from typing import TYPE_CHECKING, Literal, NamedTuple

from wb_pipeline.evidence.passages import seconds

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from wb_pipeline.evidence.passage import Passage

QuoteProblem = Literal["", "too_short", "too_long", "not_found", "other_speaker", "other_time"]
"""What is wrong with a quote; empty = nothing."""

LEAST_WORDS = 2
"""A single word can be found in anything; it counts only where it is all that somebody said."""
LEAST_DIGITS = 6
"""Digits from which a number says enough alone: a phone number, an amount. A year or a percentage does not."""
MOST_CHARACTERS = 5_000
"""A longer quote is a copy, not a passage."""
TOLERANCE_S = 60
"""Seconds between the cited and the transcribed time that are forgiven: recorders and transcribers start apart."""
_MOST_PLACES = 100

# Words, numbers with their decimal points, and the signs that change an amount. Punctuation parts, and is forgiven.
_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+|[%$€£¥]")
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_APOSTROPHES = str.maketrans("", "", "'\u2018\u2019\u02bc\u0060\u00b4")


class Quote(NamedTuple):
    """A quote as cited: its text, and `hh:mm:ss` where a recording is cited; None if not given."""

    text: str
    at: str | None


def tokens(text: str) -> list[str]:
    """Return the words and numbers of a text, without case, punctuation and typography. `40,000` is `40000`."""
    plain = unicodedata.normalize("NFKC", text).casefold().translate(_APOSTROPHES)
    return [_number(token) if "," in token else token for token in _TOKEN.findall(plain)]


def _number(token: str) -> str:
    return token.replace(",", "") if _THOUSANDS.fullmatch(token) else token


def _is_long_number(word: str) -> bool:
    return sum(letter.isdigit() for letter in word) >= LEAST_DIGITS


class QuotedItem:
    """The passages of one item, read once for all quotes of it."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._passages = [passage for passage in passages if passage.kind != "quoted"]
        self._starts: list[int] = []
        parts = []
        length = 0
        for passage in self._passages:
            line = f" {' '.join(tokens(passage.text))} \n"
            self._starts.append(length)
            parts.append(line)
            length += len(line)
        self._text = "".join(parts)

    def problem(self, quote: Quote, is_right_voice: Callable[[Passage], bool]) -> QuoteProblem:
        """Return what is wrong with a quote; empty where some passage has it, in a right voice, at about its time."""
        if len(quote.text) > MOST_CHARACTERS:
            return "too_long"
        words = tokens(quote.text)
        wanted = f" {' '.join(words)} "
        found = self._places(wanted) if words else []
        if len(words) < LEAST_WORDS and not any(_is_long_number(word) for word in words):
            found = [place for place in found if self._is_whole(place, wanted)]
            if not found:
                return "too_short"
        if not found:
            return "not_found"
        voiced = [place for place in found if is_right_voice(self._passages[place])]
        if not voiced:
            return "other_speaker"
        return "" if any(self._is_then(place, quote.at) for place in voiced) else "other_time"

    def _places(self, wanted: str) -> list[int]:
        """Return the passages in which the words stand, one after another, at most a hundred."""
        places: list[int] = []
        at = self._text.find(wanted)
        while at >= 0 and len(places) < _MOST_PLACES:
            place = bisect_right(self._starts, at) - 1
            places.append(place)
            end = self._starts[place + 1] if place + 1 < len(self._starts) else len(self._text)
            at = self._text.find(wanted, end)
        return places

    def _is_whole(self, place: int, wanted: str) -> bool:
        end = self._starts[place + 1] if place + 1 < len(self._starts) else len(self._text)
        return self._text[self._starts[place] : end] == f"{wanted}\n"

    def _is_then(self, place: int, at: str | None) -> bool:
        """Say whether a turn was spoken at about the cited time: from its start to that of the next turn."""
        passage = self._passages[place]
        if at is None or passage.kind != "turn":
            return True
        cited = seconds(at)
        if cited is None or passage.offset_s is None:
            return False
        following = self._passages[place + 1].offset_s if place + 1 < len(self._passages) else None
        end = max(passage.offset_s, following or 0)
        return passage.offset_s - TOLERANCE_S <= cited <= end + TOLERANCE_S
