"""Countries: cities, addresses, telephone numbers, legal forms, endings of domains. Nobody lives here yet."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from wb_pipeline.synthetic.dice import Dice, Wheel
from wb_pipeline.synthetic.word_files import place_words


class City(NamedTuple):
    """A city; `other` is another name of it ("" if none), `postcode` a pattern, `area` its telephone code."""

    name: str
    other: str
    region: str
    postcode: str
    area: str


class Phone(NamedTuple):
    """A telephone number in the parts that people write with different marks between them."""

    country: str
    area: str
    line: str


class Address(NamedTuple):
    """A postal address; `short` is the street with its usual abbreviation."""

    street: str
    short: str
    city: City
    postal_code: str


@dataclass(frozen=True, slots=True)
class Country:
    """What addresses, numbers and firms look like in one country."""

    code: str
    names: list[str]
    geo: list[str]
    cities: list[City]
    street: str
    numbers: int
    street_words: list[str]
    street_types: list[tuple[str, str]]
    units: list[str]
    calling_code: str
    trunk: str
    line: str
    mobile: str
    legal: list[tuple[str, str]]
    tlds: list[str]
    cultures: Wheel

    def draw_address(self, dice: Dice, city: City | None = None) -> Address:
        """Return an address, in the given city or in any."""
        city = city or dice.ranked(self.cities)
        kind, short = dice.pick(self.street_types)
        number = 1 + int(self.numbers * dice.random() ** 2)
        word = dice.pick(self.street_words)
        parts = {"number": number, "word": word}
        unit = f", {dice.fill(dice.pick(self.units))}" if dice.random() < _WITH_UNIT else ""
        street = self.street.format(type=kind, **parts).strip() + unit
        return Address(street, self.street.format(type=short, **parts).strip() + unit, city, dice.fill(city.postcode))

    def draw_landline(self, dice: Dice, area: str) -> Phone:
        """Return a fixed line in the area. A long code leaves a short line: both together have one length."""
        return Phone(self.code, area, dice.fill(self._cut(self.line, area)))

    def draw_mobile(self, dice: Dice, area: str) -> Phone:
        """Return a mobile number; in some countries it carries the code of an area."""
        if self.mobile.startswith("{area}"):
            return Phone(self.code, area, dice.fill(self._cut(self.mobile.removeprefix("{area}"), area)))
        return Phone(self.code, "", dice.fill(self.mobile))

    def _cut(self, line: str, area: str) -> str:
        return line[: len(self.cities[0].area) + len(line) - len(area)]


_WITH_UNIT = 0.22


@cache
def country(code: str) -> Country:
    """Return the country with this two-letter code."""
    words = place_words()[code]
    plain = (
        "names",
        "geo",
        "street",
        "numbers",
        "street_words",
        "units",
        "calling_code",
        "trunk",
        "line",
        "mobile",
        "tlds",
    )
    return Country(
        code=code,
        cities=[_city(text) for text in words["cities"]],
        street_types=[_pair(text) for text in words["street_types"]],
        legal=[_pair(text) for text in words["legal"]],
        cultures=Wheel(words["cultures"]),
        **{name: words[name] for name in plain},
    )


def country_weights() -> dict[str, float]:
    """Return how many firms each country has, relative to the others."""
    return {code: float(words["weight"]) for code, words in place_words().items()}


def _city(text: str) -> City:
    names, region, postcode, area = text.split("|")
    name, _, other = names.partition("=")
    return City(name, other, region, postcode, area)


def _pair(text: str) -> tuple[str, str]:
    first, _, second = text.partition("=")
    return first, second
