"""What the domains in a proposal say against it, from the batch to the lane."""

from __future__ import annotations

from typing import Any

from wb_pipeline_tests.road.harness import Road
from wb_pipeline_tests.road.world import (
    EVIDENCE,
    Row,
    change,
    coined,
    contact,
    create_company,
    create_contact,
    policy_with,
    proposal,
    record,
    update,
    verified,
    with_records,
)

LOOKALIKE = "gate_identity__lookalike_domain"
OTHER_COMPANY = "gate_identity__company_domain_differs"
NOT_PERSONAL = "gate_identity__address_not_personal"
DISPOSABLE = "gate_identity__address_disposable"


def form(email: str) -> Row:
    """Return a filled-in form; its id is `form:` and the address."""
    sent = {"submitted_at": "2026-02-27T09:00:00Z", "name": "Noor", "email": email, "fields": {}}
    return {"id": f"form:{email}", "type": "form_submission", **sent}


def lead(email: str, **fields: Any) -> Row:
    """Return a new lead who filled in a form: it passes unless its domain speaks against it. Each is somebody else."""
    first_name, last_name = coined(email)
    payload = {"email": email, "first_name": first_name, "last_name": last_name, **fields}
    said = {"payload": payload, "evidence": [{"ref": f"form:{email}"}], "source": "web_form"}
    return proposal(f"p-{email}", "create", "lead", **said)


def lanes_and_gates(road: Road, wishes: list[Row], *records: Row, policy: str = "") -> list[tuple[str, set[str]]]:
    """Return (lane, gates about domains) of the action of each wish, judged in one batch."""
    addresses = {str(wish["payload"].get("email", "")) for wish in wishes}
    evidence = [form(address) for address in addresses] + [verified(address) for address in addresses]
    outcome = road.rehearse(with_records(*records, evidence=evidence, policy=policy), *wishes)
    about = {LOOKALIKE, OTHER_COMPANY, NOT_PERSONAL, DISPOSABLE}
    return [(outcome.lane(line), outcome.gates(line) & about) for line in range(1, len(wishes) + 1)]


def test_create_from_a_lookalike_domain_waits_for_a_person(road: Road) -> None:
    """IDN-5: other ending, typo, homoglyph, hyphen, word before and after; what is like nothing passes."""
    strange = ["northwind.test1.example", "northwind.co", "nortwind.example", "n0rthwind.example", "north-wind.example",
               "xn--nrthwind-nbh.example", "getnorthwind.example", "northwind-group.example"]  # fmt: skip
    known = ["eu.northwind.example", "northwind.example", "halcyon.example", "larkspur.example"]
    found = lanes_and_gates(road, [lead(f"noor@{domain}") for domain in [*strange, *known]])
    assert found[0] == ("auto", set())
    assert found[1 : len(strange)] == [("review", {LOOKALIKE})] * (len(strange) - 1)
    assert found[len(strange) :] == [("auto", set())] * len(known)


def test_create_of_a_company_by_a_lookalike_domain_waits_as_a_whole(road: Road) -> None:
    """IDN-5: the look-alike may stand in any field; nothing of the company is made."""
    payloads = [
        {"name": "Quillfeather", "domain": "northwind-inc.example"},
        {"name": "L", "domain": "larks.example", "website": "https://nortwind.example"},
    ]
    vendor = next(item for item in EVIDENCE if item["id"] == "vendor")
    known = [
        {**vendor, "id": f"about {each['domain']}", "subject": {"company_domain": each["domain"]}} for each in payloads
    ]
    wishes = [
        create_company(f"p-{number}", payload=payload, evidence=[{"ref": item["id"]}])
        for number, (payload, item) in enumerate(zip(payloads, known, strict=True), start=1)
    ]
    outcome = road.run(with_records(evidence=known), *wishes, create_company("p-3"))
    assert set(outcome.lanes(1).values()) == set(outcome.lanes(2).values()) == {"review"}
    assert set(outcome.lanes(3).values()) == {"auto"}


def test_lookalike_of_a_policys_alias_passes_only_as_the_alias(road: Road) -> None:
    """IDN-5: unless an alias table says that both belong to one company."""
    aliased = policy_with(("aliases: {}  ", "aliases: {northwind.co: northwind.example}  "))
    wishes = [lead("noor@northwind.co"), lead("noor@northwind.io")]
    assert [lane for lane, _ in lanes_and_gates(road, wishes)] == ["review", "review"]
    assert [lane for lane, _ in lanes_and_gates(road, wishes, policy=aliased)] == ["auto", "review"]


