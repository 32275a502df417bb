"""Writes a name in Latin or ASCII letters, in the ways people do it. Which way is drawn elsewhere."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from wb_pipeline.synthetic.word_files import word_file

_CACHED = 200_000
_NOT_PLAIN = re.compile(r"[^a-z0-9]+")


@lru_cache(maxsize=_CACHED)
def romanised(text: str, script: str, *, other: bool = False) -> str:
    """Return a Cyrillic or Greek name in Latin letters, capitalized like the name; `other` takes a second custom."""
    table = _table(script, other=other)
    plain = text.lower() if script == "cyrillic" else _flat(text.lower())
    spelled = "".join(_letters(plain, table))
    return "-".join(" ".join(word.capitalize() for word in part.split(" ")) for part in spelled.split("-"))


@lru_cache(maxsize=_CACHED)
def expanded(text: str) -> str:
    """Return Latin text in ASCII with the letters that German and Nordic writers use: Müller, Mueller."""
    return _ascii(text, "latin")


@lru_cache(maxsize=_CACHED)
def flattened(text: str) -> str:
    """Return Latin text with every accent dropped: Müller, Muller."""
    return _ascii(text, "latin_flat")


@lru_cache(maxsize=_CACHED)
def slug(text: str, separator: str = "") -> str:
    """Return lower-case ASCII letters and digits, as in an address: `O'Brien Smith` becomes `obriensmith`."""
    plain = flattened(text).lower().replace("'", "")
    return separator.join(part for part in _NOT_PLAIN.split(plain) if part)


@cache
def _table(script: str, *, other: bool) -> dict[str, str]:
    tables = word_file("romanise")
    return {**tables[script], **(tables[f"{script}_other"] if other else {})}


def _letters(text: str, table: dict[str, str]) -> list[str]:
    spelled, at = [], 0
    while at < len(text):
        pair = text[at : at + 2]
        size = 2 if pair in table else 1
        spelled.append(table.get(text[at : at + size], text[at]))
        at += size
    return spelled


def _ascii(text: str, table_name: str) -> str:
    if text.isascii():
        return text
    table = word_file("romanise")[table_name]
    return _flat("".join(_cased(letter, table.get(letter.lower(), letter)) for letter in text))


def _cased(letter: str, replacement: str) -> str:
    return replacement.capitalize() if letter.isupper() else replacement


def _flat(text: str) -> str:
    return "".join(mark for mark in unicodedata.normalize("NFKD", text) if not unicodedata.combining(mark))
