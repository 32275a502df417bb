"""A small CRM, its evidence and the proposals that are made about it. Every proposal here passes as it stands."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from typing import Any

from wb_pipeline.paths import default_policy_file
from wb_pipeline_tests.road.harness import World

Row = dict[str, Any]
LONG_AGO = "2025-04-14T08:00:00Z"
_LATELY = "2026-02-27T09:00:00Z"


def record(kind: str, record_id: str, fields: Mapping[str, Any], **more: Any) -> Row:
    """Return a CRM record."""
    times = {"created_at": LONG_AGO, "updated_at": LONG_AGO}
    return {
        "object": kind,
        "id": record_id,
        "fields": dict(fields),
        **times,
        "archived": False,
        "merged_into": None,
        **more,
    }


def contact(record_id: str, **fields: Any) -> Row:
    """Return a contact of Northwind, with a profile on record."""
    known = {"last_name": record_id, "company_id": "com-1", "owner": "u-1", "linkedin_url": profile_url(record_id)}
    return record("contact", record_id, {**known, **fields})


def profile_url(record_id: str) -> str:
    """Return where the profile of a contact stands."""
    return f"https://www.linkedin.com/in/{record_id}"


CRM: tuple[Row, ...] = (
    record("company", "com-1", {"name": "Northwind", "domain": "northwind.example", "tech_stack_tags": ["okta"]}),
    record("company", "com-2", {"name": "Halcyon", "domain": "halcyon.example", "account_owner": "u-1"}),
    contact("con-1", email="ana@northwind.example", title="Head of IT", phone="+14155550132"),
    contact("con-2", email="ben@northwind.example", title="Buyer"),
    record("deal", "deal-1", {"name": "Stores", "company_id": "com-1", "stage": "proposal", "owner": "u-1"}),
    record("user", "u-1", {"name": "Dana", "email": "dana@our-company.example", "active": True}),
)


def coined(text: str) -> tuple[str, str]:
    """Return a first and a last name that nobody else has: people who are alike wait for a person."""
    word = "".join(chr(ord("a") + zlib.crc32(text.encode()) // 26**place % 26) for place in range(7))
    return word[:3].title(), word[::-1].title()


def verified(email: str) -> Row:
    """Return the verification of a mailbox; its id is `valid:` and the address."""
    item = {"id": f"valid:{email}", "type": "email_verification", "email": email}
    return {**item, "result": "valid", "vendor": "mailcheck", "checked_at": _LATELY}


# Profiles of con-1, each with another title: a proposal cites the one that shows what it wants.
PROFILES = {"VP IT": "profile", **{title: f"profile:{title}" for title in ("CIO", "CTO", "Head of IT")}}


def _profile(title: str) -> Row:
    current = {"title": title, "company": "Northwind", "company_domain": "northwind.example"}
    item = {"id": PROFILES[title], "type": "linkedin_profile", "url": profile_url("con-1"), "name": "con-1"}
    return {**item, "current": current, "past": [], "observed_at": _LATELY}


EVIDENCE: tuple[Row, ...] = (
    *map(_profile, PROFILES),
    {
        "id": "meeting",
        "type": "calendar_event",
        "event_id": "cal-1",
        "title": "Walk-through",
        "organizer": "dana@our-company.example",
        "start": "2026-02-26T09:00:00Z",
        "end": "2026-02-26T10:00:00Z",
        "status": "held",
        "attendees": [
            {"name": "Ana", "email": "ana@northwind.example", "response": "accepted", "attended": True},
            {"name": "Dana", "email": "dana@our-company.example", "response": "accepted", "attended": True},
        ],
    },
    {
        "id": "vendor",
        "type": "enrichment",
        "vendor": "firmolytics",
        "subject": {"company_domain": "larkspur.example"},
        "attributes": {},
        "observed_at": _LATELY,
    },
    verified("noor@northwind.example"),
)
WORLD = World(CRM, EVIDENCE)


def proposal(proposal_id: str, action: str, kind: str, **said: Any) -> Row:
    """Return a proposal of a seller's agent, which has every right."""
    common = {
        "proposal_id": proposal_id,
        "submitted_at": "2026-03-02T09:00:00Z",
        "read_at": "2026-03-02T08:55:00Z",
        "actor": {"type": "ai_agent", "id": "agent-sales-1", "model": "m"},
        "action": action,
        "object": kind,
        "confidence": 95,
        "source": "user",
        "evidence": [],
        "rationale": "because",
    }
    return {**common, **said}


