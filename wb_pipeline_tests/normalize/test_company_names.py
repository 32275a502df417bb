"""Tests of normalize/company_names.py and legal_forms.py."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wb_pipeline.normalize.company_names import parse_company
from wb_pipeline.normalize.letters import MAX_TOKENS

# name -> core, legal form, geography, sequence mark
CASES = [
    ("Northwind", ("northwind", None, "", None)),
    ("Northwind, Inc.", ("northwind", "corp", "", None)),
    ("Northwind Incorporated", ("northwind", "corp", "", None)),
    ("The Northwind Company", ("northwind", None, "", None)),
    ("Northwind Ltd", ("northwind", "ltd", "", None)),
    ("Northwind Co., Ltd.", ("northwind", "ltd", "", None)),
    ("Northwind GmbH & Co. KG", ("northwind", "gmbh kg", "", None)),
    ("Northwind Gesellschaft mit beschr\u00e4nkter Haftung", ("northwind", "gmbh", "", None)),
    ("Northwind S.p.A.", ("northwind", "spa", "", None)),
    ("Northwind S. A.", ("northwind", "sa", "", None)),
    ("Northwind S.A. de C.V.", ("northwind", "sa", "", None)),
    ("Northwind Sp. z o.o.", ("northwind", "spzoo", "", None)),
    ("Northwind Pty Ltd", ("northwind", "pty", "", None)),
    ("Northwind A/S", ("northwind", "as", "", None)),
    ("\u041e\u041e\u041e \u0420\u043e\u043c\u0430\u0448\u043a\u0430", ("romashka", "ooo", "", None)),
    ("\u682a\u5f0f\u4f1a\u793e\u30c8\u30e8\u30bf", ("toyota", "kk", "", None)),
    ("M\u00fcller & S\u00f6hne OHG", ("muller sohne", "ohg", "", None)),
    ("Procter and Gamble", ("procter gamble", None, "", None)),
    ("Oil &Gas Partners", ("oil gas partners", None, "", None)),
    ("Northwind (US) Inc.", ("northwind", "corp", "us", None)),
    ("Northwind Germany", ("northwind", None, "germany", None)),
    ("Northwind UK Ltd", ("northwind", "ltd", "uk", None)),
    ("Northwind Traders - San Francisco", ("northwind traders", None, "san francisco", None)),
    ("Northwind LLC - HQ", ("northwind", "llc", "", None)),
    ("Northwind Ltd / Billing", ("northwind", "ltd", "", None)),
    ("Northwind #5678", ("northwind", None, "", None)),
    ("Northwind - 00123", ("northwind", None, "", None)),
    ("*DO NOT USE* Northwind", ("northwind", None, "", None)),
    ("Northwind (formerly Southwind)", ("northwind", None, "", None)),
    ("Northwind f.k.a. Southwind", ("northwind", None, "", None)),
    ("\U0001f680 Northwind", ("northwind", None, "", None)),
    ("northwind.com", ("northwind", None, "", None)),
    ("www.north-wind.co.uk", ("north wind", None, "", None)),
    ("Northwind.com Inc.", ("northwind", "corp", "", None)),
    ("Northwind Intl Mfg", ("northwind international manufacturing", None, "", None)),
    ("Growth Fund II", ("growth fund ii", None, "", "ii")),
    ("Growth Fund 2 LP", ("growth fund 2", "lp", "", "2")),
    ("3M", ("3m", None, "", None)),
    ("U.S. Steel Corp.", ("us steel", "corp", "", None)),
    # Whole names stay whole.
    ("Bank of America", ("bank of america", None, "", None)),
    ("Air France", ("air france", None, "", None)),
    ("Michael Jordan", ("michael jordan", None, "", None)),
    ("Northwind Holdings", ("northwind holdings", None, "", None)),
    ("LLC", ("llc", None, "", None)),
    ("United States", ("united states", None, "", None)),
    ("The The", ("the the", None, "", None)),
    ("(Northwind)", ("northwind", None, "", None)),
    ("", ("", None, "", None)),
    ("***", ("", None, "", None)),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_a_firms_name_is_told_from_its_form_place_and_remarks(text, expected):
    """IDN-6: spellings of one firm meet in the same core; what may tell two firms apart is kept beside it."""
    name = parse_company(text)
    assert (" ".join(name.core), name.legal_form, " ".join(name.geo), name.sequence) == expected


@given(st.one_of(st.text(max_size=60), st.text("ab. (),-&*#12\x00\u202e\ud800\u00fc", max_size=60)))
def test_any_text_has_parts_of_bounded_ascii_letters(text):
    """No text raises; parts are plain, non-empty and few."""
    name = parse_company(text)
    for part in (*name.core, *name.geo):
        assert part
        assert part.isascii()
        assert part.isalnum()
        assert part == part.lower()
    assert len(name.core) <= MAX_TOKENS
    assert len(name.geo) <= MAX_TOKENS


@given(
    st.lists(
        st.sampled_from(["Acme", "Fund", "of", "and", "Inc", "Ltd", "GmbH", "Co", "Germany", "us", "II", "AG"]),
        max_size=6,
    )
)
def test_a_core_that_is_read_again_ends_where_it_stays(names):
    """Reading a core again only ever takes words away, and comes to an end."""
    core = " ".join(names)
    for _ in range(len(names) + 1):
        core = " ".join(parse_company(core).core)
    assert " ".join(parse_company(core).core) == core


def test_a_name_of_megabytes_is_cut():
    """CON-7: what is longer than any name costs no more than one."""
    assert parse_company("a" * 5_000_000).core == ("a" * 200,)
    assert len(parse_company("word " * 10_000).core) == MAX_TOKENS
