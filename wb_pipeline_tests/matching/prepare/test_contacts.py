"""Tests of prepared contacts: a literal record in, the keys out."""

from __future__ import annotations

from datetime import datetime

import pytest

from wb_pipeline_tests.matching.prepare.factories import contact, one

NAMES = [
    (
        {"first_name": "Bill", "last_name": "M\u00fcller"},
        {"given": "bill", "given_root": "william", "given_initial": "b", "family": "muller", "family_core": "muller"},
    ),
    ({"first_name": "Bill", "last_name": "Mueller"}, {"family_core": "mueller", "family_fold": "muller"}),
    ({"first_name": "J\u00f6rg", "last_name": "X"}, {"given": "jorg", "given_fold": "jorg"}),
    ({"first_name": "Joerg", "last_name": "X"}, {"given": "joerg", "given_fold": "jorg"}),
    (
        {"first_name": "Ludwig", "last_name": "van der Berg"},
        {"family": "vanderberg", "family_core": "berg", "family_tokens": ["berg"], "full_name": "ludwig berg"},
    ),
    (
        {"first_name": "Ana", "last_name": "Garc\u00eda L\u00f3pez"},
        {"family": "garcialopez", "family_core": "garcia", "family_tokens": ["garcia", "lopez"]},
    ),
    ({"first_name": "John B.", "last_name": "Smith Jr."}, {"middle_initial": "b", "name_suffix": "jr"}),
    ({"first_name": "John", "last_name": "Kowalski"}, {"name_key": "john kowalski", "is_name_swapped_possible": False}),
    ({"first_name": "Kowalski", "last_name": "John"}, {"name_key": "john kowalski", "is_name_swapped_possible": True}),
    ({"full_name": "Smith, John"}, {"given": "john", "family_core": "smith", "full_name": "john smith"}),
    (
        {"first_name": "John"},
        {"given": "john", "family": None, "family_tokens": None, "full_name": None, "name_key": "john"},
    ),
    ({"first_name": "n/a", "last_name": "Smith"}, {"given": None, "given_root": None, "given_roots": None}),
    ({}, {"given": None, "family": None, "name_key": None, "full_name": None, "is_name_swapped_possible": False}),
]


@pytest.mark.parametrize(("fields", "expected"), NAMES)
def test_a_persons_name(fields, expected):
    """IDN-2: spellings of one person meet in the same keys."""
    row = contact(**fields)
    assert {name: row[name] for name in expected} == expected


EMAILS = [
    ("Anna.Smith@Acme.com", ("anna.smith@acme.com", "anna.smith", "acme.com", "annasmith", ["anna", "smith"], False)),
    (
        "anna.smith+crm@gmail.com",
        ("anna.smith+crm@gmail.com", "annasmith", "gmail.com", "annasmith", ["annasmith"], False),
    ),
    ("info@acme.com", ("info@acme.com", "info", "acme.com", "info", ["info"], True)),
    ("sales+de@acme.com", ("sales+de@acme.com", "sales", "acme.com", "sales", ["sales"], True)),
    (
        "j_doe-2@b\u00fccher.de",
        ("j_doe-2@xn--bcher-kva.de", "j_doe-2", "xn--bcher-kva.de", "jdoe", ["j", "doe", "2"], False),
    ),
    ("1234@acme.com", ("1234@acme.com", "1234", "acme.com", None, ["1234"], False)),
    ("no address", (None, None, None, None, None, False)),
    ("x" * 300 + "@acme.com", (None, None, None, None, None, False)),
    (None, (None, None, None, None, None, False)),
]


@pytest.mark.parametrize(("text", "expected"), EMAILS)
def test_an_email_address(text, expected):
    """IDN-1: the key of an address is that of normalize/emails.py; a role's mailbox is marked."""
    row = contact(email=text)
    names = ("email", "email_local", "email_domain", "local_letters", "local_tokens", "is_role_email")
    assert tuple(row[name] for name in names) == expected


