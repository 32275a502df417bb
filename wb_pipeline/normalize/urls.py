"""Web addresses: http and https only, in one form. Never fetches anything."""

from __future__ import annotations

import re
from urllib.parse import urlsplit, urlunsplit

from wb_pipeline.normalize.domains import normalize_host
from wb_pipeline.normalize.text import has_forbidden_characters

MAX_LENGTH = 2_048
_DEFAULT_PORTS = {"http": 80, "https": 443}
_UNSAFE = re.compile(r"[\s<>\"\\^`{|}]")


def normalize_url(text: str) -> str | None:
    """Return an absolute http(s) address with lower-case host and no default port, or None.

    Refused: other schemes (`javascript:`), addresses that carry a user or password, IP and single-label hosts.
    """
    given = text.strip()
    if len(given) > MAX_LENGTH or _UNSAFE.search(given) or has_forbidden_characters(given):
        return None
    try:
        parts = urlsplit(given)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in _DEFAULT_PORTS or "@" in parts.netloc:
        return None
    host = normalize_host(parts.hostname or "")
    if host is None:
        return None
    netloc = host if port in (None, _DEFAULT_PORTS[parts.scheme]) else f"{host}:{port}"
    url = urlunsplit((parts.scheme, netloc, parts.path or "/", parts.query, parts.fragment))
    return url if len(url) <= MAX_LENGTH else None
