"""Mentions of numbers, ranges of employees, amounts and currencies. Who means them, and how: `weigh`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from wb_pipeline.evidence.support.quantities import Quantity, currencies, quantities
from wb_pipeline.evidence.support.weigh import Mention
from wb_pipeline.normalize.numbers import normalize_number
from wb_pipeline.normalize.word_tables import word_set

if TYPE_CHECKING:
    from collections.abc import Callable

    from wb_pipeline.evidence.support.claim import Claim
    from wb_pipeline.evidence.support.sentence import Sentence

_RANGE = re.compile(r"(\d{1,9})(?:-(\d{1,9})|(\+))")
_ROUND = 0.5e-6
_FIRM = word_set("headcount employ employs employing employees grown grew workforce payroll")
_CALENDAR = word_set("days day weeks week months month years year hours hour minutes o am pm")
_MONEY_WORDS = word_set(
    "budget amount price cost costs pay paying spend set offer works approved released total annually invoice figure "
    "sum limit cap contract deal order fee value number finance allocated earmarked"
)

_HOW_MANY = re.compile(r"how (?:many (?:people|employees|staff|heads|of you)|big|large)|headcount")
_AROUND = word_set("""
we i are am is it about around roughly approximately some circa ca close to just over under now today at the moment yes
yeah right well so um uh currently all in total altogether give or take of us here last count think guess say would and
plus maybe checked when by my there exactly oh ish more less than that makes let me see
""")
_LEAST_BARE_AMOUNT = 1_000
"""From here a number without a currency is an amount, where money is spoken of; 25 may be seats."""


def range_of(value: Any) -> tuple[float, float] | None:
    """Return the ends of `201-500` or `10001+`; None for anything else."""
    found = _RANGE.fullmatch(value.strip().replace(",", "").replace(" ", "")) if isinstance(value, str) else None
    if found is None:
        return None
    return float(found[1]), float("inf") if found[3] else float(found[2])


def find_in_range(claim: Claim) -> Callable[[Sentence], list[Mention]]:
    """Return a finder of headcounts within the claimed range, or outside of it."""
    low, high = range_of(claim.value) or (0.0, -1.0)

    def find(sentence: Sentence) -> list[Mention]:
        found = []
        for each in quantities(sentence.words):
            is_inside = low <= each.low and each.high <= high
            if not _is_own_team(sentence, each) and _is_headcount(sentence, each, is_inside=is_inside):
                found.append(Mention(each.start, each.end, same=is_inside))
        return found

    return find


def _is_headcount(sentence: Sentence, quantity: Quantity, *, is_inside: bool) -> bool:
    """Say whether a number counts the firm's people. One that speaks for the value has to say so more plainly."""
    if quantity.unit is not None:
        return quantity.unit == "people"
    is_answer = _is_bare(sentence, quantity) if is_inside else _is_short(sentence, quantity)
    return is_answer or _is_of_firm(sentence) or _is_asked(sentence, quantity)


def _is_short(sentence: Sentence, quantity: Quantity) -> bool:
    words = [word for word in sentence.words if word[:1].isalnum()]
    return len(words) <= quantity.end - quantity.start + 4 and not 1900 <= quantity.low < 2100  # noqa: PLR2004 - years


def _is_own_team(sentence: Sentence, quantity: Quantity) -> bool:
    """Say whether a number is that of somebody's team: the company has more people than those one leads."""
    before = sentence.words[max(0, quantity.start - 6) : quantity.start]
    return "team" in before and bool(
        {"i", "my", "lead", "manage", "run", "leading", "managing", "running"} & set(before)
    )


def _is_of_firm(sentence: Sentence) -> bool:
    return bool(_FIRM & set(sentence.words))


def _is_asked(sentence: Sentence, quantity: Quantity) -> bool:
    """Say whether a number begins the answer to how many people there are."""
    before = [word for word in sentence.words[: quantity.start] if word[:1].isalnum() and word not in _AROUND]
    return not before and bool(_HOW_MANY.search(sentence.asked.lower()))


def _is_bare(sentence: Sentence, quantity: Quantity) -> bool:
    """Say whether a number stands alone, as in an answer; a year does not."""
    rest = [*sentence.words[: quantity.start], *sentence.words[quantity.end :]]
    others = [word for word in rest if word[:1].isalnum() and word not in _AROUND]
    return not others and not 1900 <= quantity.low < 2100  # noqa: PLR2004 - years


def find_number(claim: Claim) -> Callable[[Sentence], list[Mention]]:
    """Return a finder of the claimed number; other numbers of its kind stand in its place."""
    wanted = normalize_number(claim.value)
    is_percent = "percent" in claim.field or "discount" in claim.field
    is_amount = "amount" in claim.field or "budget" in claim.field

    is_term = any(word in claim.field for word in ("month", "year", "day", "week", "term"))

    def find(sentence: Sentence) -> list[Mention]:
        found = []
        for each in quantities(sentence.words):
            low, high = _in_unit(claim.field, each)
            same = wanted is not None and abs(low - wanted) <= _ROUND and abs(high - wanted) <= _ROUND
            is_within = not same and wanted is not None and low < wanted < high
            if same and is_amount and claim.currency and each.is_money and each.unit != claim.currency.upper():
                found.append(Mention(each.start, each.end, same=False))
            elif same or is_within:
                fits = (each.unit == "percent") == is_percent and (each.unit not in _CALENDAR or is_term)
                found += [Mention(each.start, each.end, same=True, loose=is_within)] if fits else []
            elif _in_its_place(sentence, each, is_percent=is_percent, is_amount=is_amount):
                found.append(Mention(each.start, each.end, same=False))
        return found

    return find


def _in_unit(field: str, quantity: Quantity) -> tuple[float, float]:
    """Return a number in the unit of its field: three years are 36 months."""
    if "month" in field and quantity.unit in ("year", "years"):
        return 12 * quantity.low, 12 * quantity.high
    return quantity.low, quantity.high


def _in_its_place(sentence: Sentence, quantity: Quantity, *, is_percent: bool, is_amount: bool) -> bool:
    if is_percent:
        return quantity.unit == "percent"
    if is_amount:
        about_money = quantity.is_money or bool(_MONEY_WORDS & set(sentence.words))
        is_large = quantity.low >= _LEAST_BARE_AMOUNT and quantity.unit not in _CALENDAR
        return quantity.is_money or (about_money and is_large)
    return quantity.unit not in _CALENDAR and quantity.unit != "percent" and not quantity.is_money


def find_currency(claim: Claim) -> Callable[[Sentence], list[Mention]]:
    """Return a finder of currencies."""
    wanted = str(claim.value).strip().upper()

    def find(sentence: Sentence) -> list[Mention]:
        return [Mention(place, place + 1, same=code == wanted) for code, place in currencies(sentence.words)]

    return find
