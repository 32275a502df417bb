"""What the pure functions of `normalize` say about one value, as rows of text for lookups.py. No SQL, no rules."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeAlias
from urllib.parse import unquote

from wb_pipeline.normalize.addresses import parse_postal_code, parse_street
from wb_pipeline.normalize.company_names import parse_company
from wb_pipeline.normalize.domain_skeleton import folded, label_of, skeleton
from wb_pipeline.normalize.domains import normalize_domain, registrable_domain
from wb_pipeline.normalize.letters import latin, words
from wb_pipeline.normalize.person_names import parse_person
from wb_pipeline.normalize.titles import title_words

Reading: TypeAlias = Callable[..., tuple[str | None, ...]]
"""From the texts of one row to the texts of its answer."""

_IDN = "xn--"
_NO_SLUG = re.compile(r"[^a-z0-9-]+")


def person(first: str | None, last: str | None) -> tuple[str | None, ...]:
    """Return given, middle initial, family words, family words without particles, suffix."""
    name = parse_person(first, last)
    return name.given, name.middle, " ".join(name.family) or None, " ".join(name.core) or None, name.suffix


def company(text: str) -> tuple[str | None, ...]:
    """Return core words, legal form, place words, sequence mark."""
    name = parse_company(text)
    return " ".join(name.core) or None, name.legal_form, " ".join(name.geo) or None, name.sequence


def title(text: str) -> tuple[str | None]:
    """Return the title's key."""
    return (" ".join(title_words(text)) or None,)


def place(text: str) -> tuple[str | None]:
    """Return a city's or region's words."""
    return (" ".join(words(text)) or None,)


def street(text: str) -> tuple[str | None, ...]:
    """Return house number, street, unit."""
    return tuple(parse_street(text))


def domain(text: str) -> tuple[str | None, ...]:
    """Return host, registrable domain and its label, of a domain, URL or address."""
    host = normalize_domain(text)
    if host is None:
        return None, None, None
    registrable = registrable_domain(host)
    return host, registrable, _label(registrable)


def host_parts(host: str) -> tuple[str | None, ...]:
    """Return registrable domain, label, suffix and skeleton of a normalized host."""
    registrable = registrable_domain(host)
    label, suffix = _label(registrable), registrable.partition(".")[2]
    is_plain = not registrable.startswith(_IDN)
    return (
        registrable,
        label,
        suffix or None,
        (folded((label or "").replace("-", "")) if is_plain else skeleton(host)) or None,
    )


def _label(registrable: str) -> str | None:
    """Return label_of, for the many domains that are no international names without reading them again."""
    return (label_of(registrable) if registrable.startswith(_IDN) else registrable.partition(".")[0]) or None


def linkedin_slug(path: str) -> tuple[str | None]:
    """Return a slug that is written with percent signs or in other letters, in ASCII."""
    return (_NO_SLUG.sub("", latin(unquote(path)).replace(" ", "-")).strip("-") or None,)


def postal_code(text: str) -> tuple[str | None]:
    """Return a postal code's letters and digits."""
    return (parse_postal_code(text),)
