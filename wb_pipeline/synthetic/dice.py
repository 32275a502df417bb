"""Seeded chance: the same seed gives the same data. What is drawn is decided elsewhere."""

from __future__ import annotations

import random
import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import TypeVar

Item = TypeVar("Item")
_MARKS = re.compile(r"#+|%|@")
_LETTERS = "ABCDEFGHJKLMNPRSTUVWXY"
_FLATNESS = 12


class Dice(random.Random):
    """A random number generator with the draws that the generator needs.

    Everything goes through `random()`, whose stream Python keeps the same from version to version.
    """

    def chance(self, probability: float) -> bool:
        """Return True with the given probability."""
        return self.random() < probability

    def pick(self, items: Sequence[Item]) -> Item:
        """Return one of the items, each as likely as the others."""
        return items[int(self.random() * len(items))]

    def ranked(self, items: Sequence[Item], flatness: float = _FLATNESS) -> Item:
        """Return one of the items by the law of Zipf and Mandelbrot: early ones often, late ones seldom.

        The share of item number n is proportional to 1 / (n + flatness), as with surnames.
        """
        ratio = (len(items) + flatness) / flatness
        return items[min(int(flatness * ratio ** self.random() - flatness), len(items) - 1)]

    def below(self, limit: int) -> int:
        """Return a whole number from 0 up to, but not including, `limit`."""
        return int(self.random() * limit)

    def fill(self, pattern: str) -> str:
        """Return the pattern with `#` replaced by a digit, `%` by a digit from 2 to 9, `@` by a capital letter."""
        return "".join(self._piece(mark, length) for mark, length in _pieces(pattern))

    def _piece(self, mark: str, length: int) -> str:
        if mark == "#":
            return f"{int(self.random() * 10**length):0{length}d}"
        if mark == "%":
            return str(2 + int(self.random() * 8))
        return _LETTERS[int(self.random() * len(_LETTERS))] if mark == "@" else mark


class Wheel:
    """Draws keys by weight. The weights need not add up to one; at least one has to be above zero."""

    __slots__ = ("_keys", "_sums")

    def __init__(self, weights: Mapping[str, float]) -> None:
        self._keys = list(weights)
        self._sums = list(accumulate(weights.values()))

    def spin(self, dice: Dice) -> str:
        """Return one key."""
        return self._keys[bisect_right(self._sums, dice.random() * self._sums[-1], 0, len(self._keys) - 1)]


@lru_cache(maxsize=4096)
def _pieces(pattern: str) -> tuple[tuple[str, int], ...]:
    """Return (mark or literal text, length) for each run of a pattern."""
    pieces, at = [], 0
    for match in _MARKS.finditer(pattern):
        if match.start() > at:
            pieces.append((pattern[at : match.start()], 0))
        pieces.append((match[0][0], len(match[0])))
        at = match.end()
    return (*pieces, (pattern[at:], 0)) if at < len(pattern) else tuple(pieces)
