"""A home with approved changes of every kind, and the CRM that they are about: small, and made once. No assertions.

Half of the changes are automatic, half were approved by a person.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from wb_pipeline.home import Home
from wb_pipeline.review.model import Decision
from wb_pipeline_tests.review.factories import Rows, create, desk_at, merge, queue, trigger, update

PEOPLE = 6
CRM: list[dict[str, Any]] = [
    *({"object": "contact", "id": f"con-{n}", "fields": {"title": f"Title {n}"}} for n in range(1, PEOPLE + 1)),
    {"object": "contact", "id": "con-9", "fields": {"title": "CFO", "company_id": "com-9"}},
    {"object": "company", "id": "com-1", "fields": {"name": "Acme", "industry": "it"}},
    {"object": "company", "id": "com-8", "fields": {"name": "Borealis"}},
    {"object": "company", "id": "com-9", "fields": {"name": "Borealis Inc", "industry": "retail"}},
]
"""What the CRM holds before anything is written."""


def make_world(root: Path) -> Home:
    """Make a home whose one batch has every kind of change, all of them to be written."""
    home, ledger = queue(root, *_proposals())
    desk = desk_at(home, ledger)
    for person in ("u-ops-1", "u-sales-1"):  # a merge needs two
        desk.decide([Decision(item.item_id, "approve", item.binding) for item in desk.items()], person)
    return home


def _proposals() -> list[Rows]:
    called = {"activity_type": "note", "contact_id": "con-1", "body": "Called."}
    return [
        # The first line is the company that a later one points to by its proposal's id.
        create("company", {"name": "Cumulus", "domain": "cumulus.example"}, lane="auto"),
        create("contact", {"email": "eva@cumulus.example", "company_id": "p-1"}),
        *(_title(n, "auto" if n % 2 else "review") for n in range(1, PEOPLE)),
        update("phone", "+14155550132", record_id="con-1", lane="auto"),
        # Somebody was faster: it is so already.
        update("title", f"Title {PEOPLE}", old="Title 0", record_id=f"con-{PEOPLE}", lane="auto"),
        update("industry", "software", old="it", object="company", record_id="com-1"),
        create("activity", called, action="log", lane="auto"),
        trigger("wf-1", object="contact", record_id="con-2", lane="auto"),
        merge("company", "com-8", "com-9"),
    ]


def _title(number: int, lane: str) -> Rows:
    return update("title", f"New title {number}", old=f"Title {number}", record_id=f"con-{number}", lane=lane)
