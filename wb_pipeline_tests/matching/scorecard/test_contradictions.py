"""Contradictions hold two records apart whatever else they share."""

from __future__ import annotations

from wb_pipeline_tests.matching.small_crm import Record, scored, stand, warehouse

_SHARED = {"last_name": "Quist", "email": "bob.quist@halcyonfreight.com", "phone": "+442079460001", "city": "Leeds"}


def _contact(key: str, first_name: str) -> Record:
    return "contact", key, {"first_name": first_name, **_SHARED}


def test_a_senior_and_a_junior_conflict_whatever_else_they_share() -> None:
    """IDN-10: father and son share name, firm, phone and mailbox; no cluster may hold both."""
    con = warehouse()
    stand(con, [_contact("a", "Robert Sr."), _contact("b", "Robert Jr."), _contact("c", "Robert")])
    pairs = scored(con, "contact")
    apart = pairs["a", "b"]
    assert apart["has_conflict"]
    assert apart["match_probability"] <= 0.5
    assert "senior and junior" in str(apart["conflict_reason"])
    assert not pairs["a", "c"]["has_conflict"]


def test_two_contacts_without_email_are_found_in_a_tiny_crm() -> None:
    """IDN-2: in a small CRM every pair reaches the second stage; Splink's weights alone would drop this one."""
    con = warehouse()
    firm: Record = ("company", "f", {"name": "Halcyon Freight", "domain": "halcyonfreight.com"})
    twice = {"first_name": "Bob", "last_name": "Quist", "company_id": "f"}
    stand(con, [firm, ("contact", "a", twice), ("contact", "b", {**twice, "first_name": "Robert"})])
    assert ("a", "b") in scored(con, "contact")
