"""Where words stand in a passage of evidence, to be marked. Whether they prove anything is not asked here.

Words are compared as quotes are (`evidence.quotes`): without case, punctuation and typography.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from wb_pipeline.evidence.quotes import tokens

Mark = Literal["", "quote", "value"]
# As `tokens` parts a text, but each word with the apostrophes in it: places are those in the text itself.
_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['\u2019\u02bc\u0060\u00b4]+[^\W\d_]+)*|[%$€£¥]")
_MOST_PLACES = 20


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a passage, with what it is: the quoted words, the new value, or neither."""

    text: str
    mark: Mark


def places(text: str, wanted: str) -> list[tuple[int, int]]:
    """Return where the words of `wanted` stand in a text, one after another: starts and ends."""
    words = tokens(wanted)
    if not words:
        return []
    read = [(token, found.start(), found.end()) for found in _WORD.finditer(text) for token in tokens(found.group())]
    spoken = [token for token, _, _ in read]
    found: list[tuple[int, int]] = []
    for at in range(len(spoken) - len(words) + 1):
        if spoken[at] == words[0] and spoken[at : at + len(words)] == words and len(found) < _MOST_PLACES:
            found.append((read[at][1], read[at + len(words) - 1][2]))
    return found


def stretches(text: str, quotes: list[str], values: list[str]) -> list[Stretch]:
    """Return a text in parts: quoted words are marked first, values where no quote stands."""
    marks: list[Mark] = [""] * len(text)
    for mark, wanted in (("value", values), ("quote", quotes)):
        for each in wanted:
            for start, end in places(text, each):
                marks[start:end] = [mark] * (end - start)  # type: ignore[list-item]  # the literals stand two lines above
    found: list[Stretch] = []
    start = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or marks[at] != marks[start]:
            found.append(Stretch(text[start:at], marks[start]))
            start = at
    return found
