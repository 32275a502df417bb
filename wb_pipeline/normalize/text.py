"""One form for text: NFKC, plain spaces, no invisible trickery. Nothing about what a text means."""

from __future__ import annotations

import re
import unicodedata

# Controls but tab and line ends; marks that reorder what a reader sees; lone surrogates; the BOM; non-characters.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)
_PLAIN = re.compile(r"[!-~]+(?: [!-~]+)*")
# Letters by their category that nobody sees, and categories of which no character is seen by itself.
_BLANK_LETTERS = frozenset("\u115f\u1160\u2800\u3164\uffa0\u17b4\u17b5")
_UNSEEN = frozenset({"Cc", "Cf", "Mn", "Me", "Zl", "Zp", "Zs"})
MAX_EXTERNAL_ID = 255


def is_blank(text: str) -> bool:
    """Say whether nobody would see anything: no characters, or only spaces, invisible ones and blank letters."""
    if not text.strip():
        return True
    return not text.isascii() and all(c in _BLANK_LETTERS or unicodedata.category(c) in _UNSEEN for c in text)


def has_forbidden_characters(text: str) -> bool:
    """Say whether a text holds control characters, lone surrogates or marks that reorder the display."""
    return not (text.isascii() and text.isprintable()) and _FORBIDDEN.search(text) is not None


def normalize_text(text: str) -> str:
    """Return the comparison form: NFKC, each run of spaces one space, lines kept, ends trimmed. Idempotent."""
    if _PLAIN.fullmatch(text):
        return text
    folded = unicodedata.normalize("NFKC", text)
    lines = (" ".join(line.split()) for line in folded.splitlines())
    return unicodedata.normalize("NFKC", "\n".join(lines).strip())


def normalize_external_id(text: str) -> str | None:
    """Return an external id as a key, or None. Letter case is kept: some CRMs' ids differ by nothing else."""
    if len(text) > MAX_EXTERNAL_ID or has_forbidden_characters(text):
        return None
    key = normalize_text(text)
    is_nested_json = key[:1] in ("{", "[")
    return None if not key or is_nested_json or "\n" in key or len(key) > MAX_EXTERNAL_ID else key
