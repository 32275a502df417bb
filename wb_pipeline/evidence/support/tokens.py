"""Text as sentences of tokens: contractions written out, typographic signs made plain. What words mean: elsewhere."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

MAX_SENTENCE = 1_000
"""Characters of a sentence that are read: longer ones are no speech and would cost time."""
MAX_SENTENCES = 400
"""Sentences of an item that are read when no passage is quoted. Beyond it the item is too long to be read whole."""

_PLAIN = str.maketrans(
    {"\u2019": "'", "\u2018": "'", "\u201c": '"', "\u201d": '"', "\u2013": "-", "\u2014": " - ", "\xa0": " "}
)
_CONTRACTIONS = (
    (re.compile(r"\b(?:won't|wont)\b", re.IGNORECASE), "will not"),
    (re.compile(r"\b(?:can't|cannot)\b", re.IGNORECASE), "can not"),
    (re.compile(r"\bshan't\b", re.IGNORECASE), "shall not"),
    (re.compile(r"\bain't\b", re.IGNORECASE), "is not"),
    (re.compile(r"\b(dont|doesnt|didnt|isnt|wasnt|havent|hasnt)\b", re.IGNORECASE), "not"),
    (re.compile(r"n't\b", re.IGNORECASE), " not"),
    (re.compile(r"'re\b", re.IGNORECASE), " are"),
    (re.compile(r"'m\b", re.IGNORECASE), " am"),
    (re.compile(r"'ll\b", re.IGNORECASE), " will"),
    (re.compile(r"'d better\b", re.IGNORECASE), " had better"),
    (re.compile(r"'d\b", re.IGNORECASE), " would"),
    (re.compile(r"'ve\b", re.IGNORECASE), " have"),
    (re.compile(r"\b(it|that|he|she|what|there|here|who|where)'s\b", re.IGNORECASE), r"\1 is"),
    (re.compile(r"\blet's\b", re.IGNORECASE), "let us"),
    (re.compile(r"\bwanna\b", re.IGNORECASE), "want to"),
    (re.compile(r"\bgonna\b", re.IGNORECASE), "going to"),
    (re.compile(r"'s\b", re.IGNORECASE), ""),
)
# Most sentences have none of them.
_CONTRACTED = re.compile(r"'|\b(?:dont|doesnt|didnt|isnt|wasnt|havent|hasnt|wont|cannot|wanna|gonna)\b", re.IGNORECASE)
_TOKEN = re.compile(r"\d+(?:[.,']\d+)*|[^\W\d_]+|[%$€£?!.,;:()/|&@+#-]")
_END = re.compile(r"(?<=[.!?])[\"')]*\s+|\n{2,}")
_ABBREVIATION = re.compile(
    r"\b(?:mr|mrs|ms|dr|prof|approx|inc|ltd|co|corp|no|e\.g|i\.e|vs|st|jr|sr|dept|ca|resp)\.$", re.IGNORECASE
)


class Token(NamedTuple):
    """A word, number or sign. `word` is its form in small Latin letters without accents, `text` as it stands."""

    word: str
    text: str


def plain(text: str) -> str:
    """Return text with contractions written out and typographic signs made plain."""
    made = text.translate(_PLAIN)
    if _CONTRACTED.search(made):
        for pattern, written in _CONTRACTIONS:
            made = pattern.sub(written, made)
    return made


def tokens(text: str) -> list[Token]:
    """Return the tokens of a text."""
    return [Token(_folded(found), found) for found in _TOKEN.findall(plain(text[:MAX_SENTENCE]))]


def word_list(text: str) -> list[str]:
    """Return the words and numbers of a text, without signs."""
    return [token.word for token in tokens(text) if token.word[0].isalnum()]


def sentences(text: str, *, by_line: bool = False) -> list[str]:
    """Return the sentences of a text. A line end parts sentences where the next line begins like a new one."""
    whole = text if by_line else _unwrapped(text)
    parts: list[str] = []
    for line in whole.split("\n"):
        for piece in _END.split(line):
            if parts and _ABBREVIATION.search(parts[-1]) and piece:
                parts[-1] += " " + piece
            elif piece.strip():
                parts.append(piece.strip())
    return parts


def _unwrapped(text: str) -> str:
    """Join lines that a mail program broke: the next one goes on in small letters or with a number."""
    return re.sub(r"(?<=[^\n.!?:])\n(?=[a-z0-9(])", " ", text)


def _folded(word: str) -> str:
    if word.isascii():
        return word.lower()
    return "".join(c for c in unicodedata.normalize("NFKD", word.lower()) if not unicodedata.combining(c))
