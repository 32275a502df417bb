"""Is what is cited about this record, and by it?"""

from __future__ import annotations

from typing import Any

import pytest

from wb_pipeline_tests.facts.factories import World

ANA = "ana@northwind.example"
_FIELDS = {
    "contact": ("email", "last_name"),
    "company": ("domain",),
    "deal": ("company_id",),
    "activity": ("activity_type", "contact_id", "company_id", "deal_id", "subject"),
}
_OURS = {"name": "Dana", "email": "dana@our-company.example"}


def _world() -> World:
    world = World()
    world.mail_domains("own", "our-company.example")
    world.mail_domains("personal", "freemail.example")
    for name, fields in _FIELDS.items():
        for field in fields:
            world.format(name, field, "id")
    world.domain_alias("northwind-group.example", "northwind.example")
    world.record(
        "company", "com-1", name="Northwind", domain="northwind.example", additional_domains=["nw-stores.example"]
    )
    world.record("company", "com-2", name="Halcyon", domain="halcyon.example")
    person: dict[str, Any] = {"first_name": "Ana", "last_name": "Ruiz", "company_id": "com-1"}
    links: dict[str, Any] = {
        "linkedin_url": "https://www.linkedin.com/in/ana-ruiz/",
        "secondary_email": "a.ruiz@freemail.example; x",
    }
    world.record("contact", "con-1", email=ANA, **person, **links)
    world.record(
        "contact", "con-2", email="ben@northwind.example", first_name="Ben", last_name="Okafor", company_id="com-1"
    )
    world.record("contact", "con-9", email="ana.old@northwind.example", merged_into="con-1")
    world.record("deal", "deal-1", name="Stores", company_id="com-1", primary_contact_id="con-1")
    world.record("deal", "deal-2", name="Depots", company_id="com-1")
    return world


def _found(evidence_type: str, item: dict[str, Any], state: str = "", /, **proposal: Any) -> tuple[bool, bool]:
    """Return (is_about_record, is_by_record) of one item that one proposal cites."""
    world = _world()
    world.evidence("ev-1", evidence_type, state, **item)
    world.proposal(**{"target_id": "con-1", "cites": ["ev-1"], **proposal})
    (row,) = world.look_up_citations()
    return row["is_about_record"], row["is_by_record"]


def _email(sender: Any, *to: Any) -> dict[str, Any]:
    return {"direction": "inbound", "from": sender, "to": list(to)}


@pytest.mark.parametrize(
    ("sender", "receiver", "expected"),
    [
        ({"name": "Ana", "email": ANA}, _OURS, (True, True)),
        ("Ana Ruiz <ANA@Northwind.example>", "dana@our-company.example", (True, True)),
        ({"email": "a.ruiz@freemail.example"}, _OURS, (True, True)),
        ({"email": "ana.old@northwind.example"}, _OURS, (True, True)),
        (_OURS, {"email": ANA}, (True, False)),
        ({"email": "ben@northwind.example"}, {"email": ANA}, (True, False)),
        ({"email": "ben@northwind.example"}, _OURS, (False, False)),
        ({"email": "ana@northwind.example.evil.example"}, _OURS, (False, False)),
        ({"name": ANA, "email": "evil@halcyon.example"}, _OURS, (False, False)),
        (None, None, (False, False)),
        (7, [], (False, False)),
    ],
)
def test_email_is_about_a_contact(sender: Any, receiver: Any, expected: tuple[bool, bool]) -> None:
    """EVD-3: any address of the person, secondary and merged ones too; a colleague's is not the person's."""
    assert _found("email", _email(sender, receiver), "inbound") == expected


@pytest.mark.parametrize(
    ("domain", "is_about"),
    [
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
    ],
)
def test_domain_is_a_companys(domain: str, is_about: bool) -> None:
    """EVD-3: the registrable domain, further domains and aliases count; a longer or shorter one is another's."""
    company = {"object_name": "company", "target_id": "com-1"}
    assert _found("email", _email({"email": f"x@{domain}"}), "inbound", **company) == (is_about, is_about)
    assert _found("web_visit", {"domain": domain}, **company)[0] is is_about
    assert _found("enrichment", {"subject": {"company_domain": domain}}, **company)[0] is is_about
    assert _found("linkedin_profile", {"current": {"company_domain": domain}}, **company)[0] is is_about


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
    assert _found("linkedin_profile", {**profile, "current": current})[0] is is_about


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
    event = {"attendees": [attendee, _OURS], "organizer": "dana@our-company.example"}
    assert _found("calendar_event", event, "held")[0] is is_about


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
    assert _found(evidence_type, payload)[0] is is_about


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
    assert _found("proposal_document", payload, "sent", **deal)[0] is is_about


