"""Values and text from outside as a reader sees them: nothing hidden, not endless. Escaping is the templates' own."""

from __future__ import annotations

import json
import unicodedata
from typing import Any

from wb_pipeline.canonical import canonical_json

MOST_CHARACTERS = 20_000
# Control, format (bidi overrides, invisible ones), surrogate, private, line and paragraph separators.
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
_KEPT = frozenset("\n\t")
EMPTY = "(empty)"


def shown(text: str, most_characters: int = MOST_CHARACTERS) -> str:
    """Return a text with hidden characters written out, such as [U+202E]; long text is cut with a word about it."""
    left = len(text) - most_characters
    cut = text if left <= 0 else f"{text[:most_characters]} … ({left:,} more characters)"
    if cut.isprintable():
        return cut
    return "".join(_written_out(each) for each in cut)


def _written_out(character: str) -> str:
    if character in _KEPT or unicodedata.category(character) not in _HIDDEN:
        return character
    return f"[U+{ord(character):04X}]"


def value_of(text: str | None) -> Any:
    """Return a sealed value, which is JSON as text; text that is no JSON stands for itself."""
    if text is None:
        return None
    try:
        return json.loads(text)
    except ValueError:
        return text


def value_words(value: Any) -> str:
    """Return a value as people write it."""
    match value:
        case None | "":
            return EMPTY
        case bool():
            return "yes" if value else "no"
        case str():
            return value
        case list() if all(isinstance(each, str | int | float) for each in value):
            return ", ".join(str(each) for each in value) or EMPTY
        case dict() | list():
            return _json(value)
        case _:
            return str(value)


def _json(value: Any) -> str:
    try:
        return canonical_json(value)
    except ValueError:
        return str(value)
