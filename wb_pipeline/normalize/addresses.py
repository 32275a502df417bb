"""The parts of a street line: house number, street and unit, in one spelling. No geocoding, no check that it exists."""

from __future__ import annotations

import re
from typing import NamedTuple

from wb_pipeline.normalize.letters import MAX_TOKENS, latin
from wb_pipeline.normalize.word_tables import by_spelling, word_set

_SPELLINGS = by_spelling("""
street: st, str, strasse, straat
road: rd
avenue: ave, av, avda, avenida, aven
boulevard: blvd, boul, bd
drive: dr, drv
lane: ln
court: ct, crt
place: pl, p
plaza: plz, pza
square: sq
highway: hwy
parkway: pkwy, pky
circle: cir
terrace: ter, terr
trail: trl
point: pt
center: ctr, centre
heights: hts
mount: mt
fort: ft
expressway: expy
freeway: fwy
crossing: xing
close: cl
gardens: gdns
crescent: cres
grove: gr
park: pk, prk
north: n
south: s
east: e
west: w
northeast: ne
northwest: nw
southeast: se
southwest: sw
calle: c
rue: r
via: v
first: 1st
second: 2nd
third: 3rd
fourth: 4th
fifth: 5th
sixth: 6th
seventh: 7th
eighth: 8th
ninth: 9th
tenth: 10th
st: saint
""")
_WELDED = re.compile(r"([a-z]{3,}?)(?:strasse|str|straat)")
_UNIT = re.compile(
    r"(?:,|\s|^)\s*(?:(?:suite|ste|apt|apartment|unit|room|rm|floor|fl|office|piso|etage|bldg|building|top|no)\b\.?\s*#?"
    r"|#)\s*([a-z0-9-]{1,8})\b.*$"
    r"|,?\s*\b(\d{1,3})(?:st|nd|rd|th|\.)?\s*(?:floor|fl|og|etage|stock)\b.*$"
)
# Without a comma, a number sign or one of them no unit is looked for.
_UNIT_WORDS = word_set("""
apartment apt apt. bldg bldg. building etage fl floor no no. office og piso rm room ste ste. stock suite top unit
""")
_POST_BOX = re.compile(r"\b(?:p\.?\s?o\.?\s?box|postfach|apartado|boite postale|bp)\s*(\d+)")
_BOX_HINTS = ("box", "post", "bp", "apartado")
_NUMBER = re.compile(
    r"(?<![a-z0-9])(\d{1,6})(?:([a-z])|\s([a-z])(?=\s*(?:,|$)))?(?:\s?[-/]\s?\d{1,6}[a-z]?)?(?![a-z0-9])"
)
_WORD = re.compile(r"[a-z0-9]+")


class StreetLine(NamedTuple):
    """House number (`12a`; of a range the first), street in one spelling, unit (`400`); None where not given."""

    house_number: str | None
    street: str | None
    unit: str | None


def parse_street(text: str) -> StreetLine:
    """Return the parts of a street line in lower-case ASCII. Never raises.

    `12-14 N. Main St., Suite 400` is (`12`, `north main street`, `400`), `Hauptstr. 5` is (`5`, `haupt street`, None).
    """
    plain = latin(text)
    box = _POST_BOX.search(plain) if any(hint in plain for hint in _BOX_HINTS) else None
    if box:
        return StreetLine(box[1], "po box", None)
    rest, unit = _without_unit(plain)
    number = _NUMBER.search(rest)
    if number:
        rest = f"{rest[: number.start()]} {rest[number.end() :]}"
    found = _WORD.findall(_WELDED.sub(r"\1 street", rest.replace(".", " ").replace("'", "")))[:MAX_TOKENS]
    street = " ".join(_SPELLINGS.get(word, word) for word in found)
    return StreetLine(number[1] + (number[2] or number[3] or "") if number else None, street or None, unit)


def _without_unit(plain: str) -> tuple[str, str | None]:
    """Return the line without its unit, unless nothing would be left of it, and the unit."""
    found = _UNIT.search(plain) if "," in plain or "#" in plain or not _UNIT_WORDS.isdisjoint(plain.split()) else None
    if not found or not _WORD.search(plain[: found.start()]):
        return plain, None
    return plain[: found.start()], found[1] or found[2]


def parse_postal_code(text: str) -> str | None:
    """Return a postal code as letters and digits: `ec16nj`; of a ZIP+4 the first five digits."""
    letters = "".join(_WORD.findall(latin(text)))[:12]
    is_long_zip = letters.isdigit() and len(letters) == len("123456789")
    return (letters[:5] if is_long_zip else letters) or None
