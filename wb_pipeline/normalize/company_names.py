"""What a firm's name says once legal form, branch place and remarks are set aside. Knows nothing of domains' owners."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from wb_pipeline.normalize.legal_forms import strip_legal_forms
from wb_pipeline.normalize.letters import MAX_TOKENS, latin
from wb_pipeline.normalize.places import branch_places
from wb_pipeline.normalize.word_tables import by_spelling, word_set

_ABROAD = (
    ("株式会社", " kk "),
    ("有限会社", " yk "),
    ("有限公司", " co ltd "),
    ("주식회사", " kk "),
    ("\uff08株\uff09", " kk "),
)
_REMARK = re.compile(
    r"\*+[^*]*\*+|\bdo not use\b|\bdnu\b|\bduplicate\b|\bobsolete\b|\binactive\b|\bformerly\b.*|\bf\.?k\.?a\.?\b.*"
    r"|\bold account\b|\btest account\b"
)
_ASIDE = re.compile(r"[(\[]([^)\]]*)[)\]]")
_DEPARTMENT = re.compile(
    r"\s[/|-]\s*(hq|head ?quarters|head office|billing|main|ap|accounts payable|branch|office)\s*$"
)
_TRAILING_ID = re.compile(r"(?:\s+(?:#|no\.?|id:?)\s?\d+|\s+[-/:|]?\s*(?:0\d+|\d{5,}))\s*$")
_DOMAIN = re.compile(r"(?:https?://)?(?:www\.)?([a-z0-9-]{2,63})(?:\.(?:co|com|org|net|ac))?\.[a-z]{2,12}/?")
_DOT_ENDING = re.compile(r"(?<=[a-z0-9]{2})\.(?:com|net|org|io|ai)\b")
_SINGLE_LETTERS = re.compile(r"\b([a-z])\.\s?(?=[a-z]\b)")
# Without one of them no remark is looked for: most names have none.
_REMARK_WORDS = frozenset({"use", "dnu", "duplicate", "obsolete", "inactive", "formerly", "fka", "account"})
_WORD = re.compile(r"[a-z0-9]+")
_LINKS = frozenset({"and", "und", "et", "en", "the"})
_ABBREVIATIONS = by_spelling("""
international: intl, int
manufacturing: mfg
management: mgmt
national: natl
associates: assoc, assocs
brothers: bros
group: grp
holdings: hldgs
holding: hldg
technologies: tech, technology, techs
services: svc, svcs, service
systems: sys, system
engineering: eng, engr
development: dev
industries: ind, inds
university: univ
center: ctr, centre
labs: lab, laboratories
solutions: solution, soln, solns
financial: fin
consulting: consult
distribution: distr, dist
pharmaceuticals: pharma
communications: comm, comms
equipment: equip
insurance: ins
construction: constr
logistics: logs
st: saint
hospital: hosp
department: dept
electric: elec
products: prod, prods
properties: props
""")
# `Bank of America` and `Air France` are whole names: no branch follows these.
_NEVER_ALONE = word_set(
    "air bank banca banco banque bank credit electricite gaz hotel of radio royal tele telecom university"
)
_SEQUENCE = re.compile(r"(?:ii|iii|iv|v|vi|vii|viii|ix|x|xi|xii|[1-9][0-9]?)")
_LONGEST_PLACE = 3


class CompanyName(NamedTuple):
    """Parts of a firm's name in lower-case ASCII.

    `core` are its words without legal form, branch place, `the`, `and` and remarks, abbreviations written out;
    `geo` the words of dropped places; `sequence` the number at the core's end (`ii`, `2`), which stays in the core.
    """

    core: tuple[str, ...]
    legal_form: str | None
    geo: tuple[str, ...]
    sequence: str | None


def parse_company(text: str) -> CompanyName:
    """Return the parts of a firm's name; `core` is empty only where the text has no letter and no digit."""
    plain = _plain(text)
    asides = [tuple(_WORD.findall(aside)) for aside in _ASIDE.findall(plain)] if "(" in plain or "[" in plain else []
    found = _words(plain)
    rest, form = strip_legal_forms(found)
    rest, place = _strip_place(rest)
    if place:
        rest, inner_form = strip_legal_forms(rest)
        form = form or inner_form
    core = tuple(_ABBREVIATIONS.get(word, word) for word in rest[:MAX_TOKENS])
    last = core[-1] if len(core) > 1 else ""
    geo = (*place, *(word for aside in asides if aside in branch_places() for word in aside))
    return CompanyName(core, form, geo[:MAX_TOKENS], last if _SEQUENCE.fullmatch(last) else None)


def _plain(text: str) -> str:
    """Return the name in Latin letters; of a domain that stands for a name, what was registered."""
    if not text.isascii():
        for written, spoken in _ABROAD:
            text = text.replace(written, spoken)
    plain = latin(text).replace("'", "").replace("`", "").strip()
    domain = _DOMAIN.fullmatch(plain) if "." in plain and " " not in plain else None
    return domain[1].replace("-", " ") if domain else plain


def _words(plain: str) -> list[str]:
    """Return the words of a name without remarks, ids, departments and links, unless nothing else is left."""
    kept = _tidied(plain)
    found = _WORD.findall(kept)
    if "*" in kept or not _REMARK_WORDS.isdisjoint(found):
        found = _WORD.findall(_REMARK.sub(" ", kept))
    return _linkless(found or _WORD.findall(plain))


def _tidied(plain: str) -> str:
    """Return the name without what follows or is set apart; each pattern is tried only where it could hold."""
    if "(" in plain or "[" in plain:
        plain = _ASIDE.sub(" ", plain)
    if "/" in plain or "|" in plain or "-" in plain:
        plain = _DEPARTMENT.sub(" ", plain)
    if plain[-1:].isdigit():
        plain = _TRAILING_ID.sub(" ", plain)
    if "." in plain:
        plain = _SINGLE_LETTERS.sub(r"\1", _DOT_ENDING.sub("", plain))
    return plain


def _linkless(found: list[str]) -> list[str]:
    """Return words without `and` and `the`; all of them where nothing else is left (`The The`)."""
    kept = [word for word in found if word not in _LINKS]
    return kept or found


def _strip_place(found: list[str]) -> tuple[list[str], tuple[str, ...]]:
    """Return the words without a place at the end, and that place; a name needs a word of its own before it."""
    if found and found[-1] in _last_place_words():
        for size in range(min(_LONGEST_PLACE, len(found) - 1), 0, -1):
            place, rest = tuple(found[-size:]), found[:-size]
            if place in branch_places() and rest[-1] not in _NEVER_ALONE:
                return rest, place
    return found, ()


@cache
def _last_place_words() -> frozenset[str]:
    return frozenset(place[-1] for place in branch_places() if place)
