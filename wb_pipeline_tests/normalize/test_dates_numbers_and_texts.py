"""Web addresses, times, days, numbers and plain text: their normal forms, and what is none."""

from __future__ import annotations

import pytest

from wb_pipeline.normalize.dates import normalize_date, normalize_datetime
from wb_pipeline.normalize.numbers import normalize_number
from wb_pipeline.normalize.text import has_forbidden_characters, normalize_text
from wb_pipeline.normalize.urls import normalize_url


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
