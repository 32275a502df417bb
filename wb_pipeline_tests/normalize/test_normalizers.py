"""Laws of the normalizers, and the hostile strings that they meet."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import given, settings
from hypothesis import strategies as st

from wb_pipeline.normalize.dates import normalize_date, normalize_datetime
from wb_pipeline.normalize.domains import normalize_domain, normalize_host, registrable_domain
from wb_pipeline.normalize.emails import is_role_address, normalize_email
from wb_pipeline.normalize.numbers import normalize_number
from wb_pipeline.normalize.phones import normalize_phone
from wb_pipeline.normalize.text import has_forbidden_characters, normalize_external_id, normalize_text
from wb_pipeline.normalize.urls import normalize_url

Normalizer = Callable[[str], object]
TEXT_NORMALIZERS: list[Normalizer] = [
    normalize_text,
    normalize_external_id,
    normalize_host,
    normalize_domain,
    normalize_email,
    normalize_phone,
    normalize_url,
    normalize_date,
    normalize_datetime,
]
HOSTILE = [
    "",
    " ",
    "\x00",
    "\ud800",
    "a\u202ebc",
    "x" * 100_000,
    "@" * 300,
    "a@b@c.com",
    "." * 300,
    "http://[::1",
    "javascript:alert(1)",
    "'; drop table x; --",
    "\u0130@\u0130.com",
    "xn--a.com",
    "xn--" + "9" * 60 + ".com",
    "\U0001f600@\U0001f600.example",
    "=cmd|' /C calc'!A0",
    "http://a.com:99999999/",
    "9" * 5_000,
]
LABEL = st.from_regex(r"[a-zA-Z0-9-]{1,8}", fullmatch=True)
HOST = st.lists(LABEL, min_size=1, max_size=4).map(".".join)
SHAPED = st.one_of(
    st.text(max_size=60),
    HOST,
    st.tuples(st.text("abz.019_+-A \u00e9\u00df\u0130\u200d", max_size=12), HOST).map("@".join),
    HOST.map("http://www.{}/A?b=c#d".format),
    st.from_regex(r"\+?[0-9 ().x\-]{5,20}", fullmatch=True),
    st.datetimes().map(lambda moment: moment.isoformat() + "+02:00"),
    st.sampled_from(HOSTILE),
)


@pytest.mark.parametrize("normalize", TEXT_NORMALIZERS)
@settings(max_examples=150, deadline=None)
@given(text=SHAPED)
def test_normalizer_is_idempotent_for_any_text(normalize: Normalizer, text: str) -> None:
    """IDN-1: a key is the same however often it is normalized."""
    once = normalize(text)
    assert once is None or normalize(str(once)) == once


@pytest.mark.parametrize("normalize", TEXT_NORMALIZERS)
@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_normalizer_returns_text_or_none_when_hostile(normalize: Normalizer, text: str) -> None:
    """CON-7: binary rubbish never raises."""
    assert isinstance(normalize(text), str | None)


@settings(max_examples=300, deadline=None)
@given(
    local=st.from_regex(r"[a-z0-9_+.\-]{1,20}", fullmatch=True),
    host=st.one_of(
        HOST, st.sampled_from(["a.test", "x.invalid", "b.local", "a--b.com", "acme.co", "1.2", "northwind.example"])
    ),
)
def test_normalize_email_agrees_with_the_library_on_its_fast_path(local: str, host: str) -> None:
    """IDN-1, FLD-5: the fast path accepts nothing that the library refuses, and the other way round."""
    address = f"{local}@{host}".lower()
    try:
        expected: str | None = validate_email(address, check_deliverability=False).ascii_email
    except EmailNotValidError:
        expected = None
    found = normalize_email(address)
    assert found == (expected.lower() if expected else None)


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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("HTTPS://Www.Acme.com:443", "https://www.acme.com/"),
        ("http://acme.com/a%20b?q=1", "http://acme.com/a%20b?q=1"),
        ("javascript:alert(1)", None),
        (" JaVaScRiPt://acme.com/%0aalert(1)", None),
        ("data:text/html,x", None),
        ("//acme.com", None),
        ("https://ana:secret@acme.com/", None),
        ("https://acme.com/<script>", None),
        ("https://acme.com\\@evil.com", None),
        ("https://acme.com/a\nb", None),
        ("https://127.0.0.1/", None),
    ],
)
def test_normalize_url_lets_through_web_addresses_only(text: str, expected: str | None) -> None:
    """FLD-5: http and https, nothing that runs, nothing that misleads."""
    assert normalize_url(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-02T09:00:00+02:00", "2026-03-02T07:00:00Z"),
        ("2026-03-02T09:00Z", "2026-03-02T09:00:00Z"),
        ("2026-03-02T09:00:00", None),
        ("2026-13-02T09:00:00Z", None),
        ("0001-01-01T00:00:00+23:00", None),
    ],
)
def test_normalize_datetime_gives_utc_or_none(text: str, expected: str | None) -> None:
    """CON-8, FLD-5: an instant without a zone is none."""
    assert normalize_datetime(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"), [("2026-02-28", "2026-02-28"), ("2026-02-30", None), ("03/04/2026", None), ("20260228", None)]
)
def test_normalize_date_reads_iso_days_only(text: str, expected: str | None) -> None:
    """FLD-5: a day is never guessed."""
    assert normalize_date(text) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (5.0, 5),
        ("12.50", 12.5),
        (True, None),
        (float("nan"), None),
        (float("inf"), None),
        ("1e5", None),
        ("12,000", None),
        (10**400, None),
        ([], None),
    ],
)
def test_normalize_number_is_finite_or_none(value: object, expected: float | None) -> None:
    """FLD-5: NaN, infinity, booleans and decorated text are no numbers."""
    assert normalize_number(value) == expected


def test_normalize_text_folds_width_and_spaces_but_keeps_lines() -> None:
    """FLD-8: what differs by formatting only has one form."""
    assert normalize_text("  \uff36\uff30\u00a0 IT \r\n  two  ") == "VP IT\ntwo"


@pytest.mark.parametrize(
    ("text", "expected"),
    [("a\tb\nc", False), ("a\x00", True), ("\u202eabc", True), ("\ud800", True), ("na\u00efve", False)],
)
def test_has_forbidden_characters_finds_what_a_reader_does_not_see(text: str, expected: bool) -> None:
    """FLD-5, CON-7: control characters and display reordering."""
    assert has_forbidden_characters(text) is expected
