"""What a domain's name looks like to a hasty reader, as a skeleton. Which pairs look alike: `lookalike_domains`."""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache
from typing import TYPE_CHECKING

import idna
from anyascii import anyascii
from confusable_homoglyphs import confusables

from wb_pipeline.normalize.domains import normalize_domain, registrable_domain

if TYPE_CHECKING:
    from collections.abc import Callable

_CACHED_DOMAINS = 262_144
_IDN = "xn--"
# Letters that run together on a screen, and digits that pass for letters (UTS 39 lists them as confusable).
_LOOKS = (("rn", "m"), ("vv", "w"), ("0", "o"), ("1", "l"))


def label_of(domain: str) -> str:
    """Return the label that somebody chose when registering, readable: `muller` for `www.xn--mller-kva.co.uk`.

    `domain` is a host, URL or address. The answer is lower-case ASCII, hyphens kept; empty for what names no domain.
    """
    return _ascii_letters(_registered_label(domain), anyascii)


def skeleton(domain: str) -> str:
    """Return what the registered label looks like; equal where only homoglyphs, hyphens or the ending differ.

    International letters are read as the Latin ones that they resemble (the Cyrillic a is an a), then `rn` is
    m, `vv` w, `0` o and `1` l, and hyphens go. Lower-case ASCII letters and digits; empty for what names no domain.
    """
    return folded(label_as_seen(domain).replace("-", ""))


@lru_cache(maxsize=_CACHED_DOMAINS)
def label_as_seen(domain: str) -> str:
    """Return the registered label in ASCII by shape, hyphens kept: what the eye reads; `label_of` is what it says."""
    return _ascii_letters(_registered_label(domain), _resembled)


def folded(letters: str) -> str:
    """Return ASCII letters with those read as one another made one: `acrne` and `acme` alike are `acme`."""
    for look, plain in _LOOKS:
        letters = letters.replace(look, plain)
    return letters


def _ascii_letters(label: str, read: Callable[[str], str]) -> str:
    """Return a label as lower-case ASCII letters, digits and hyphens, each other character as `read` reads it."""
    if label.isascii():
        return label
    base = (c for c in unicodedata.normalize("NFKD", label) if not unicodedata.combining(c))
    seen = "".join(c if c.isascii() else read(c) for c in base).lower()
    return "".join(c for c in seen if c == "-" or c.isalnum())


@lru_cache(maxsize=_CACHED_DOMAINS)
def _registered_label(domain: str) -> str:
    host = normalize_domain(domain)
    if host is None:
        return ""
    label = registrable_domain(host).partition(".")[0]
    return _decoded(label) if label.startswith(_IDN) else label


def _decoded(label: str) -> str:
    try:
        return idna.decode(label)
    except (idna.IDNAError, UnicodeError):
        return label


@cache
def _resembled(character: str) -> str:
    """Return the ASCII letter or digit of the same shape; its transliteration where there is none."""
    found = confusables.is_confusable(character, greedy=True) or []
    shapes = {homoglyph["c"].casefold() for entry in found for homoglyph in entry["homoglyphs"]}
    looks = sorted(shape for shape in shapes if len(shape) == 1 and shape.isascii() and shape.isalnum())
    return looks[0] if looks else anyascii(character)
