"""A CRM that knows some domains, and the facts about changes that name others. No assertions here."""

from __future__ import annotations

from typing import Any

from wb_pipeline.facts.domain_facts import write_domain_facts
from wb_pipeline.facts.field_names import write_field_names
from wb_pipeline.facts.match_candidates import write_match_candidates
from wb_pipeline.facts.prepared_records import write_prepared_records
from wb_pipeline.facts.proposal_keys import write_proposal_keys
from wb_pipeline_tests.facts.factories import World, no_likeness

WRITERS = (
    write_field_names, write_prepared_records, write_proposal_keys, no_likeness, write_match_candidates,
    write_domain_facts,
)  # fmt: skip


def world_of_domains() -> World:
    """Return a CRM that knows northwind.example, its other domains, a few contacts, and two mail providers."""
    made = World()
    made.record(
        "company", "com-1", domain="northwind.example", website="https://www.northwind-shop.example/start",
        additional_domains=["northwind.co"],
    )  # fmt: skip
    made.record("company", "com-2", domain="globex.example")
    made.record("company", "com-3", name="No domain at all")
    made.record("company", "com-4", domain="ancient.example", archived=True)
    made.record("company", "com-5", domain="northwind-labs.example", parent_id="com-1")
    made.record("contact", "con-1", email="ana@northwind.example", company_id="com-1")
    made.record("contact", "con-2", email="ben@initech.example")
    made.record("contact", "con-3", email="cleo@initech.example")
    made.record("contact", "con-4", email="dan@gmail.com")
    made.record("contact", "con-5", email="eve@nortwind.example")
    made.mail_domains("personal", "gmail.com")
    made.mail_domains("disposable", "mailinator.com")
    made.mail_domains("own", "our-company.example")
    return made


def facts(world: World, columns: str, where: str = "true") -> list[tuple[Any, ...]]:
    """Return columns of the facts, in the order of the changes."""
    world.run(*WRITERS)
    return world.rows(f"select {columns} from facts.domain_facts where {where} order by change_id")
