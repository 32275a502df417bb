"""Addresses, domains and phone numbers: their keys, and what is none."""

from __future__ import annotations

import pytest

from wb_pipeline.normalize.domains import normalize_domain, registrable_domain
from wb_pipeline.normalize.emails import is_role_address, normalize_email
from wb_pipeline.normalize.phones import normalize_phone


@pytest.mark.parametrize(
    ("given_text", "expected"),
    [
        ("  Ana.Ruiz@Northwind.EXAMPLE ", "ana.ruiz@northwind.example"),
        ("ana@M\u00fcnchen.de", "ana@xn--mnchen-3ya.de"),
        ("ana@\uff41cme.com", "ana@acme.com"),
        ("Ana <ana@acme.com>", None),
        ("ana@localhost", None),
        ("ana@[127.0.0.1]", None),
        ("ana..b@acme.com", None),
        ("a" * 65 + "@acme.com", None),
        ("ana@acme.com\u200b", None),
    ],
)
def test_normalize_email_gives_the_key_or_none(given_text: str, expected: str | None) -> None:
    """IDN-1: trimmed, lower case, IDNA domain; what is no address is no key."""
    assert normalize_email(given_text) == expected


@pytest.mark.parametrize(
    ("address", "expected"), [("info@a.com", True), ("sales+de@a.com", True), ("ana@a.com", False)]
)
def test_is_role_address_knows_shared_mailboxes(address: str, expected: bool) -> None:
    """IDN-1: a role mailbox identifies no person."""
    assert is_role_address(address) is expected


@pytest.mark.parametrize(
    ("given_text", "domain", "registrable"),
    [
        ("https://www.Acme.co.uk/about?x=1", "acme.co.uk", "acme.co.uk"),
        ("mail.acme.co.uk", "mail.acme.co.uk", "acme.co.uk"),
        ("ana@eu.acme.com", "eu.acme.com", "acme.com"),
        ("eu.northwind.example", "eu.northwind.example", "northwind.example"),
        ("acme.github.io", "acme.github.io", "acme.github.io"),
        ("acme.com.", "acme.com", "acme.com"),
    ],
)
def test_normalize_domain_keeps_the_host_and_names_what_is_registered(
    given_text: str, domain: str, registrable: str
) -> None:
    """IDN-1: a company's key is the full host without www."""
    assert normalize_domain(given_text) == domain
    assert registrable_domain(domain) == registrable


@pytest.mark.parametrize(
    "text", ["10.0.0.1", "acme", "acme..com", "-a.com", "a_b.com", "http://user@", "http://[::1]/", "a.1"]
)
def test_normalize_domain_is_none_for_what_is_no_domain(text: str) -> None:
    """IDN-1: addresses, single labels and impossible labels are no key."""
    assert normalize_domain(text) is None


def test_normalize_domain_tells_look_alikes_apart() -> None:
    """IDN-5: a Cyrillic twin is another domain."""
    assert normalize_domain("\u0430cme.com") != normalize_domain("acme.com")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("+1 (202) 555-0143", "+12025550143"),
        ("+44 20 7946 0958", "+442079460958"),
        ("+1 202 555 0143 ext. 5", "+12025550143;ext=5"),
        ("(202) 555-0143", None),
        ("+1 202 555 014", None),
        ("+999 12345678", None),
        ("1-800-FLOWERS", None),
    ],
)
def test_normalize_phone_gives_e164_or_none(text: str, expected: str | None) -> None:
    """FLD-5: a phone must be a valid number with its country."""
    assert normalize_phone(text) == expected


def test_normalize_phone_reads_national_numbers_when_the_region_is_known() -> None:
    """FLD-5: the region stands in for the country code."""
    assert normalize_phone("(202) 555-0143", "US") == "+12025550143"
