"""What every labelled case starts from: a company, two people, a deal, their evidence, and proposals that pass.

Each case gets a set of its own, with coined names, so that hundreds of cases stand in one CRM and none meets another.
What a case changes about it stands in `data`, not here.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Any

Row = dict[str, Any]
LONG_AGO = "2025-04-14T08:00:00Z"
LATELY = "2026-02-27T09:00:00Z"
SUBMITTED = "2026-03-02T09:00:00Z"
OWN = "our-company.example"
SELLER = {"name": "Dana Whitfield", "email": f"dana@{OWN}"}
SHARED: tuple[Row, ...] = (
    {"object": "user", "id": "u-1", "fields": {"name": SELLER["name"], "email": SELLER["email"], "active": True}},
)


def _word(text: str, letters: int) -> str:
    """Return a word that only this text gives."""
    seed = int.from_bytes(b"".join(zlib.crc32(f"{text}{part}".encode()).to_bytes(4, "big") for part in range(3)), "big")
    return "".join(
        "bcdfghklmnprstvz"[seed >> 4 * place & 15] + "aeiou"[(seed >> 7 * place) % 5] for place in range(letters // 2)
    )


@dataclass(frozen=True)
class Names:
    """The names that a case may write as `{con}`, `{email}` ...; `new_*` is a colleague whom the CRM does not know."""

    case: str

    def as_dict(self) -> dict[str, str]:
        """Return every placeholder with its text."""
        company, other = _word(f"{self.case} company", 10), _word(f"{self.case} other", 10)
        names = {
            "case": self.case,
            "con": f"con-{self.case}",
            "colleague": f"con-{self.case}-b",
            "com": f"com-{self.case}",
            "deal": f"deal-{self.case}",
            "lead": f"lead-{self.case}",
            "workflow": f"wf-{self.case}",
            "company": company.title(),
            "word": company,
            "domain": f"{company}.example",
            "other_company": other.title(),
            "other_domain": f"{other}.example",
            "phone": f"+1415{zlib.crc32(self.case.encode()) % 8_000_000 + 2_000_000}",
        }
        for prefix in ("", "colleague_", "new_", "stranger_"):
            first, last = (_word(f"{self.case} {prefix}{part}", 8).title() for part in ("first", "last"))
            domain = names["other_domain" if prefix == "stranger_" else "domain"]
            names |= {f"{prefix}first": first, f"{prefix}last": last, f"{prefix}name": f"{first} {last}"}
            names[f"{prefix}email"] = f"{first}.{last}@{domain}".lower()
        return names


def crm_pieces(n: dict[str, str]) -> dict[str, Row]:
    """Return the case's own CRM records by the name under which a case changes them."""
    person = {"company_id": n["com"], "owner": "u-1", "country": "US"}
    linkedin = f"https://www.linkedin.com/in/{n['first']}-{n['last']}".lower()
    contact = {"first_name": n["first"], "last_name": n["last"], "email": n["email"], "linkedin_url": linkedin}
    colleague = {"first_name": n["colleague_first"], "last_name": n["colleague_last"], "email": n["colleague_email"]}
    lead = {"first_name": n["stranger_first"], "last_name": n["stranger_last"], "email": n["stranger_email"]}
    deal = {"company_id": n["com"], "primary_contact_id": n["con"], "stage": "discovery", "amount": 5000}
    company = {"name": n["company"], "domain": n["domain"], "employee_range": "51-200", "account_owner": "u-1"}
    workflow = {"name": f"Follow-up {n['case']}", "status": "active", "personas": ["it_buyer"], "sends_email": True}
    return {
        "company": _record("company", n["com"], company),
        "contact": _record("contact", n["con"], contact | person | {"title": "Head of IT", "persona": "it_buyer"}),
        "colleague": _record("contact", n["colleague"], colleague | person | {"title": "Buyer"}),
        "lead": _record("lead", n["lead"], lead | {"company_name": n["other_company"], "owner": "u-1"}),
        "deal": _record(
            "deal", n["deal"], deal | {"name": f"{n['company']} rollout", "currency": "USD", "owner": "u-1"}
        ),
        "workflow": _record("workflow", n["workflow"], workflow | {"effects": [{"do": "enroll_sequence"}]}),
    }


def _record(kind: str, record_id: str, fields: Row) -> Row:
    times = {"created_at": LONG_AGO, "updated_at": LONG_AGO, "archived": False, "merged_into": None}
    return {"object": kind, "id": record_id, "fields": fields, **times}


