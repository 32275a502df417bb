"""Any text as lower-case ASCII letters and its words, bounded. What the words mean is for others to say."""

from __future__ import annotations

import re
import unicodedata

from anyascii import anyascii

MAX_TEXT = 200
"""Characters of a name, title or street that are read; who writes more writes something else."""
MAX_TOKENS = 12

_WORD = re.compile(r"[a-z0-9]+")
_APOSTROPHES = re.compile("['`\u2018\u2019\u02bc\u00b4]")
# Unseen marks vanish; pictures, private and unassigned characters part words. Anything else has a transliteration.
_UNSEEN = frozenset({"Cf", "Mn", "Me"})
_NO_LETTERS = frozenset({"Cc", "Cs", "Co", "Cn", "So", "Sk", "Zl", "Zp"})
_DIGRAPHS = (("ae", "a"), ("oe", "o"), ("ue", "u"))


def latin(text: str) -> str:
    """Return the first 200 letters in lower-case ASCII: `Jürgen` is `jurgen`, `Иван` is `ivan`. Pictures are blanks."""
    cut = text[:MAX_TEXT]
    if cut.isascii():
        return cut.lower()
    seen = (_seen(character) for character in unicodedata.normalize("NFKD", cut))
    return anyascii("".join(seen)).lower()[:MAX_TEXT]


def words(text: str) -> list[str]:
    """Return the words (letters and digits) of a text in Latin letters, at most twelve; apostrophes part nothing."""
    return _WORD.findall(_APOSTROPHES.sub("", latin(text)))[:MAX_TOKENS]


def folded_digraphs(letters: str) -> str:
    """Return letters with `ae`, `oe`, `ue` as `a`, `o`, `u`: `mueller` meets `muller`. A second key: `sue` is `su`."""
    for digraph, vowel in _DIGRAPHS:
        letters = letters.replace(digraph, vowel)
    return letters


def _seen(character: str) -> str:
    category = unicodedata.category(character)
    if category in _UNSEEN:
        return ""
    return " " if category in _NO_LETTERS else character
