"""Canonical JSON and content hashes: the one way in which this project turns things into digests."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

_READ_BYTES = 1 << 20
# Made once: `json.dumps` with these options would make one per call, and a batch has hundreds of thousands of values.
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def canonical_json(value: Any) -> str:
    """Return JSON with sorted keys, no spaces and no NaN: equal values give equal text.

    Raises ValueError for NaN and infinity.
    """
    return _ENCODER.encode(value)


def text_hash(text: str) -> str:
    """Return the SHA-256 of a text (UTF-8; lone surrogates kept) as 64 hex digits."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def content_hash(value: Any) -> str:
    """Return the SHA-256 of a value's canonical JSON as 64 hex digits."""
    return text_hash(canonical_json(value))


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file's bytes as 64 hex digits, reading it in pieces."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while piece := stream.read(_READ_BYTES):
            digest.update(piece)
    return digest.hexdigest()
