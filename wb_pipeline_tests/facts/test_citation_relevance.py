"""Is what is cited about this record, and by it?"""

from __future__ import annotations

from typing import Any

import pytest

from wb_pipeline_tests.facts.citing import ANA, OURS, email, found, found_together


@pytest.mark.parametrize(
    ("sender", "receiver", "expected"),
    [
        ({"name": "Ana", "email": ANA}, OURS, (True, True)),
        ("Ana Ruiz <ANA@Northwind.example>", "dana@our-company.example", (True, True)),
        ({"email": "a.ruiz@freemail.example"}, OURS, (True, True)),
        ({"email": "ana.old@northwind.example"}, OURS, (True, True)),
        (OURS, {"email": ANA}, (True, False)),
        ({"email": "ben@northwind.example"}, {"email": ANA}, (True, False)),
        ({"email": "ben@northwind.example"}, OURS, (False, False)),
        ({"email": "ana@northwind.example.evil.example"}, OURS, (False, False)),
        ({"name": ANA, "email": "evil@halcyon.example"}, OURS, (False, False)),
        (None, None, (False, False)),
        (7, [], (False, False)),
    ],
)
def test_email_is_about_a_contact(sender: Any, receiver: Any, expected: tuple[bool, bool]) -> None:
    """EVD-3: any address of the person, secondary and merged ones too; a colleague's is not the person's."""
    assert found("email", email(sender, receiver), "inbound") == expected


_DOMAINS = [
    ("northwind.example", True),
    ("mail.northwind.example", True),
    ("northwind-group.example", True),
    ("nw-stores.example", True),
    ("notnorthwind.example", False),
    ("northwind.example.evil.example", False),
    ("northwind.exampl", False),
    ("halcyon.example", False),
    ("freemail.example", False),
    ("our-company.example", False),
    ("", False),
]


@pytest.fixture(scope="module")
def about_northwind() -> list[list[tuple[bool, bool]]]:
    """What is found of a message, a visit, a vendor's record and a profile of each of `_DOMAINS`, cited together."""
    items = [
        item
        for domain, _ in _DOMAINS
        for item in (
            ("email", email({"email": f"x@{domain}"}), "inbound"),
            ("web_visit", {"domain": domain}, ""),
            ("enrichment", {"subject": {"company_domain": domain}}, ""),
            ("linkedin_profile", {"current": {"company_domain": domain}}, ""),
        )
    ]
    rows = found_together(*items, object_name="company", target_id="com-1")
    return [rows[start : start + 4] for start in range(0, len(rows), 4)]


@pytest.mark.parametrize("number", range(len(_DOMAINS)))
def test_domain_is_a_companys(about_northwind: list[list[tuple[bool, bool]]], number: int) -> None:
    """EVD-3: the registrable domain, further domains and aliases count; a longer or shorter one is another's."""
    domain, is_about = _DOMAINS[number]
    message, *others = about_northwind[number]
    assert message == (is_about, is_about), domain
    assert [about for about, _ in others] == [is_about] * 3, domain


@pytest.mark.parametrize(
    ("profile", "is_about"),
    [
        ({"url": "http://linkedin.com/in/Ana-Ruiz?x=1", "name": "A. R."}, True),
        ({"url": "https://linkedin.com/in/ana-ruiz-2", "name": "Ana Ruiz", "domain": "northwind.example"}, True),
        ({"url": "https://linkedin.com/in/ana-ruiz-2", "name": "Ruiz, Ana", "domain": "nw-stores.example"}, True),
        ({"url": "https://linkedin.com/in/ana-ruiz-2", "name": "Ana Ruiz", "domain": "halcyon.example"}, False),
        ({"url": "https://linkedin.com/in/ana-ruiz-2", "name": "Anna Ruis", "domain": "northwind.example"}, False),
        ({"url": "https://linkedin.com/in/ana-ruiz-2", "name": "Ana", "domain": "northwind.example"}, False),
        ({"url": "https://linkedin.com/in/", "name": "Ana Ruiz"}, False),
        ({"url": None, "name": None, "domain": "northwind.example"}, False),
    ],
)
def test_profile_is_a_persons_by_address_or_by_name_and_employer(profile: dict[str, Any], is_about: bool) -> None:
    """EVD-3: a namesake elsewhere and a colleague are somebody else."""
    current = {"company_domain": profile.pop("domain", None)}
    assert found("linkedin_profile", {**profile, "current": current})[0] is is_about


