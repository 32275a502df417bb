"""What a domain's name looks like to somebody who reads fast."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wb_pipeline.normalize.domain_skeleton import label_of, skeleton

ALLOWED = set(string.ascii_lowercase + string.digits)


@pytest.mark.parametrize(
    ("domain", "label", "looks"),
    [
        ("acme.com", "acme", "acme"),
        ("ACME.COM", "acme", "acme"),
        ("www.mail.acme.co.uk", "acme", "acme"),
        ("https://shop.ac-me.com/about", "ac-me", "acme"),
        ("ana@north-wind.example", "north-wind", "northwind"),
        ("acme.github.io", "acme", "acme"),
        ("acrne.com", "acrne", "acme"),
        ("vvidget.com", "vvidget", "widget"),
        ("g00gle.com", "g00gle", "google"),
        ("paypa1.com", "paypa1", "paypal"),
        ("fund2.com", "fund2", "fund2"),
        ("m\u00fcller.de", "muller", "muller"),
        ("xn--mller-kva.de", "muller", "muller"),
        ("b\u00fccher-stra\u00dfe.de", "bucher-strasse", "bucherstrasse"),
        ("\u0430cme.com", "acme", "acme"),
        ("xn--cme-5cd.com", "acme", "acme"),
        ("\u0441\u0440\u0435.com", "sre", "cpe"),
        ("\u65e5\u672c.jp", "riben", "riben"),
        ("xn--zz--.com", "", ""),
        ("acme", "", ""),
        ("10.0.0.1", "", ""),
        ("", "", ""),
    ],
)
def test_label_of_says_the_name_and_skeleton_what_it_looks_like(domain: str, label: str, looks: str):
    """IDN-5: a Cyrillic es says s and looks like c; `rn` looks like m; an ending or a hyphen changes no look."""
    assert (label_of(domain), skeleton(domain)) == (label, looks)


@given(st.text(max_size=80) | st.from_regex(r"[a-z0-9\u0430-\u044f-]{1,20}\.(com|de|co\.uk|example)", fullmatch=True))
def test_skeleton_takes_any_text_and_returns_plain_letters(text: str):
    """CON-7, IDN-5: no input breaks it; what comes out is its own skeleton."""
    looks = skeleton(text)
    assert set(looks) <= ALLOWED
    assert set(label_of(text)) <= ALLOWED | {"-"}
    assert len(looks) > 63 or skeleton(f"{looks}.com") in (looks, "")


# What is called www is taken for the prefix that normalize_domain drops.
@given(st.from_regex(r"[a-z]{2,20}", fullmatch=True).filter(lambda name: name != "www"))
def test_skeleton_is_equal_under_every_ending_and_hyphen(name: str):
    """IDN-5: other endings and hyphenated cousins share a skeleton, whatever the name."""
    middle = len(name) // 2
    cousins = [f"{name}.com", f"{name}.co.uk", f"{name[:middle]}-{name[middle:]}.de", f"www.{name}.example"]
    assert len({skeleton(cousin) for cousin in cousins}) == 1
