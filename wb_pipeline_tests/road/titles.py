"""New titles of many people at once, for what differs from one person to the next and never meets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wb_pipeline_tests.road.harness import Outcome, Road
from wb_pipeline_tests.road.world import Row, change, coined, contact, update, with_records


def stranger(number: int, title: str = "Head of IT", **more: Any) -> Row:
    """Return a contact of Northwind whom nobody resembles: many stand in one run and never meet.

    `fields` are more fields of the record, all else is the record's own.
    """
    record_id = f"con-{100 + number}"
    first_name, last_name = coined(record_id)
    known = {"first_name": first_name, "last_name": last_name, "email": f"{last_name}@northwind.example".lower()}
    return {**contact(record_id, **known, title=title, **more.pop("fields", {})), **more}


def shows_title(person: Row, title: str) -> Row:
    """Return the profile of a contact with a title, as `new_title` cites it."""
    fields, observed = person["fields"], {"past": [], "observed_at": "2026-02-27T09:00:00Z"}
    current = {"title": title, "company": "Northwind", "company_domain": "northwind.example"}
    item = {"id": f"profile:{person['id']}:{title}", "type": "linkedin_profile", "url": fields["linkedin_url"]}
    return {**item, "name": f"{fields['first_name']} {fields['last_name']}", "current": current, **observed}


def new_title(person: Row, title: str = "VP IT", **said: Any) -> Row:
    """Return a new title for a contact, as its profile shows it."""
    wish = change("title", title, seen=person["fields"]["title"] or None)
    default = {"source": "linkedin", "evidence": [{"ref": f"profile:{person['id']}:{title}"}]}
    return update(person["id"], wish, proposal_id=f"p-{person['id']}", **{**default, **said})


def rehearsed_together(road: Road, people: Sequence[Row], *titles: str, **said: Any) -> Outcome:
    """Rehearse a new title for each of these people in one batch; without `titles` all want one."""
    wanted = titles or ["VP IT"] * len(people)
    pairs = list(zip(people, wanted, strict=True))
    world = with_records(*people, evidence=[shows_title(person, title) for person, title in pairs])
    return road.rehearse(world, *(new_title(person, title, **said) for person, title in pairs))
