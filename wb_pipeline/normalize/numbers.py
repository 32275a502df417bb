"""Finite numbers, from JSON numbers or their plain decimal text. No thousands separators, units or currencies."""

from __future__ import annotations

import re

# Above this a 64-bit float no longer tells neighbouring integers apart, and no CRM number is meant.
_LIMIT = 10**15
_DECIMAL = re.compile(r"[+-]?[0-9]{1,20}(?:\.[0-9]{1,20})?")


def normalize_number(value: object) -> int | float | None:
    """Return an int where the number is whole, else a float; None for anything that is not a finite number."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        value = _from_text(value.strip())
    if not isinstance(value, int | float) or not -_LIMIT <= value <= _LIMIT:
        return None
    return int(value) if value == int(value) else value


def _from_text(text: str) -> int | float | None:
    if not _DECIMAL.fullmatch(text):
        return None
    return float(text) if "." in text else int(text)