@pytest.mark.parametrize(
    ("attendee", "is_about"),
    [
        ({"email": ANA, "response": "accepted", "attended": True}, True),
        ({"email": ANA}, True),
        ({"email": ANA, "attended": False}, False),
        ({"email": ANA, "response": "Declined"}, False),
        ({"email": "ben@northwind.example", "attended": True}, False),
        ({"name": "Ana Ruiz"}, False),
    ],
)
def test_meeting_is_about_who_was_there(attendee: dict[str, Any], is_about: bool) -> None:
    """EVD-3, EVD-4: who declined or stayed away took no part."""
    event = {"attendees": [attendee, OURS], "organizer": "dana@our-company.example"}
    assert found("calendar_event", event, "held")[0] is is_about


@pytest.mark.parametrize(
    ("evidence_type", "payload", "is_about"),
    [
        ("email_verification", {"email": ANA}, True),
        ("email_verification", {"email": "ana@nw-stores.example"}, False),
        ("enrichment", {"subject": {"email": ANA}}, True),
        ("enrichment", {"subject": {"company_domain": "northwind.example"}}, False),
        ("form_submission", {"email": ANA}, True),
        ("form_submission", {"email": "ben@northwind.example"}, False),
        ("call_recording", {"participants": [{"name": "Ana", "email": ANA, "role": "prospect"}]}, True),
        ("call_recording", {"participants": []}, False),
        ("call_recording", {"participants": None}, False),
        (
            "order_form",
            {"deal_id": "deal-1", "signatures": [{"email": ANA, "signed_at": "2026-02-01T00:00:00Z"}]},
            True,
        ),
        ("order_form", {"deal_id": "deal-1", "signatures": [{"email": ANA}]}, False),
        ("web_visit", {"domain": "northwind.example"}, False),
        ("crm_event", {"target": {"object": "contact", "id": "con-1"}}, True),
        ("crm_event", {"target": "con-2"}, False),
        ("unheard_of", {"email": ANA}, False),
    ],
)
def test_other_evidence_is_about_a_contact(evidence_type: str, payload: dict[str, Any], is_about: bool) -> None:
    """EVD-3: each type by what it names; a company's record is not each of its people's."""
    assert found(evidence_type, payload)[0] is is_about


@pytest.mark.parametrize(
    ("payload", "is_about"),
    [
        ({"deal_id": "deal-1"}, True),
        ({"deal_id": "deal-2", "company_id": "com-1"}, False),
        ({"company_id": "com-1"}, True),
        ({"company_id": "com-2"}, False),
        ({"deal_id": "deal-2", "to": [{"email": ANA}]}, False),
        ({}, False),
    ],
)
def test_paper_is_one_deals(payload: dict[str, Any], is_about: bool) -> None:
    """EVD-3: another deal of the same company is another deal."""
    deal = {"object_name": "deal", "target_id": "deal-1"}
    assert found("proposal_document", payload, "sent", **deal)[0] is is_about


def test_deal_is_its_companys_and_its_contacts() -> None:
    """EVD-3: the primary contact, at whatever address, and anybody at the company speak of the deal."""
    deal = {"object_name": "deal", "target_id": "deal-1"}
    assert found("email", email({"email": "a.ruiz@freemail.example"}), "inbound", **deal) == (True, True)
    assert found("email", email({"email": "ben@northwind.example"}), "inbound", **deal) == (True, True)
    assert found("email", email({"email": "x@halcyon.example"}), "inbound", **deal) == (False, False)