def test_lookalike_domain_of_a_record_by_an_external_id_is_not_matched_alone(road: Road) -> None:
    """IDN-5: a create that hits a record by another key and brings a look-alike address waits as a whole."""
    known = contact("con-8", email="mia@northwind.example", external_id="erp-8")
    address = "mia@nortwind.example"
    payload = {"email": address, "external_id": "erp-8", "last_name": "con-8"}
    outcome = road.rehearse(
        with_records(known, evidence=[verified(address)]), create_contact("p-1", address, payload=payload)
    )
    assert outcome.row()["effective_action"] == "update"
    assert LOOKALIKE in outcome.gates()
    assert outcome.lanes() == {"*": "review", "email": "deny", "external_id": "noop", "last_name": "noop"}


def test_website_changed_to_a_lookalike_waits(road: Road) -> None:
    """IDN-5: a website leads people; the field waits, what stands beside it passes."""
    changes = [change("website", "https://halcyon.co", seen=None), change("industry", "Retail", seen=None)]
    outcome = road.rehearse(with_records(), update("com-2", *changes))
    assert outcome.lanes() == {"*": "auto", "website": "review", "industry": "auto"}


def test_contact_put_under_another_company_waits(road: Road) -> None:
    """IDN-7: subsidiaries, parents and further domains agree; free mail says nothing of the company (IDN-8 does)."""
    house = [
        record("company", "com-8", {"name": "Kite", "domain": "kite.example", "parent_id": "com-1"}),
        record("company", "com-9", {"name": "Salt", "domain": "salt.example", "additional_domains": ["brine.example"]}),
    ]
    wishes = [
        lead("a@northwind.example", company_id="com-2"),
        lead("b@kite.example", company_id="com-9"),
        lead("c@northwind.example", company_id="com-1"),
        lead("d@kite.example", company_id="com-1"),
        lead("e@northwind.example", company_id="com-8"),
        lead("f@brine.example", company_id="com-9"),
        lead("g@gmail.com", company_id="com-2"),
    ]
    found = lanes_and_gates(road, wishes, *house)
    assert found == [("review", {OTHER_COMPANY})] * 2 + [("auto", set())] * 4 + [("review", {NOT_PERSONAL})]


def test_contact_moved_to_another_company_is_stopped_by_its_address(road: Road) -> None:
    """IDN-7: the lock on company_id aside, the address on record speaks against the move, and for the way back."""
    stray = contact("con-8", email="mia@halcyon.example", company_id="com-1")
    moves = [
        update("con-1", change("company_id", "com-2", seen="com-1")),
        update("con-8", change("company_id", "com-2", seen="com-1"), proposal_id="p-2"),
    ]
    outcome = road.rehearse(with_records(stray), *moves)
    assert OTHER_COMPANY in outcome.gates(1, "company_id")
    assert OTHER_COMPANY not in outcome.gates(2, "company_id")


def test_create_by_an_address_that_names_nobody_never_passes(road: Road) -> None:
    """IDN-8: free mail and role mailboxes wait for a person, disposable ones are denied; contacts and leads alike."""
    free, role, thrown = "noor@gmail.com", "info@northwind.example", "noor@mailinator.com"
    wishes = [lead(free), lead(role), lead(thrown), create_contact("p-1", role), create_contact("p-2", thrown)]
    found = lanes_and_gates(road, wishes)
    assert found[:3] == [("review", {NOT_PERSONAL}), ("review", {NOT_PERSONAL}), ("deny", {DISPOSABLE})]
    assert found[3] == ("review", {NOT_PERSONAL})
    assert found[4] == ("deny", {DISPOSABLE})


def test_create_by_free_mail_of_somebody_on_record_is_an_update(road: Road) -> None:
    """IDN-3, IDN-8: nobody is created, so the address may be what it is."""
    known = contact("con-8", email="noor@gmail.com", last_name="Rahimi")
    ((lane, gates),) = lanes_and_gates(road, [create_contact("p-1", "noor@gmail.com", confidence=96)], known)
    assert gates == set()
    assert lane in ("auto", "noop", "deny")


def test_policy_that_excepts_a_provider_takes_its_addresses_for_a_firms(road: Road) -> None:
    """IDN-8: a firm that runs its mail at a provider's domain is excepted by name."""
    excepting = policy_with(
        ("personal: {more: [], except: []}", "personal: {more: [larkspur.example], except: [gmx.de]}")
    )
    wishes = [lead("noor@gmx.de"), lead("noor@larkspur.example")]
    assert [lane for lane, _ in lanes_and_gates(road, wishes)] == ["review", "auto"]
    assert [lane for lane, _ in lanes_and_gates(road, wishes, policy=excepting)] == ["auto", "review"]
