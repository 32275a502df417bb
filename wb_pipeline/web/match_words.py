"""How a record was found, in words: of an item's record and of those that it could mean alike."""

from __future__ import annotations

_WORDS = {
    "given_id": "named by its id",
    "exact_email": "found by its email address",
    "exact_domain": "found by its domain",
    "likeness": "found by likeness",
}


def found_words(match_method: str | None) -> str:
    """Return how the matching came to a record; a way that is new here by its own name."""
    return _WORDS.get(match_method or "", (match_method or "").replace("_", " "))
