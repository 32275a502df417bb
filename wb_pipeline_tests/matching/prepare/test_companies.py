"""Tests of prepared companies: a literal record in, the keys out."""

from __future__ import annotations

import pytest

from wb_pipeline_tests.matching.prepare.factories import company

CASES = [
    (
        {"name": "The Acme & Sons, Inc."},
        {
            "name_text": "the acme & sons, inc.",
            "name_core": "acme sons",
            "name_tokens": ["acme", "sons"],
            "name_joined": "acmesons",
            "legal_form": "corp",
            "name_acronym": "as",
            "geo_tokens": None,
        },
    ),
    ({"name": "Bank of Northwind (US)"}, {"name_acronym": "bn", "geo_tokens": ["us"]}),
    ({"name": "Growth Fund II"}, {"sequence_mark": "ii", "name_core": "growth fund ii"}),
    ({"name": "Acme"}, {"name_acronym": None, "sequence_mark": None, "legal_form": None}),
    ({"name": "\u202e***"}, {"name_core": None, "name_tokens": None, "name_joined": None, "name_acronym": None}),
    (
        {
            "domain": "https://www.mail.acme.co.uk/x",
            "website": "acme.de",
            "additional_domains": ["b\u00fccher.de", "acme.de"],
        },
        {
            "domain": "mail.acme.co.uk",
            "registrable": "acme.co.uk",
            "domain_label": "acme",
            "domains": ["acme.de", "mail.acme.co.uk", "xn--bcher-kva.de"],
        },
    ),
    ({"website": "b\u00fccher.de"}, {"domain": "xn--bcher-kva.de", "domain_label": "bucher"}),
    ({"additional_domains": "acme.com; acme.de"}, {"domains": ["acme.com", "acme.de"]}),
    ({"domain": "no domain"}, {"domain": None, "registrable": None, "domains": None}),
    ({"domain": "acme.de", "phone": "030 901820"}, {"phone": "+4930901820", "phones": ["+4930901820"]}),
    (
        {
            "street": "12 N. Main St., Suite 400",
            "postal_code": "12345-6789",
            "city": "St. Louis",
            "region": "MO",
            "country": "U.S.",
        },
        {
            "house_number": "12",
            "street": "north main street",
            "unit": "400",
            "postal_code": "12345",
            "city": "st louis",
            "region": "mo",
            "country": "US",
        },
    ),
    (
        {"industry": "Oil & Gas", "employees": 1200, "parent_id": "p1"},
        {"industry": "oil gas", "employees": 1200, "parent_id": "p1"},
    ),
    ({"employees": "1,001-5,000"}, {"employees": 1001}),
    ({"employees": "many"}, {"employees": None}),
]


@pytest.mark.parametrize(("fields", "expected"), CASES)
def test_a_company(fields, expected):
    """IDN-6: spellings of one firm meet in the same keys."""
    row = company(**fields)
    assert {name: row[name] for name in expected} == expected
