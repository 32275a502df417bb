"""Is what is cited about what a create or a log makes? What it is about a record: `test_citation_relevance`."""

from __future__ import annotations

from typing import Any

import pytest

from wb_pipeline_tests.facts.citing import ANA, email, found


def test_new_deal_is_about_the_company_that_it_names() -> None:
    """EVD-3: a create has no record yet; it is about whom its payload names."""
    new = {"action": "create", "object_name": "deal", "target_id": None, "payload": {"company_id": "com-1"}}
    assert found("email", email({"email": "ben@northwind.example"}), "inbound", **new) == (True, True)
    assert found("order_form", {"deal_id": "deal-1", "company_id": "com-1"}, "signed", **new)[0] is False


@pytest.mark.parametrize(
    ("domain", "is_about"),
    [
        ("initech.example", True),
        ("www.initech.example", True),
        ("WWW.Initech.example", True),
        ("wwwinitech.example", False),
        ("www.initech.example.test", False),
    ],
)
def test_new_company_is_about_its_domain_with_and_without_www(domain: str, is_about: bool) -> None:
    """EVD-3, IDN-4: `www.` names the same company; a longer name is another one's."""
    item = {"subject": {"company_domain": "initech.example"}}
    proposal = {"action": "create", "object_name": "company", "target_id": None, "payload": {"domain": domain}}
    assert found("enrichment", item, **proposal) == (is_about, is_about)


def test_new_contact_is_about_exactly_its_address() -> None:
    """EVD-3: the verification of another mailbox says nothing about this one."""
    new = {"action": "create", "target_id": None, "payload": {"email": "Noor@northwind.example", "last_name": "R"}}
    assert found("email_verification", {"email": "noor@northwind.example"}, "valid", **new)[0] is True
    assert found("email_verification", {"email": "noor@northwind-group.example"}, "valid", **new)[0] is False
    assert found("email_verification", {"email": ANA}, "valid", **new)[0] is False


@pytest.mark.parametrize(
    ("payload", "sender", "is_about"),
    [
        ({"contact_id": "con-1"}, ANA, True),
        ({"contact_id": "con-1", "company_id": "com-1"}, "ben@northwind.example", False),
        ({"company_id": "com-1"}, "ben@northwind.example", True),
        ({"deal_id": "deal-1"}, "ben@northwind.example", True),
        ({"deal_id": "deal-1"}, "a.ruiz@freemail.example", True),
        ({"contact_id": "nobody"}, ANA, False),
        ({"subject": "x"}, ANA, False),
    ],
)
def test_activity_is_about_whom_it_is_logged_to(payload: dict[str, Any], sender: str, is_about: bool) -> None:
    """EVD-3, LOG-2: a contact's activity is that contact's, not everybody's at the company."""
    said = {"activity_type": "note", **payload}
    log = {"action": "log", "object_name": "activity", "target_id": None, "payload": said}
    assert found("email", email({"email": sender}), "inbound", **log)[0] is is_about
