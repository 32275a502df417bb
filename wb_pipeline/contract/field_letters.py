"""What a field name looks like to a person: invisible characters gone, look-alike letters made Latin. No lookup."""

from __future__ import annotations

import itertools
import math
import unicodedata
from functools import cache

from confusable_homoglyphs import confusables

# Letters and symbols that show nothing, though Unicode does not call them format characters.
_BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0\u17b4\u17b5")
_INVISIBLE = frozenset({"Cf", "Cc", "Mn", "Me", "Mc", "Cn", "Co"})
_MOST_READINGS = 64
_SEPARATORS = frozenset({"Zs", "Zl", "Zp", "Pd", "Pc"})


def plain(name: str) -> str:
    """Return a name folded as people fold it: "First Name", "first-name", "firstName" and "first_name" are one."""
    return "".join(character for character in name.casefold() if not _is_separator(character))


def visible(name: str) -> str:
    """Return a name as it looks: compatibility forms made plain, accents and invisible characters left out."""
    return "".join(c for c in unicodedata.normalize("NFKD", name) if not _is_invisible(c))


def latin_readings(name: str) -> list[str]:
    """Return how a name may be read in Latin letters, each look-alike replaced; nothing where that is too many ways."""
    options = [_latin_options(character) for character in visible(name)]
    if math.prod(len(choice) for choice in options) > _MOST_READINGS:
        return []
    return ["".join(letters) for letters in itertools.product(*options)]


def _is_separator(character: str) -> bool:
    return character.isspace() or unicodedata.category(character) in _SEPARATORS


def _is_invisible(character: str) -> bool:
    if character.isspace():
        return False
    return character in _BLANKS or unicodedata.category(character) in _INVISIBLE


@cache
def _latin_options(character: str) -> tuple[str, ...]:
    """Return the ASCII letters and digits that a character looks like; itself where it looks like none."""
    if character.isascii():
        return (character,)
    found = confusables.is_confusable(character, greedy=True) or []
    shapes = {homoglyph["c"].casefold() for entry in found for homoglyph in entry["homoglyphs"]}
    looks = {shape for shape in shapes if len(shape) == 1 and shape.isascii() and shape.isalnum()}
    if "l" in looks:
        # A plain stroke: Unicode's table says l, people also read a capital I.
        looks.add("i")
    if character.isdecimal():
        looks.add(str(unicodedata.decimal(character)))
    return tuple(sorted(looks)) or (character,)
