"""What a new value takes away from the old one and what it adds, word by word. Marking it up is the templates' own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

_PIECES = re.compile(r"\s+|\w+|[^\w\s]")
_MOST_PIECES = 1_500
"""Longer texts are shown beside each other without marks: comparing takes the square of their length."""
_LEAST_LIKENESS = 0.25
"""Below it the texts have nothing in common that would be worth marking: one is replaced by the other."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text: `same` in both, or `changed`: only in this one."""

    kind: Literal["same", "changed"]
    text: str


def difference(old: str, new: str) -> tuple[list[Piece], list[Piece]]:
    """Return both texts in pieces; put together, each is the text that it was."""
    before, after = _PIECES.findall(old), _PIECES.findall(new)
    if not old or not new or old == new or max(len(before), len(after)) > _MOST_PIECES:
        return _whole(old, is_same=old == new), _whole(new, is_same=old == new)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    if matcher.ratio() < _LEAST_LIKENESS:
        return _whole(old), _whole(new)
    left: list[Piece] = []
    right: list[Piece] = []
    for tag, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        kind: Literal["same", "changed"] = "same" if tag == "equal" else "changed"
        left += _pieces(kind, before[old_from:old_to])
        right += _pieces(kind, after[new_from:new_to])
    return left, right


def _whole(text: str, *, is_same: bool = False) -> list[Piece]:
    return _pieces("same" if is_same else "changed", [text])


def _pieces(kind: Literal["same", "changed"], parts: list[str]) -> list[Piece]:
    text = "".join(parts)
    return [Piece(kind, text)] if text else []
