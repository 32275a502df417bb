"""Which option of a picklist a text stands for."""

from __future__ import annotations

import pytest

from wb_pipeline.normalize.picklists import picklist

SIZES = picklist(frozenset(["1-10", "11-50", "51-200", "201-500", "501-1000", "1001-5000", "5001-10000", "10001+"]))
INDUSTRIES = picklist(
    frozenset(["Software", "Food and Beverage"]),
    frozenset([("SaaS", "Software"), ("Food & Beverages", "Food and Beverage"), ("Gone", "Not in the list")]),
)


@pytest.mark.parametrize(
    ("given", "option"),
    [
        ("340", "201-500"),
        ("1", "1-10"),
        ("110", "51-200"),
        ("201\u2013500", "201-500"),
        ("11-50 employees", "11-50"),
        ("5,001-10,000", "5001-10000"),
        ("10,001+ Employees", "10001+"),
        ("250 to 300", "201-500"),
        ("12000", "10001+"),
        ("0", None),
        ("100-600", None),
        ("500-201", None),
        ("5000+", None),
        ("10.5", None),
        ("1,50", None),
        ("many", None),
        ("9" * 60, None),
    ],
)
def test_number_stands_for_its_range(given: str, option: str | None) -> None:
    """FLD-5, EVD-7: 340 employees is in 201-500; a range counts where it lies in one option."""
    assert SIZES.find(given) == option


@pytest.mark.parametrize(
    ("given", "option"),
    [
        ("Software", "Software"),
        ("saas", "Software"),
        ("SAAS", "Software"),
        ("FOOD_AND_BEVERAGES", "Food and Beverage"),
        ("software", None),
        ("Gone", None),
        ("SaaS " * 1_000, None),
    ],
)
def test_word_stands_for_its_option(given: str, option: str | None) -> None:
    """FLD-5: the policy's word in any spelling; an option stands for itself, letter by letter."""
    assert INDUSTRIES.find(given) == option


def test_word_of_two_options_stands_for_none() -> None:
    """FLD-5: nobody guesses which of two was meant."""
    options = frozenset(["A", "B"])
    assert picklist(options, frozenset([("x y", "A"), ("X_Y", "B")])).find("x y") is None


def test_nearest_options_are_named() -> None:
    """FLD-5: who writes a value that is not there learns which ones come near it, in bounded time."""
    assert INDUSTRIES.nearest("Softwear") == ["Software"]
    assert INDUSTRIES.nearest("software") == ["Software"]
    assert INDUSTRIES.nearest("Rocketry") == []
    assert INDUSTRIES.nearest("x" * 1_000_000) == []
