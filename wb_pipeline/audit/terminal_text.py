"""Text from outside made safe for a terminal: no control character reaches it. Not for HTML or CSV."""

from __future__ import annotations

import unicodedata

MOST_CHARACTERS = 400

# Control, format (bidi overrides, invisible ones), surrogate, private, line and paragraph separators.
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})


def plain(text: object, most_characters: int = MOST_CHARACTERS) -> str:
    """Return one line of visible text: hidden characters become spaces, long text is cut with a word about it."""
    given = str(text)
    cut = "".join(" " if unicodedata.category(c) in _HIDDEN else c for c in given[:most_characters])
    left = len(given) - most_characters
    return f"{cut} ... ({left:,} more characters)" if left > 0 else cut
