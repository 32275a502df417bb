"""Laws of all normalizers, and the hostile strings that they meet. What each gives: the tests beside this one."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import given, settings
from hypothesis import strategies as st

from wb_pipeline.normalize.dates import normalize_date, normalize_datetime
from wb_pipeline.normalize.domains import normalize_domain, normalize_host
from wb_pipeline.normalize.emails import normalize_email
from wb_pipeline.normalize.phones import normalize_phone
from wb_pipeline.normalize.text import normalize_external_id, normalize_text
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
