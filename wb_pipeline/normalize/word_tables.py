"""Tables of spellings as text that people can read and amend: one line `word: spelling, spelling`. Holds no words."""

from __future__ import annotations

from pathlib import Path

_WORDS = Path(__file__).resolve().parent / "words"


def by_spelling(text: str) -> dict[str, str]:
    """Return spelling -> word. Lines are `word: spelling, spelling`; blank lines and `# remarks` are left out."""
    return {spelling: word for word, spellings in _lines(text) for spelling in spellings}


def spellings_of(text: str) -> dict[str, frozenset[str]]:
    """Return word -> its spellings, of the same lines; a word may have several lines."""
    found: dict[str, frozenset[str]] = {}
    for word, spellings in _lines(text):
        found[word] = found.get(word, frozenset()) | frozenset(spellings)
    return found


def word_set(text: str) -> frozenset[str]:
    """Return the words of a text, which blanks and lines part."""
    return frozenset(text.split())


def read_words(name: str) -> str:
    """Return the text of a file of the folder `words`."""
    return (_WORDS / name).read_text(encoding="utf-8")


def _lines(text: str) -> list[tuple[str, list[str]]]:
    parted = (line.partition(":") for line in text.splitlines() if line.strip() and not line.startswith("#"))
    return [(word.strip(), [spelling.strip() for spelling in rest.split(",")]) for word, _, rest in parted]
