"""Makes up names of firms, in the ways firms are named. Their variants stand in company_variants.py."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from wb_pipeline.synthetic.cultures import culture
from wb_pipeline.synthetic.dice import Dice, Wheel
from wb_pipeline.synthetic.places import Country
from wb_pipeline.synthetic.word_files import split_words, word_file

NamePair = tuple[str, str]
"""The words that make a firm this firm, and the word for what it does ("" if the name does not say)."""

_COINED_WITH_DESCRIPTOR = 0.45
_SECOND_NOUN = 0.35


def draw_name(dice: Dice, country: Country, industry: str) -> NamePair:
    """Return a new name."""
    return _MAKERS[_MAKER_WHEEL.spin(dice)](dice, country, industry)


def draw_descriptor(dice: Dice, industry: str) -> str:
    """Return a word for what a firm of the industry does."""
    return dice.pick(_industries()[industry])


def draw_industry(dice: Dice) -> str:
    """Return an industry, common ones more often."""
    return dice.ranked(list(_industries()))


def draw_surname(dice: Dice, country: Country) -> str:
    """Return the surname of a founder."""
    return culture(country.cultures.spin(dice)).draw_last(dice, female=False)[0]


def draw_noun(dice: Dice) -> str:
    """Return a noun that firms call themselves by."""
    return dice.pick(_nouns())


def coined(dice: Dice) -> str:
    """Return a word that did not exist: Travona, Klenvista, Zupio."""
    onsets, vowels, codas, ends = _syllables()
    word = dice.pick(onsets) + dice.pick(vowels)
    if dice.chance(0.55):
        word += dice.pick(codas) + dice.pick(onsets) + dice.pick(vowels)
    word += dice.pick(ends) if dice.chance(0.4) else dice.pick(codas)
    word = word if len(word) > 2 else word + dice.pick(ends)  # noqa: PLR2004 - two letters are no name
    return word.upper() if dice.chance(0.04) else word.capitalize()


def acronym(dice: Dice) -> str:
    """Return two to four capital letters."""
    letters = dice.fill("@" * (2 + dice.below(3)))
    return ".".join(letters) + "." if dice.chance(0.06) else letters


def _coined(dice: Dice, country: Country, industry: str) -> NamePair:  # noqa: ARG001 - all makers are called alike
    return coined(dice), draw_descriptor(dice, industry) if dice.chance(_COINED_WITH_DESCRIPTOR) else ""


def _surname(dice: Dice, country: Country, industry: str) -> NamePair:
    return draw_surname(dice, country), draw_descriptor(dice, industry)


def _partners(dice: Dice, country: Country, industry: str) -> NamePair:
    joint = dice.pick((" & ", " & ", " and ", ", ", "-", " + ", " y " if country.code in {"ES", "MX"} else " & "))
    second = dice.pick(("Sons", "Co", "Partners", "Söhne")) if dice.chance(0.2) else draw_surname(dice, country)
    third = f" & {draw_surname(dice, country)}" if joint == ", " else ""
    named = f"{draw_surname(dice, country)}{joint}{second}{third}"
    return named, draw_descriptor(dice, industry) if dice.chance(0.5) else ""


def _noun(dice: Dice, country: Country, industry: str) -> NamePair:  # noqa: ARG001 - all makers are called alike
    first = draw_noun(dice)
    second = draw_noun(dice) if dice.chance(_SECOND_NOUN) else ""
    stem = f"{first}{second.lower()}" if second and dice.chance(0.3) else f"{first} {second}".strip()
    return stem, draw_descriptor(dice, industry)


def _place(dice: Dice, country: Country, industry: str) -> NamePair:
    city = dice.ranked(country.cities)
    place = dice.pick((city.name, city.other or city.name, city.region or city.name, country.geo[0]))
    noun = f" {draw_noun(dice)}" if dice.chance(0.3) else ""
    return f"{place}{noun}", draw_descriptor(dice, industry)


def _acronym(dice: Dice, country: Country, industry: str) -> NamePair:  # noqa: ARG001 - all makers are called alike
    return acronym(dice), draw_descriptor(dice, industry) if dice.chance(0.7) else ""


def _long(dice: Dice, country: Country, industry: str) -> NamePair:
    words = word_file("companies")["long_patterns"]
    named: str = dice.pick(words).format(
        city=dice.ranked(country.cities).name,
        d=draw_descriptor(dice, industry),
        surname=draw_surname(dice, country),
        noun=draw_noun(dice),
    )
    return named, ""


def _founder(dice: Dice, country: Country, industry: str) -> NamePair:
    people = culture(country.cultures.spin(dice))
    female = dice.chance(0.4)
    first, last = people.draw_first(dice, female=female)[0], people.draw_last(dice, female=female)[0]
    named = dice.pick((f"{first} {last}", f"{first}'s", f"{first[0]}. {last}", f"Dr. {last}", f"{last}'s"))
    return named, draw_descriptor(dice, industry)


def _numbered(dice: Dice, country: Country, industry: str) -> NamePair:  # noqa: ARG001 - all makers are called alike
    number = dice.pick(("24", "360", "7", "101", "3", "1st", "4", "21", "99", str(1900 + dice.below(120))))
    noun = draw_noun(dice)
    return dice.pick((f"{noun}{number}", f"{number} {noun}", f"{noun} {number}")), draw_descriptor(dice, industry)


def _franchise(dice: Dice, country: Country, industry: str) -> NamePair:  # noqa: ARG001 - all makers are called alike
    brand: str = dice.pick(word_file("companies")["franchises"])
    return f"{brand} {dice.ranked(country.cities).name}", ""


_MAKERS: dict[str, Callable[[Dice, Country, str], NamePair]] = {
    "coined": _coined,
    "surname": _surname,
    "partners": _partners,
    "noun": _noun,
    "place": _place,
    "acronym": _acronym,
    "long": _long,
    "founder": _founder,
    "numbered": _numbered,
    "franchise": _franchise,
}
_MAKER_WHEEL = Wheel(
    {
        "coined": 26,
        "surname": 15,
        "partners": 10,
        "noun": 20,
        "place": 7,
        "acronym": 6,
        "long": 5,
        "founder": 6,
        "numbered": 3,
        "franchise": 2,
    }
)


@cache
def _industries() -> dict[str, list[str]]:
    industries: dict[str, list[str]] = word_file("companies")["industries"]
    return industries


@cache
def _nouns() -> list[str]:
    return split_words(word_file("companies")["nouns"])


@cache
def _syllables() -> tuple[list[str], list[str], list[str], list[str]]:
    words = word_file("companies")
    onsets, vowels, codas, ends = (words[key].split() for key in ("onsets", "vowels", "codas", "coined_ends"))
    return onsets, vowels, ["" if coda == "-" else coda for coda in codas], ends
