"""Cells of a spreadsheet: text from outside that can never become a formula, and back. No files here."""

from __future__ import annotations

import unicodedata
from typing import Any

MOST_CHARACTERS = 32_000
"""A spreadsheet takes 32,767 in a cell; longer text is cut, and never taken back from there."""
_CUT = " ... (cut)"
_GUARD = "'"
# What starts a formula somewhere, its full-width forms, and the guard itself, so that it can be told from text.
_STARTS = frozenset("=+-@|%\uff1d\uff0b\uff0d\uff20'")
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})


def safe_cell(value: object) -> str:
    """Return a value as one harmless cell: hidden characters become spaces, what may start a formula is quoted."""
    text = "" if value is None else str(value)
    visible = "".join(" " if unicodedata.category(each) in _HIDDEN and each != "\n" else each for each in text)
    if len(visible) > MOST_CHARACTERS:
        visible = visible[: MOST_CHARACTERS - len(_CUT)] + _CUT
    # Blanks in front stop no spreadsheet from reading on.
    return _GUARD + visible if visible.lstrip()[:1] in _STARTS else visible


def typed_text(cell: Any) -> str:
    """Return what a person typed into a cell as text, without the quote that we or a spreadsheet put before it."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    text = "" if cell is None else str(cell).replace("\r\n", "\n").replace("\r", "\n").strip()
    return text.removeprefix(_GUARD).strip() if text[1:].lstrip()[:1] in _STARTS else text


def is_same_cell(found: Any, exported: str) -> bool:
    """Say whether a cell still says what was exported: spreadsheets drop quotes and blanks at the ends."""
    return _folded(found) == _folded(exported)


def _folded(cell: Any) -> str:
    return " ".join(typed_text(cell).lstrip(_GUARD).split())
