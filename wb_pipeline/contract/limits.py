"""How large a row from outside may be. Only numbers; the readers and models apply them."""

from __future__ import annotations

from dataclasses import dataclass

KEY_CHARACTERS = 256
"""Longest key of a JSON object, and longest field name."""

ID_CHARACTERS = 500
"""Longest id, reference or name that something is looked up by."""

TEXT_CHARACTERS = 200
"""Longest short text: action, object, operation, source, a time."""


@dataclass(frozen=True)
class Limits:
    """Bounds of one row and of one file (CON-7). Whatever exceeds them is quarantined with its reason, never cut."""

    max_line_bytes: int = 1 << 20
    """Bytes of one line, array element (there: characters) or Parquet row."""

    max_depth: int = 64
    """Objects and lists inside each other."""

    max_keys: int = 2_000
    """Keys of one JSON object, columns of one Parquet file."""

    max_key_characters: int = KEY_CHARACTERS
    max_number_characters: int = 100
    """Digits of one number: more is rubbish, and slow to handle."""

    max_changes: int = 1_000
    """Changes, or payload keys, of one proposal."""

    max_reasons: int = 50
    """Reasons kept for one bad row."""

    raw_text_characters: int = 2_000
    """Characters of a row that are shown to people."""

    max_parquet_bytes: int = 4 << 30
    """Uncompressed size that a Parquet file may state."""


DEFAULT_LIMITS = Limits()
