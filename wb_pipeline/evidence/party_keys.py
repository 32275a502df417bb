"""Addresses and profiles in key form, as evidence and records write them. Whose they are is decided elsewhere."""

from __future__ import annotations

import json
import re

from wb_pipeline.evidence.speakers import mailbox
from wb_pipeline.normalize.domains import registrable_domain
from wb_pipeline.normalize.emails import normalize_email
from wb_pipeline.normalize.urls import normalize_url

MOST_ADDRESSES = 50
"""Addresses of one field that are read."""
_MOST_CHARACTERS = 20_000
_PARTING = re.compile(r"[;,\s]+")


def address_key(text: str) -> str | None:
    """Return the key of an address, also of one behind a name (`Ana <ana@acme.example>`)."""
    return normalize_email(mailbox(text)[1] or "")


def address_keys(text: str) -> list[str]:
    """Return the addresses in the JSON text of a field: one, a list, or several in one text."""
    try:
        value = json.loads(text[:_MOST_CHARACTERS])
    except (ValueError, RecursionError):
        return []
    written = value if isinstance(value, list) else _PARTING.split(value) if isinstance(value, str) else []
    keys = (address_key(each) for each in written[:MOST_ADDRESSES] if isinstance(each, str))
    return sorted({key for key in keys if key})


def profile_key(url: str) -> str | None:
    """Return a profile's address without scheme, country, query or last slash; None where it names no profile."""
    plain = url.strip().lower()
    normal = normalize_url(plain if "://" in plain else f"https://{plain}")
    if normal is None:
        return None
    host, _, path = normal.partition("://")[2].partition("?")[0].partition("#")[0].partition("/")
    path = path.strip("/")
    return f"{registrable_domain(host)}/{path}" if path else None
