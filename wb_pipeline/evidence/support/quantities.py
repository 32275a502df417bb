"""Numbers in running text: digits, words, ranges, thousands, percent, money. No dates, phones or judging."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from wb_pipeline.normalize.word_tables import word_set

if TYPE_CHECKING:
    from collections.abc import Sequence

_UNITS = {
    word: number
    for number, word in enumerate(
        [
            *(
                "zero",
                "one",
                "two",
                "three",
                "four",
                "five",
                "six",
                "seven",
                "eight",
                "nine",
                "ten",
                "eleven",
                "twelve",
            ),
            *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
        ]
    )
}
_TENS = {
    word: 10 * number
    for number, word in enumerate(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], start=2
    )
} | {"fourty": 40}
_SCALES = {
    "hundred": 100,
    "thousand": 1_000,
    "grand": 1_000,
    "k": 1_000,
    "million": 1_000_000,
    "mio": 1_000_000,
    "mn": 1_000_000,
    "m": 1_000_000,
    "mm": 1_000_000,
    "lakh": 100_000,
    "lakhs": 100_000,
    "lac": 100_000,
    "crore": 10_000_000,
    "crores": 10_000_000,
    "billion": 10**9,
    "bn": 10**9,
    "dozen": 12,
}
_CURRENCIES = {
    "$": "USD",
    "usd": "USD",
    "dollar": "USD",
    "dollars": "USD",
    "bucks": "USD",
    "€": "EUR",
    "eur": "EUR",
    "euro": "EUR",
    "euros": "EUR",
    "£": "GBP",
    "gbp": "GBP",
    "pound": "GBP",
    "pounds": "GBP",
    "quid": "GBP",
    "sterling": "GBP",
    "chf": "CHF",
    "francs": "CHF",
    "cad": "CAD",
    "aud": "AUD",
    "jpy": "JPY",
    "yen": "JPY",
    "kronor": "SEK",
    "krona": "SEK",
    "zloty": "PLN",
    "zlotys": "PLN",
    "sek": "SEK",
    "nok": "NOK",
    "dkk": "DKK",
    "pln": "PLN",
    "brl": "BRL",
    "mxn": "MXN",
    "inr": "INR",
    "rs": "INR",
    "ils": "ILS",
    "nis": "ILS",
    "shekels": "ILS",
    "zar": "ZAR",
    "rand": "ZAR",
    "reais": "BRL",
    "rupees": "INR",
    "sgd": "SGD",
    "nzd": "NZD",
}
_DOLLARS = {
    "r": "BRL",
    "a": "AUD",
    "au": "AUD",
    "australian": "AUD",
    "aussie": "AUD",
    "c": "CAD",
    "ca": "CAD",
    "canadian": "CAD",
    "nz": "NZD",
    "s": "SGD",
    "sg": "SGD",
    "singapore": "SGD",
    "hk": "HKD",
}
_GROUPED = re.compile(r"\d{1,3}(?:[,.']\d{3})+|\d{1,2}(?:,\d{2})+,\d{3}")
_WITH_CENTS = re.compile(r"(\d{1,3}(?:[,.']\d{2,3})+)([,.])(\d{1,2})")
_PEOPLE = word_set(
    "people person employees employee staff staffers heads headcount persons fte ftes colleagues workers workforce "
    "souls strong members payroll us folks hires engineers team"
)
_NOT_PEOPLE = word_set("customers clients customer client users sites stores licences licenses seats years days")
_NO_UNITS = word_set(
    "in at on of to and by for from now is was so or as per but then all then with this that these today"
)
_NUMBER_WORDS = frozenset({*_UNITS, *_TENS, *_SCALES})
_PEOPLE_BEFORE = word_set("headcount employ employs staff workforce payroll employees employing")
_ENDS = word_set("in and but with after at for")
_THOUSAND = 1_000
_REACH = 4
"""Tokens after a number within which its unit stands."""


class Quantity(NamedTuple):
    """A number, or a range of them, at tokens `start` to `end`. `unit`: percent, currency, people or the next word."""

    low: float
    high: float
    unit: str | None
    start: int
    end: int

    @property
    def is_money(self) -> bool:
        """Whether the unit is a currency."""
        return self.unit is not None and self.unit.isupper()


def quantities(words: Sequence[str]) -> list[Quantity]:
    """Return the numbers of a sentence's tokens, ranges joined."""
    if not any(word[0].isdigit() or word in _NUMBER_WORDS for word in words):
        return []
    found: list[Quantity] = []
    place = 0
    while place < len(words):
        number, end = _number(words, place)
        if number is None:
            place += 1
            continue
        found.append(Quantity(number, number, _unit(words, place, end), place, end))
        place = end
    return _ranges(words, found)


def currencies(words: Sequence[str]) -> list[tuple[str, int]]:
    """Return the currencies named, each with its place."""
    return [(code, place) for place in range(len(words)) if (code := _currency(words, place)) is not None]


