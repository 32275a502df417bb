"""What a firm's name says once legal form, branch place and remarks are set aside. Knows nothing of domains' owners."""

from __future__ import annotations

import re
from typing import NamedTuple

from wb_pipeline.normalize.legal_forms import strip_legal_forms
from wb_pipeline.normalize.letters import MAX_TOKENS, latin
from wb_pipeline.normalize.places import branch_places
from wb_pipeline.normalize.word_tables import by_spelling

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
_ASIDE = re.compile(r"[(\[{]([^)\]}]*)[)\]}]")
_DEPARTMENT = re.compile(
    r"\s[/|-]\s*(hq|head ?quarters|head office|billing|main|ap|accounts payable|branch|office)\s*$"
)
_TRAILING_ID = re.compile(r"(?:\s+(?:#|no\.?|id:?)\s?\d+|\s+[-/:|]?\s*(?:0\d+|\d{5,}))\s*$")
_DOMAIN = re.compile(r"(?:https?://)?(?:www\.)?([a-z0-9-]{2,63})(?:\.(?:co|com|org|net|ac))?\.[a-z]{2,12}/?")
_DOT_ENDING = re.compile(r"(?<=[a-z0-9]{2})\.(?:com|net|org|io|ai)\b")
_SINGLE_LETTERS = re.compile(r"\b([a-z])\.\s?(?=[a-z]\b)")
_APOSTROPHE_S = re.compile("['`\u2018\u2019\u02bc\u00b4]")
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
_NEVER_ALONE = frozenset(
    "air bank banca banco banque bank credit electricite gaz hotel of radio royal tele telecom university".split()  # noqa: SIM905
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
    plain, asides = _without_remarks(text)
    found = _linkless(_WORD.findall(plain))
    rest, form = strip_legal_forms(found)
    rest, place = _strip_place(rest)
    if place:
        rest, inner_form = strip_legal_forms(rest)
        form = form or inner_form
    core = tuple(_ABBREVIATIONS.get(word, word) for word in rest[:MAX_TOKENS])
    last = core[-1] if len(core) > 1 else ""
    geo = (*place, *(word for aside in asides for word in aside))
    return CompanyName(core, form, geo[:MAX_TOKENS], last if _SEQUENCE.fullmatch(last) else None)


def _without_remarks(text: str) -> tuple[str, list[tuple[str, ...]]]:
    """Return the name in Latin letters without remarks, ids and departments, and the places named in brackets."""
    if not text.isascii():
        for written, spoken in _ABROAD:
            text = text.replace(written, spoken)
    plain = _APOSTROPHE_S.sub("", latin(text)).strip()
    domain = _DOMAIN.fullmatch(plain)
    if domain:
        return domain[1].replace("-", " "), []
    asides: list[tuple[str, ...]] = []
    if not plain.replace(" ", "").isalnum():
        plain, asides = _tidied(plain)
    kept = _REMARK.sub(" ", plain)
    return (kept if _WORD.search(kept) else plain), asides


def _tidied(plain: str) -> tuple[str, list[tuple[str, ...]]]:
    asides = [tuple(_WORD.findall(aside)) for aside in _ASIDE.findall(plain)]
    kept = plain
    for pattern in (_ASIDE, _DEPARTMENT, _TRAILING_ID):
        kept = pattern.sub(" ", kept)
    kept = _DOT_ENDING.sub("", kept if _WORD.search(kept) else plain)
    kept = _SINGLE_LETTERS.sub(r"\1", kept)
    return kept, [aside for aside in asides if aside in branch_places()]


def _linkless(found: list[str]) -> list[str]:
    """Return words without `and` and `the`; all of them where nothing else is left (`The The`)."""
    kept = [word for word in found if word not in _LINKS]
    return kept or found


def _strip_place(found: list[str]) -> tuple[list[str], tuple[str, ...]]:
    """Return the words without a place at the end, and that place; a name needs a word of its own before it."""
    for size in range(min(_LONGEST_PLACE, len(found) - 1), 0, -1):
        place, rest = tuple(found[-size:]), found[:-size]
        if place in branch_places() and rest[-1] not in _NEVER_ALONE:
            return rest, place
    return found, ()
