"""Host names from domains, URLs and email addresses, and the part of them that somebody registered. No DNS."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import urlsplit

import idna
import tldextract

MAX_HOST = 253
_MAX_GIVEN = 2_048
_CACHED_HOSTS = 65_536
_PLAIN_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?")
# The suffix list that travels with the library: the answer never depends on the network or on a cache folder.
_extract = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)


def normalize_host(text: str) -> str | None:
    """Return a bare host name in lower-case ASCII (IDNA), or None: no dot, an IP address, a label that cannot be.

    `www.` stays; see `normalize_domain` for the form that identifies a company.
    """
    host = text.strip().lower().removesuffix(".")
    if len(host) > MAX_HOST:
        return None
    if host.isascii() and "--" not in host:
        return host if _PLAIN_HOST.fullmatch(host) else None
    return _international_host(host)


@lru_cache(maxsize=_CACHED_HOSTS)
def _international_host(host: str) -> str | None:
    try:
        encoded = idna.encode(host, uts46=True, std3_rules=True).decode("ascii").lower().removesuffix(".")
    except (idna.IDNAError, UnicodeError):
        return None
    return encoded if len(encoded) <= MAX_HOST and _PLAIN_HOST.fullmatch(encoded) else None


def normalize_domain(text: str) -> str | None:
    """Return the full host, without `www.`, that a domain, URL or email address names, or None."""
    given = text.strip()
    if len(given) > _MAX_GIVEN:
        return None
    host = normalize_host(_host_part(given))
    while host is not None and host.startswith("www.") and host.count(".") > 1:
        host = host[len("www.") :]
    return host


def _host_part(given: str) -> str:
    if "://" in given:
        try:
            return urlsplit(given).hostname or ""
        except ValueError:
            return ""
    return re.split(r"[/?#]", given.rpartition("@")[2], maxsplit=1)[0]


@lru_cache(maxsize=_CACHED_HOSTS)
def registrable_domain(host: str) -> str:
    """Return what was registered: `acme.co.uk` for `mail.acme.co.uk`. `host` is a normalized host.

    Under an unlisted suffix (`northwind.example`) it is the last two labels; a bare suffix is returned as it is.
    """
    if host.count(".") == 1:
        # Two labels are what was registered, or a suffix, which is returned as it is.
        return host
    found = _extract.extract_str(host)
    return found.top_domain_under_public_suffix or (host if found.suffix else ".".join(host.split(".")[-2:]))