def _currency(words: Sequence[str], place: int) -> str | None:
    """Return the currency that a token names; a letter before `$` says whose dollar it is."""
    if not 0 <= place < len(words):
        return None
    if words[place] == "$" and place and words[place - 1] in _DOLLARS:
        return _DOLLARS[words[place - 1]]
    if words[place] in ("dollar", "dollars") and place and words[place - 1] in _DOLLARS:
        return _DOLLARS[words[place - 1]]
    return _CURRENCIES.get(words[place])


def _number(words: Sequence[str], place: int) -> tuple[float | None, int]:
    word = words[place]
    if word[:1].isdigit():
        value = _digits(word)
        return _scaled(words, value, place + 1) if value is not None else (None, place + 1)
    if (
        word in ("a", "half")
        and place + 1 < len(words)
        and words[place + 1] in ("hundred", "thousand", "million", "dozen")
    ):
        value, end = _scaled(words, 1.0 if word == "a" else 0.5, place + 1)
        more, after = _spelled(words, end + 1) if words[end : end + 1] == ["and"] else (None, end)
        return (value, end) if more is None else (value + more, after)
    return _spelled(words, place)


def _digits(word: str) -> float | None:
    if _GROUPED.fullmatch(word):
        return float(re.sub(r"[,.']", "", word))
    cents = _WITH_CENTS.fullmatch(word)
    if cents and _GROUPED.fullmatch(cents[1]) and cents[2] not in cents[1]:
        whole = re.sub(r"[,.']", "", cents[1])
        return float(f"{whole}.{cents[3]}")
    plain = word.replace("'", "").replace(",", ".")
    return float(plain) if plain.count(".") <= 1 and len(plain) <= 20 else None  # noqa: PLR2004 - no CRM number is longer


def _scaled(words: Sequence[str], value: float, place: int) -> tuple[float, int]:
    while place < len(words) and words[place] in _SCALES:
        value, place = value * _SCALES[words[place]], place + 1
    return value, place


def _spelled(words: Sequence[str], start: int) -> tuple[float | None, int]:
    """Read `thirty thousand`, `two hundred and fifty`; a lone `one` is rather a word than a number."""
    total, part, place = 0.0, 0.0, start
    while place < len(words):
        word = words[place]
        if word in _UNITS or word in _TENS:
            part += _UNITS.get(word, 0) or _TENS.get(word, 0)
        elif word in _SCALES and place > start and word not in ("k", "m", "mm"):
            part = max(part, 1) * _SCALES[word]
            if _SCALES[word] >= _THOUSAND:
                total, part = total + part, 0.0
        elif not (word in ("and", "-") and place > start and _goes_on(words, place + 1, word)):
            break
        place += 1
    is_word = place == start or (place == start + 1 and words[start] == "one")
    return (None, start + 1) if is_word else (total + part, place)


def _goes_on(words: Sequence[str], place: int, joint: str) -> bool:
    if place >= len(words) or (words[place] not in _UNITS and words[place] not in _TENS):
        return False
    return words[place - 2] in (_TENS if joint == "-" else _SCALES)


def _unit(words: Sequence[str], start: int, end: int) -> str | None:
    after = words[end : end + _REACH]
    before = start - 2 if words[start - 1 : start] == ["."] else start - 1  # "Rs. 5"
    money = _currency(words, before) or _currency(words, end)
    if money is None and after[:1] and after[0] in _DOLLARS:
        money = _currency(words, end + 1)
    if money is not None:
        return money
    if after[:1] in (["%"], ["percent"], ["pct"]) or after[:2] == ["per", "cent"]:
        return "percent"
    counted = _counted(after)
    if counted:
        return counted
    window = set(words[max(0, start - _REACH - 2) : start])
    if window & _PEOPLE_BEFORE:
        return "people"
    return next((word for word in after[:1] if word.isalpha() and word not in _NO_UNITS), None)


def _counted(after: Sequence[str]) -> str | None:
    """Return what is counted by a number: people, or something else that is no people."""
    for word in after:
        if word in ("th", "st", "nd", "rd", "or", "-"):
            continue
        if word in _NOT_PEOPLE:
            return word
        if word in _PEOPLE:
            return "people"
        if not word[:1].isalpha() or word in _ENDS or word in _NUMBER_WORDS:
            break
    return None


def _ranges(words: Sequence[str], found: list[Quantity]) -> list[Quantity]:
    made: list[Quantity] = []
    for each in found:
        last = made[-1] if made else None
        between = words[last.end : each.start] if last else []
        is_growth = between == ["to"] and last is not None and "from" in words[max(0, last.start - 2) : last.start]
        if is_growth:
            made[-1] = each
            continue
        is_pair = between in (["-"], ["to"], ["or"]) or (
            between == ["and"] and last is not None and words[max(0, last.start - 1)] == "between"
        )
        if last is not None and is_pair and last.low <= each.high:
            # "30 to 40k": the thousands are those of both.
            is_short = words[each.end - 1] == "k" and last.low < _THOUSAND <= each.high
            low = last.low * _THOUSAND if is_short else last.low
            made[-1] = Quantity(low, each.high, each.unit, last.start, each.end)
        else:
            made.append(each)
    return made
