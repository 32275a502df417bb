"""Text from outside made fit to be read: one line, no hidden characters, cut. Escaping for HTML: `pages.document`."""

from __future__ import annotations

import unicodedata

# Control, format (bidi overrides, invisible ones), surrogate, private, line and paragraph separators.
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})


def visible(value: object, most_characters: int) -> str:
    """Return one line of visible text of at most so many characters, cut with three dots."""
    given = str(value)
    shown = "".join(" " if unicodedata.category(each) in _HIDDEN else each for each in given[:most_characters])
    return f"{shown}..." if len(given) > most_characters else shown
