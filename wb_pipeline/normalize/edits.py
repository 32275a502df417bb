"""One slip of the hand between two words: a letter added, lost, replaced or swapped with the next. No dictionary."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile


def deletions(word: str) -> Iterator[str]:
    """Yield the word, then what is left of it when each letter in turn is taken out.

    Two words that are one slip apart have one of these in common (deletion neighbourhoods, as in SymSpell).
    """
    yield word
    for place in range(len(word)):
        yield word[:place] + word[place + 1 :]


def slip_between(word: str, other: str) -> int | None:
    """Return the place (from 0) of the one slip that turns a word into another; None where it takes none or more."""
    if word == other or abs(len(word) - len(other)) > 1:
        return None
    place = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(word, other, strict=False)))
    rest, other_rest = word[place:], other[place:]
    is_replaced = rest[1:] == other_rest[1:]
    is_added_or_lost = rest[1:] == other_rest or rest == other_rest[1:]
    is_swapped = rest[2:] == other_rest[2:] and rest[:2] == other_rest[1::-1]
    return place if is_replaced or is_added_or_lost or is_swapped else None