SLUGS = [
    ("https://www.linkedin.com/in/Anna-Smith/", ("anna-smith", "anna-smith")),
    ("linkedin.com/in/anna-smith-1a2b3c?trk=x", ("anna-smith-1a2b3c", "anna-smith")),
    ("https://de.linkedin.com/in/anna-smith/de", ("anna-smith", "anna-smith")),
    ("https://linkedin.com/in/j%C3%BCrgen-m%C3%BCller", ("jurgen-muller", "jurgen-muller")),
    ("https://linkedin.com/in/j\u00fcrgen-m\u00fcller", ("jurgen-muller", "jurgen-muller")),
    ("anna-smith", ("anna-smith", "anna-smith")),
    ("https://linkedin.com/company/acme", (None, None)),
    ("n/a", (None, None)),
    (None, (None, None)),
]


@pytest.mark.parametrize(("text", "expected"), SLUGS)
def test_a_linkedin_profile(text, expected):
    """A profile is its slug, without host, locale, query and, as the stem, without its number."""
    row = contact(linkedin_url=text)
    assert (row["linkedin_slug"], row["linkedin_stem"]) == expected


PHONES = [
    ({"phone": "+1 (202) 555-0143 ext. 12"}, ("+12025550143", None, "12")),
    ({"phone": "(202) 555-0143", "country": "USA"}, ("+12025550143", None, None)),
    ({"phone": "0044 20 7946 0018"}, ("+442079460018", None, None)),
    ({"phone": "020 7946 0018", "email": "a@acme.co.uk"}, ("+442079460018", None, None)),
    ({"mobile": "0171 1234567", "domain": "acme.de"}, (None, "+491711234567", None)),
    ({"phone": "+49 (0) 30 901820"}, ("+4930901820", None, None)),
    ({"phone": "(202) 555-0143"}, ("n:2025550143", None, None)),
    ({"phone": "030 901820", "email": "a@acme.com"}, ("n:30901820", None, None)),
    ({"phone": "\uff0b49 30 901820"}, ("+4930901820", None, None)),
    ({"phone": "12", "mobile": "none"}, (None, None, None)),
]


@pytest.mark.parametrize(("fields", "expected"), PHONES)
def test_phones(fields, expected):
    """The country comes from the number, the record, or the domain; without one the national digits stay."""
    row = contact(**fields)
    assert (row["phone"], row["mobile"], row["phone_extension"]) == expected
    assert row["phones"] == (sorted(number for number in expected[:2] if number) or None)


def test_the_employer_the_title_and_the_place():
    """The employer is read as companies are, the title and the place as keys."""
    row = contact(
        company_name="The Acme & Sons Ltd",
        website="https://www.acme.com/de",
        title="SVP Sales",
        city="M\u00fcnchen",
        country="BRD",
    )
    assert row["employer_text"] == "the acme & sons ltd"
    assert (row["employer_core"], row["employer_joined"]) == ("acme sons", "acmesons")
    assert row["employer_tokens"] == ["acme", "sons"]
    assert row["employer_domain"] == "acme.com"
    assert (row["title_key"], row["title_tokens"]) == ("president sales vice", ["president", "sales", "vice"])
    assert (row["city"], row["country"]) == ("munchen", "DE")


def test_a_crms_own_field_names_are_read_before_ours():
    """Field names come with the call; any characters may be in them."""
    row = one(
        "contact",
        {"title": ["job_title"], "first_name": ["a/b~c"]},
        job_title="CTO",
        title="other",
        **{"a/b~c": "Anna"},
    )
    assert (row["title_key"], row["given"]) == ("chief officer technology", "anna")


@pytest.mark.parametrize(
    "text", [1_700_000_000, "1700000000", 1_700_000_000_000, "2023-11-14T22:13:20Z", "2023-11-14T23:13:20+01:00"]
)
def test_times_are_utc_however_they_are_written(text):
    """Seconds, milliseconds and ISO times are one instant."""
    assert contact(created_at=text)["created_at"] == datetime(2023, 11, 14, 22, 13, 20)  # noqa: DTZ001 - as tables keep it


def test_lists_and_objects_are_no_texts_but_a_bracket_is_a_character():
    """What is nested is no name; a number may be a phone."""
    row = contact(first_name=["Anna"], last_name={"a": 1}, company_name="[Test] Acme", phone=2025550143, country="US")
    assert (row["given"], row["family"]) == (None, None)
    assert row["employer_core"] == "acme"
    assert row["phone"] == "+12025550143"