def title_update(proposal_id: str = "p-1", title: str = "VP IT", **said: Any) -> Row:
    """Return a new title for con-1, as its profile shows it; no profile shows a title that is not in `PROFILES`."""
    change = {"field": "title", "op": "set", "value": title, "seen": "Head of IT"}
    wanted = str(said["changes"][0]["value"] if "changes" in said else title)
    shown = [{"ref": PROFILES.get(wanted, "profile")}]
    default = {"target": {"id": "con-1"}, "changes": [change], "source": "linkedin", "evidence": shown}
    return proposal(proposal_id, "update", "contact", **{**default, **said})


def update(target: str, *changes: Row, proposal_id: str = "p-1", **said: Any) -> Row:
    """Return an update of the record `target`, whose id begins with its object's first three letters."""
    kind = {"con": "contact", "com": "company", "dea": "deal", "lea": "lead"}[target[:3]]
    return proposal(proposal_id, "update", kind, **{"target": {"id": target}, "changes": list(changes), **said})


def change(field: str, value: Any, **said: Any) -> Row:
    """Return a change of one field; `seen` is left out unless it is given."""
    return {"field": field, "op": "set", "value": value, **said}


def create_contact(proposal_id: str = "p-1", email: str = "noor@northwind.example", **said: Any) -> Row:
    """Return a new contact whose mailbox is verified and belongs to Northwind."""
    default = {"payload": {"email": email, "last_name": "Rahimi"}, "evidence": [{"ref": f"valid:{email}"}]}
    return proposal(proposal_id, "create", "contact", **{**default, **said})


def create_company(proposal_id: str = "p-1", domain: str = "larkspur.example", **said: Any) -> Row:
    """Return a new company that a vendor knows."""
    default = {"payload": {"name": "Larkspur", "domain": domain}, "evidence": [{"ref": "vendor"}]}
    return proposal(proposal_id, "create", "company", **{**default, **said})


def create_deal(proposal_id: str = "p-1", **fields: Any) -> Row:
    """Return a new deal of Northwind that a meeting came before."""
    payload = {"name": "Second site", "company_id": "com-1", **fields}
    return proposal(proposal_id, "create", "deal", payload=payload, evidence=[{"ref": "meeting"}])


def log(kind: str, proposal_id: str = "p-1", **said: Any) -> Row:
    """Return an activity of con-1, with what else its payload says; `evidence` stands beside it."""
    evidence = said.pop("evidence", [])
    payload = {"activity_type": kind, "contact_id": "con-1", **said}
    return proposal(proposal_id, "log", "activity", payload=payload, evidence=evidence)


def policy_with(*edits: tuple[str, str]) -> str:
    """Return the policy that ships with each (old text, new text) replaced; the old text must stand there once."""
    text = default_policy_file().read_text(encoding="utf-8")
    for old, new in edits:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in the policy"
        text = text.replace(old, new)
    return text


def with_records(*records: Row, evidence: Sequence[Row] = (), policy: str = "") -> World:
    """Return the small world with more in it; a record or item with a known id replaces the one that has it."""
    return World(_replaced(CRM, records), _replaced(EVIDENCE, evidence), policy)


def _replaced(standing: Sequence[Row], more: Sequence[Row]) -> list[Row]:
    new = {row["id"] for row in more}
    return [row for row in standing if row["id"] not in new] + list(more)
