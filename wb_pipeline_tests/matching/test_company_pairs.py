"""Spellings of one firm, and firms of like names, beside each other in one CRM."""

from __future__ import annotations

from itertools import combinations

import pytest

from wb_pipeline_tests.matching.small_crm import Record, Row, scored, stand, warehouse

_AT = {"city": "Leeds", "country": "GB", "phone": "+441134960101"}
VARIANTS: dict[str, dict[str, object]] = {
    "acme1": {"name": "Acme", "domain": "acme.com", "country": "GB"},
    "acme2": {"name": "Acme, Inc.", "domain": "acme.com"} | _AT,
    "acme3": {"name": "Acme (US)", "website": "https://www.acme.com", "domain": "acme.com"},
    "acme4": {"name": "ACME - SF", "domain": "acme.com", "phone": "+441134960101"},
}
OTHERS: dict[str, dict[str, object]] = {
    "tech": {"name": "Acme Tech", "domain": "acme-tech.com", "city": "Oslo", "country": "NO"},
    "foods": {"name": "Acme Foods Ltd", "domain": "acmefoods.co.uk", "city": "York", "country": "GB"},
    "fund2": {"name": "Granite Fund II", "domain": "granite.com", "city": "York", "country": "GB"},
    "fund3": {"name": "Granite Fund III", "domain": "granite.com", "city": "York", "country": "GB"},
}
BYSTANDERS: list[Record] = [
    ("company", f"x{n}", {"name": f"{name} Works", "domain": f"{name.lower()}.com", "city": "York", "country": "GB"})
    for n, name in enumerate(("Walrus", "Pelican", "Juniper", "Orion", "Halcyon", "Zephyr", "Kestrel", "Tollgate"))
]


@pytest.fixture(scope="module")
def pairs() -> dict[tuple[str, str], Row]:
    """All scored pairs of the firms."""
    with warehouse() as con:
        stand(con, [*(("company", key, fields) for key, fields in (VARIANTS | OTHERS).items()), *BYSTANDERS])
        return scored(con, "company")


@pytest.mark.parametrize("pair", list(combinations(sorted(VARIANTS), 2)), ids="-".join)
def test_spellings_of_one_firm_are_found(pairs: dict[tuple[str, str], Row], pair: tuple[str, str]) -> None:
    """IDN-6: legal form, geography and case are no difference."""
    assert pairs[pair]["match_probability"] > 0.9


@pytest.mark.parametrize("other", sorted(OTHERS))
def test_firms_of_like_names_are_kept_apart(pairs: dict[tuple[str, str], Row], other: str) -> None:
    """IDN-6: a word more and a domain of its own is another firm; so is a fund's next number at one domain."""
    likest = max((row["match_probability"] for pair, row in pairs.items() if other in pair), default=0.0)
    assert likest < 0.5
