"""Reads the files of wordings in `words`: heads in brackets, one expression a line. What they mean: their readers."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_WORDS = Path(__file__).parent / "words"
_GROUP = re.compile(r"\((?!\?)")


def wordings_of(name: str) -> str:
    """Return the text of a file of `words`."""
    return (_WORDS / f"{name}.txt").read_text(encoding="utf-8")


def families(name: str) -> Iterator[tuple[str, re.Pattern[str]]]:
    """Yield (head, expression) of each family of a file: `[head]`, then its wordings, one a line.

    The expression is searched in a line of words with one blank between them. Parentheses only group.
    """
    for head, lines in texts(name).items():
        yield head, _expression(lines.split("\n")[:-1])


def texts(name: str) -> dict[str, str]:
    """Return head -> the lines of each family of a file."""
    made: dict[str, str] = {}
    head = ""
    for line in wordings_of(name).splitlines():
        if line.startswith("[") and line.endswith("]"):
            head = line[1:-1]
        elif line.strip() and not line.startswith("#"):
            made[head] = f"{made.get(head, '')}{line}\n"
    return made


def _expression(wordings: list[str]) -> re.Pattern[str]:
    joined = "|".join(_GROUP.sub("(?:", line.strip()) for line in wordings)
    return re.compile(rf"(?:^| )(?:{joined})(?= |$)")
