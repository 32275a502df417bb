"""Tests of normalize/addresses.py, titles.py, places.py and letters.py."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wb_pipeline.normalize.addresses import parse_postal_code, parse_street
from wb_pipeline.normalize.letters import MAX_TEXT, folded_digraphs, latin, words
from wb_pipeline.normalize.places import branch_places, country_code
from wb_pipeline.normalize.titles import title_words

STREETS = [
    ("12 Main Street", ("12", "main street", None)),
    ("12 Main St.", ("12", "main street", None)),
    ("12-14 N. Main St., Suite 400", ("12", "north main street", "400")),
    ("100 5th Ave Floor 3", ("100", "fifth avenue", "3")),
    ("24 Oak Rd #542", ("24", "oak road", "542")),
    ("24 Oak Road Ste 5b", ("24", "oak road", "5b")),
    ("Hauptstr. 5a", ("5a", "haupt street", None)),
    ("Hauptstra\u00dfe 5 a", ("5a", "haupt street", None)),
    ("Am Markt 3, 2. OG", ("3", "am markt", "2")),
    ("12 rue de la Paix", ("12", "rue de la paix", None)),
    ("C/ Mayor 12", ("12", "calle mayor", None)),
    ("P.O. Box 123", ("123", "po box", None)),
    ("Postfach 12", ("12", "po box", None)),
    ("Market Square", (None, "market square", None)),
    ("", (None, None, None)),
    ("\u202e\x00", (None, None, None)),
]


@pytest.mark.parametrize(("text", "expected"), STREETS)
def test_a_street_line_is_told_apart(text, expected):
    """House number, street and unit in one spelling."""
    assert tuple(parse_street(text)) == expected


@given(st.text(max_size=60))
def test_any_street_line_has_parts_or_none_but_never_empty_ones(text):
    """No text raises, and no part is empty."""
    for part in (*parse_street(text), parse_postal_code(text), country_code(text)):
        assert part != ""
        assert part is None or part.isascii()


@pytest.mark.parametrize(
    ("text", "expected"),
    [("EC1 6NJ", "ec16nj"), ("12345-6789", "12345"), ("3019 DG", "3019dg"), ("75001", "75001"), ("-", None)],
)
def test_a_postal_code_is_letters_and_digits(text, expected):
    """Blanks and the long ZIP code do not matter."""
    assert parse_postal_code(text) == expected


TITLES = [
    ("SVP Sales", "president sales vice"),
    ("Senior Vice President, Sales", "president sales vice"),
    ("Sr. Software Engineer II", "engineer software"),
    ("Software Eng", "engineer software"),
    ("Director of Sales", "director sales"),
    ("Sales Director", "director sales"),
    ("CTO", "chief officer technology"),
    ("Chief Technology Officer", "chief officer technology"),
    ("HR Mgr", "human manager resources"),
    ("Gesch\u00e4ftsf\u00fchrer", "director managing"),
    ("Senior", "senior"),
    ("***", ""),
]


@pytest.mark.parametrize(("text", "expected"), TITLES)
def test_a_title_says_the_work_and_not_the_rank(text, expected):
    """Rank, order and abbreviation do not matter."""
    assert " ".join(title_words(text)) == expected


@given(st.text(max_size=60))
def test_a_titles_words_read_again_are_the_same(text):
    """The words are sorted, single and plain."""
    once = title_words(text)
    assert all(word.isalnum() and word.isascii() for word in once)
    assert once == sorted(set(once))


COUNTRIES = {
    **dict.fromkeys(("US", "usa", "U.S.", "U.S.A.", "United States", "the United States of America"), "US"),
    **dict.fromkeys(("GB", "UK", "Great Britain", "England", "GBR", "United Kingdom"), "GB"),
    **dict.fromkeys(("DE", "DEU", "Deutschland", "Germany", "Allemagne"), "DE"),
    **dict.fromkeys(("The Netherlands", "Nederland", "Holland"), "NL"),
    **dict.fromkeys(("Espa\u00f1a", "Spain"), "ES"),
    **dict.fromkeys(("Czechia", "Czech Republic"), "CZ"),
    "\u65e5\u672c": "JP",
    "\u0420\u043e\u0441\u0441\u0438\u044f": "RU",
    "\u00d6sterreich": "AT",
    **dict.fromkeys(("", "N/A", "xx", "somewhere", "\x00"), None),
}


@pytest.mark.parametrize(("text", "code"), COUNTRIES.items())
def test_a_country_is_known_by_any_usual_spelling(text, code):
    """Codes and names of several languages are one country; others are none."""
    assert country_code(text) == code


def test_places_of_branches_are_words_and_no_peoples_names():
    """A name that people bear too is no place of a branch."""
    assert ("san", "francisco") in branch_places()
    assert ("germany",) in branch_places()
    assert not {("jordan",), ("chad",), ()} & branch_places()


@given(st.text(max_size=300))
def test_letters_are_ascii_and_read_again_the_same(text):
    """Reading what was read changes nothing."""
    once = latin(text)
    assert once.isascii()
    assert len(once) <= MAX_TEXT
    assert latin(once) == once
    assert words(once) == words(text)
    assert folded_digraphs(folded_digraphs(once)).isascii()
