"""Any text as lower-case ASCII letters and its words, bounded. What the words mean is for others to say."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii

MAX_TEXT = 200
"""Characters of a name, title or street that are read; who writes more writes something else."""
MAX_TOKENS = 12

_CACHED_TEXTS = 131_072
_WORD = re.compile(r"[a-z0-9]+")
# Unseen marks vanish; pictures, private and unassigned characters part words. Anything else has a transliteration.
_UNSEEN = frozenset({"Cf", "Mn", "Me"})
_NO_LETTERS = frozenset({"Cc", "Cs", "Co", "Cn", "So", "Sk", "Zl", "Zp"})
_DIGRAPHS = (("ae", "a"), ("oe", "o"), ("ue", "u"))


def latin(text: str) -> str:
    """Return the first 200 letters in lower-case ASCII: `Jürgen` is `jurgen`, `Иван` is `ivan`. Pictures are blanks."""
    cut = text[:MAX_TEXT]
    return cut.lower() if cut.isascii() else _transliterated(cut)


def words(text: str) -> list[str]:
    """Return the words (letters and digits) of a text in Latin letters, at most twelve; apostrophes part nothing."""
    return _WORD.findall(latin(text).replace("'", "").replace("`", ""))[:MAX_TOKENS]


def folded_digraphs(letters: str) -> str:
    """Return letters with `ae`, `oe`, `ue` as `a`, `o`, `u`: `mueller` meets `muller`. A second key: `sue` is `su`."""
    for digraph, vowel in _DIGRAPHS:
        letters = letters.replace(digraph, vowel)
    return letters


@lru_cache(maxsize=_CACHED_TEXTS)
def _transliterated(text: str) -> str:
    seen = (_seen(character) for character in unicodedata.normalize("NFKD", text))
    return anyascii("".join(seen)).lower()[:MAX_TEXT]


def _seen(character: str) -> str:
    category = unicodedata.category(character)
    if category in _UNSEEN:
        return ""
    return " " if category in _NO_LETTERS else character
