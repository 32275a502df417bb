"""A small CRM and one proposal that cites items: is each about the record, and by it? Tests say what they should be."""

from __future__ import annotations

from typing import Any

from wb_pipeline_tests.facts.factories import World

ANA = "ana@northwind.example"
_FIELDS = {
    "contact": ("email", "last_name"),
    "company": ("domain",),
    "deal": ("company_id",),
    "activity": ("activity_type", "contact_id", "company_id", "deal_id", "subject"),
}
OURS = {"name": "Dana", "email": "dana@our-company.example"}


def world_of_one_company() -> World:
    """Return Northwind with two of its people and two deals, another company, and us."""
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


def found(evidence_type: str, item: dict[str, Any], state: str = "", /, **proposal: Any) -> tuple[bool, bool]:
    """Return (is_about_record, is_by_record) of one item that one proposal cites."""
    return found_together((evidence_type, item, state), **proposal)[0]


def found_together(*items: tuple[str, dict[str, Any], str], **proposal: Any) -> list[tuple[bool, bool]]:
    """Return the same of each of these items (type, item, state), all of which one proposal cites."""
    world = world_of_one_company()
    names = [f"ev-{number}" for number in range(1, len(items) + 1)]
    for name, (evidence_type, item, state) in zip(names, items, strict=True):
        world.evidence(name, evidence_type, state, **item)
    world.proposal(**{"target_id": "con-1", "cites": names, **proposal})
    rows = world.look_up_citations()
    assert len(rows) == len(items)
    return [(row["is_about_record"], row["is_by_record"]) for row in rows]


def email(sender: Any, *to: Any) -> dict[str, Any]:
    """Return a message that came in."""
    return {"direction": "inbound", "from": sender, "to": list(to)}