def evidence_pieces(n: dict[str, str]) -> dict[str, Row]:
    """Return the case's own evidence by name; the id of each is `<name>-<case>`."""
    person = {"name": n["name"], "email": n["email"]}
    position = {"title": "VP IT", "company": n["company"], "company_domain": n["domain"]}
    url = f"https://www.linkedin.com/in/{n['first']}-{n['last']}".lower()
    mail = {
        "direction": "inbound",
        "from": person,
        "to": [SELLER],
        "cc": [],
        "sent_at": LATELY,
        "subject": "Re: rollout",
    }
    attendees = [
        {**person, "response": "accepted", "attended": True},
        {**SELLER, "response": "accepted", "attended": True},
    ]
    times = {"start": "2026-02-26T09:00:00Z", "end": "2026-02-26T10:00:00Z"}
    deal = {"deal_id": n["deal"], "company_id": n["com"]}
    signed = {"party": n["company"], "email": n["email"], "signed_at": LATELY}
    pieces: dict[str, Row] = {
        "profile": {
            "type": "linkedin_profile",
            "url": url,
            "name": n["name"],
            "current": position,
            "past": [],
            "observed_at": LATELY,
        },
        "verification": {
            "type": "email_verification",
            "email": n["new_email"],
            "result": "valid",
            "vendor": "mailcheck",
            "checked_at": LATELY,
        },
        "signature": {"type": "email", "message_id": f"<sig-{n['case']}@mail>", **mail, "body": _signed_mail(n)},
        "reply": {"type": "email", "message_id": f"<reply-{n['case']}@mail>", **mail, "body": _reply(n)},
        "meeting": {
            "type": "calendar_event",
            "event_id": f"cal-{n['case']}",
            "title": f"Walk-through {n['company']}",
            "organizer": SELLER["email"],
            **times,
            "status": "held",
            "attendees": attendees,
        },
        "call": {
            "type": "call_recording",
            "recording_id": f"rec-{n['case']}",
            "started_at": "2026-02-25T15:00:00Z",
            "duration_s": 1500,
            "outcome": "connected",
            "participants": [{**person, "role": "prospect"}, {**SELLER, "role": "seller"}],
            "transcript": _transcript(n),
            "asr_quality": 0.95,
        },
        "enrichment": {
            "type": "enrichment",
            "vendor": "firmolytics",
            "subject": {"company_domain": n["domain"], "company_name": n["company"]},
            "attributes": {"employees": 340, "industry": "Software"},
            "observed_at": LATELY,
        },
        "new_company": {
            "type": "enrichment",
            "vendor": "firmolytics",
            "subject": {"company_domain": n["other_domain"], "company_name": n["other_company"]},
            "attributes": {"industry": "Software"},
            "observed_at": LATELY,
        },
        "form": {
            "type": "form_submission",
            "name": n["new_name"],
            "email": n["new_email"],
            "fields": {"message": "Please call me about your product."},
            "submitted_at": LATELY,
        },
        "offer": {
            "type": "proposal_document",
            **deal,
            "to": n["email"],
            "status": "sent",
            "created_at": "2026-02-20T09:00:00Z",
            "sent_at": LATELY,
        },
        "order_form": {
            "type": "order_form",
            **deal,
            "status": "signed",
            "signatures": [signed],
            "amount": 5000,
            "currency": "USD",
        },
        "plan": {
            "type": "mutual_action_plan",
            **deal,
            "status": "active",
            "accepted_by": n["email"],
            "created_at": LATELY,
            "steps": ["security review", "signature"],
        },
        "visit": {"type": "web_visit", "domain": n["domain"], "page": "/pricing", "visited_at": LATELY},
    }
    return {name: {"id": f"{name}-{n['case']}", **item} for name, item in pieces.items()}


def _signed_mail(n: dict[str, str]) -> str:
    text = "Hi Dana,\n\nthe documents arrived, thank you. My new card is below.\n\nBest\n--\n"
    return f"{text}{n['name']}\nVP IT, {n['company']}\n{n['phone']}\n"


def _reply(n: dict[str, str]) -> str:
    text = "we are interested and want to see a demo. We evaluated Globex and ruled them out."
    return f"Hi Dana,\n\n{text}\n\n{n['first']}\n"


def _transcript(n: dict[str, str]) -> list[Row]:
    said = (
        ("00:00:05", SELLER["name"], "seller", "Thanks for joining. How big is the team today?"),
        ("00:00:20", n["name"], "prospect", "We have about 340 employees now."),
        ("00:02:10", n["name"], "prospect", "Our main alternative is Globex, we are comparing the two of you."),
        ("00:04:00", SELLER["name"], "seller", "Shall I send the security questionnaire?"),
        ("00:04:10", n["name"], "prospect", "Yes, please send the security questionnaire by Friday."),
    )
    return [{"t": t, "speaker": speaker, "role": role, "text": text} for t, speaker, role, text in said]
