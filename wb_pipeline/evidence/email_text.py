"""The parts of an email's plain text: own words, signature, what it quotes from earlier authors. No HTML."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_LINES = 20_000
"""Lines that are read. What comes later is not there, so nothing can be found in it."""
MAX_LINE = 20_000
_MAX_ATTRIBUTION = 400
_MAX_DEPTH = 20

_ATTRIBUTION = re.compile(
    r"(?:on|am|le|el|il|op|em|den)\b[^\n]{3,380}"
    r"(?:wrote|schrieb|a écrit|escribió|ha scritto|schreef|escreveu|skrev)\b[^\n]{0,60}:",
    re.IGNORECASE,
)
# After one of these all the rest is an earlier message, marked or not.
_FORWARDED = re.compile(
    r"-{2,20} ?(?:original message|forwarded message|ursprüngliche nachricht|message d'origine) ?-{2,20}"
    r"|begin forwarded message:",
    re.IGNORECASE,
)
_HEADER = re.compile(r"\*?(?:from|von|de|da|van):\*? {0,4}\S", re.IGNORECASE)
_NEXT_HEADER = re.compile(
    r"\*?(?:sent|date|to|subject|gesendet|datum|an|envoyé|enviado|para|inviato):\*? {0,4}\S", re.IGNORECASE
)
_AUTHOR = re.compile(r"([^<>,:\d\n]{0,100})<([^<>\s@]{1,100}@[^<>\s]{1,253})>")
_ADDRESS = re.compile(r"[^\s<>@,:]{1,100}@[^\s<>@,:]{1,253}")


class Block(NamedTuple):
    """Lines of one voice. `author`: who is said to have written a quoted block, as given; None if nobody is named."""

    text: str
    kind: Literal["body", "quoted", "signature"]
    author: str | None = None


class _Line(NamedTuple):
    text: str
    kind: Literal["body", "quoted", "signature", "attribution"]
    depth: int
    author: str | None


def split_email(text: str) -> list[Block]:
    """Return the blocks of an email's text in their order. Lines behind `>` belong to an earlier author."""
    blocks = []
    for (kind, _, author), lines in groupby(_lines(text), key=lambda line: (line.kind, line.depth, line.author)):
        joined = "\n".join(line.text for line in lines).strip()
        if joined and kind != "attribution":
            blocks.append(Block(joined, kind, author))
    return blocks


def _lines(text: str) -> Iterator[_Line]:
    """Yield each line with whose it is."""
    lines = [_unquoted(line[:MAX_LINE]) for line in text.splitlines()[:MAX_LINES]]
    authors: dict[int, str | None] = {}
    rest_from = _MAX_DEPTH + 1
    own: Literal["body", "signature"] = "body"
    skip = 0
    for number, (depth, line) in enumerate(lines):
        if skip:
            skip -= 1
            yield _Line(line, "attribution", depth, None)
            continue
        taken, author = _attribution(lines, number)
        if taken:
            authors[depth + 1] = author
            skip = taken - 1
            if _is_unmarked(lines, number + taken, depth):
                rest_from = min(rest_from, depth)
            yield _Line(line, "attribution", depth, None)
            continue
        if depth == 0 and rest_from > 0 and line.rstrip() == "--":
            own = "signature"
            yield _Line(line, "attribution", depth, None)
            continue
        quoted = depth + 1 if depth >= rest_from else depth
        yield _Line(line, "quoted", quoted, authors.get(quoted)) if quoted else _Line(line, own, 0, None)


def _unquoted(line: str) -> tuple[int, str]:
    """Return how deep a line is quoted, and the line without its marks."""
    depth, rest = 0, line.lstrip()
    while rest.startswith(">") and depth < _MAX_DEPTH:
        depth, rest = depth + 1, rest[1:].lstrip()
    return depth, rest


def _attribution(lines: list[tuple[int, str]], number: int) -> tuple[int, str | None]:
    """Return how many lines, from this one, say whose words follow, and who is named; (0, None) if they say nothing."""
    depth, line = lines[number]
    if _FORWARDED.fullmatch(line.strip()):
        return 1, _author_below(lines, number + 1)
    following = lines[number + 1][1] if number + 1 < len(lines) else ""
    if _HEADER.match(line) and _NEXT_HEADER.match(following) and lines[number + 1][0] == depth:
        return 1, _author(line)
    for taken, candidate in ((1, line), (2, f"{line} {following}")):
        plain = candidate.strip()
        if len(plain) <= _MAX_ATTRIBUTION and _ATTRIBUTION.fullmatch(plain):
            return taken, _author(plain)
    return 0, None


def _author_below(lines: list[tuple[int, str]], start: int) -> str | None:
    header = next((line for _, line in lines[start : start + 5] if _HEADER.match(line)), "")
    return _author(header)


def _author(line: str) -> str | None:
    """Return the mailbox that a line names, as `Name <address>` or an address."""
    short = line[:_MAX_ATTRIBUTION]
    if found := _AUTHOR.search(short):
        name = found.group(1).strip(' "*')
        return f"{name} <{found.group(2)}>" if name else found.group(2)
    plain = _ADDRESS.search(short)
    return plain.group() if plain else None


def _is_unmarked(lines: list[tuple[int, str]], start: int, depth: int) -> bool:
    """Say whether what an attribution announces stands there without a mark of its own."""
    following = next((each for each in lines[start : start + 10] if each[1].strip()), None)
    return following is not None and following[0] <= depth