def test_deal_is_its_companys_and_its_contacts() -> None:
    """EVD-3: the primary contact, at whatever address, and anybody at the company speak of the deal."""
    deal = {"object_name": "deal", "target_id": "deal-1"}
    assert _found("email", _email({"email": "a.ruiz@freemail.example"}), "inbound", **deal) == (True, True)
    assert _found("email", _email({"email": "ben@northwind.example"}), "inbound", **deal) == (True, True)
    assert _found("email", _email({"email": "x@halcyon.example"}), "inbound", **deal) == (False, False)


def test_new_deal_is_about_the_company_that_it_names() -> None:
    """EVD-3: a create has no record yet; it is about whom its payload names."""
    new = {"action": "create", "object_name": "deal", "target_id": None, "payload": {"company_id": "com-1"}}
    assert _found("email", _email({"email": "ben@northwind.example"}), "inbound", **new) == (True, True)
    assert _found("order_form", {"deal_id": "deal-1", "company_id": "com-1"}, "signed", **new)[0] is False


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
    assert _found("enrichment", item, **proposal) == (is_about, is_about)


def test_new_contact_is_about_exactly_its_address() -> None:
    """EVD-3: the verification of another mailbox says nothing about this one."""
    new = {"action": "create", "target_id": None, "payload": {"email": "Noor@northwind.example", "last_name": "R"}}
    assert _found("email_verification", {"email": "noor@northwind.example"}, "valid", **new)[0] is True
    assert _found("email_verification", {"email": "noor@northwind-group.example"}, "valid", **new)[0] is False
    assert _found("email_verification", {"email": ANA}, "valid", **new)[0] is False


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
    assert _found("email", _email({"email": sender}), "inbound", **log)[0] is is_about


@pytest.mark.parametrize(
    ("evidence_type", "stated", "payload", "state"),
    [
        ("calendar_event", "held", {"attendees": [_OURS]}, "unattended"),
        ("calendar_event", "held", {"attendees": []}, "unattended"),
        ("calendar_event", "held", {"attendees": [{"email": ANA, "attended": False}]}, "unattended"),
        ("calendar_event", "confirmed", {"attendees": [{"email": ANA, "attended": True}]}, "held"),
        ("calendar_event", "confirmed", {"attendees": [{"email": ANA, "response": "accepted"}]}, "confirmed"),
        ("calendar_event", "cancelled", {"attendees": [{"email": ANA, "attended": True}]}, "cancelled"),
        ("email", "inbound", {"auto_submitted": "auto-replied"}, "automatic"),
        ("email", "inbound", {"auto_submitted": True}, "automatic"),
        ("email", "inbound", {"auto_submitted": "no"}, "inbound"),
        ("email", "inbound", {"auth": {"dmarc": "fail"}}, "forged"),
        ("email", "outbound", {"status": "bounced"}, "bounced"),
        ("email", "outbound", {"status": "draft"}, "draft"),
        ("email", "outbound", {"message_id": "<m-1>"}, "bounced"),
        ("email", "outbound", {"message_id": "<m-2>"}, "outbound"),
    ],
)
def test_state_is_the_one_that_the_item_is_really_in(evidence_type: str, stated: str, payload: Any, state: str) -> None:
    """EVD-4: attended by the prospect, not only by us; delivered, not returned; by whom it says."""
    world = _world()
    world.evidence("ev-1", evidence_type, stated, **payload)
    world.evidence("ev-2", "email", "inbound", **{"from": {"email": "mailer-daemon@x.example"}, "in_reply_to": "<m-1>"})
    world.proposal(target_id="con-1", cites=["ev-1"])
    assert [row["evidence_state"] for row in world.look_up_citations()] == [state]
