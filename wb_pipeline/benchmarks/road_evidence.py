"""The evidence of the load test: one item per call. Who cites it is decided elsewhere."""

from __future__ import annotations

from wb_pipeline.benchmarks import road_words as words
from wb_pipeline.benchmarks.road_crm import Json, Shape, company, company_domain, contact

BEFORE = "2026-02-26T15:00:00Z"


def profile(number: int, who: int, shape: Shape, title: str) -> Json:
    """Return a LinkedIn profile of contact `who` that shows `title`."""
    person = contact(who, shape)
    current = {
        "title": title,
        "company": company(who % shape.companies, shape)["name"],
        "company_domain": company_domain(who % shape.companies),
    }
    return {
        "id": f"ev-{number:07d}",
        "type": "linkedin_profile",
        "url": person["linkedin_url"],
        "name": f"{person['first_name']} {person['last_name']}",
        "current": current,
        "past": [],
        "observed_at": BEFORE,
    }


def email(number: int, sender: str, body: str) -> Json:
    """Return an email to us with the given sender and body."""
    return {
        "id": f"ev-{number:07d}",
        "type": "email",
        "message_id": f"<road-{number}@mail.example>",
        "direction": "inbound",
        "from": {"name": "", "email": sender},
        "to": [{"name": "", "email": f"owner0@{words.OWN_DOMAIN}"}],
        "cc": [],
        "subject": "Re: next steps",
        "sent_at": BEFORE,
        "body": body,
    }


def call(number: int, speaker: Json, said: str, turns: int) -> Json:
    """Return a call of so many turns with a person, who says `said` in the middle; two turns are ten seconds apart."""
    seller = f"Owner {number % 50}"
    chat = [
        {
            "t": clock(turn),
            "speaker": seller if turn % 2 else speaker["name"],
            "role": "seller" if turn % 2 else "prospect",
            "text": words.SMALL_TALK[turn % len(words.SMALL_TALK)],
        }
        for turn in range(turns)
    ]
    chat[turns // 2] = {"t": clock(turns // 2), "speaker": speaker["name"], "role": "prospect", "text": said}
    people = [speaker | {"role": "prospect"}, {"name": seller, "email": f"owner0@{words.OWN_DOMAIN}", "role": "seller"}]
    about: Json = {
        "recording_id": f"rec-{number}",
        "started_at": BEFORE,
        "duration_s": turns * 10,
        "outcome": "connected",
    }
    return {"id": f"ev-{number:07d}", "type": "call_recording", **about, "participants": people, "transcript": chat}


def clock(turn: int) -> str:
    """Return when a turn of a call was said, as hh:mm:ss."""
    seconds = turn * 10
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def enrichment(number: int, domain: str, attributes: Json) -> Json:
    """Return a vendor's record about a company."""
    subject = {"company_domain": domain}
    shared: Json = {"vendor": "firmolytics", "subject": subject, "attributes": attributes, "observed_at": BEFORE}
    return {"id": f"ev-{number:07d}", "type": "enrichment", **shared}


def meeting(number: int, attendee: str) -> Json:
    """Return a calendar event of a meeting that the attendee took part in."""
    attendees = [{"name": "", "email": attendee, "response": "accepted", "attended": True}]
    return {
        "id": f"ev-{number:07d}",
        "type": "calendar_event",
        "event_id": f"cal-{number}",
        "title": "Weekly call",
        "organizer": f"owner0@{words.OWN_DOMAIN}",
        "start": BEFORE,
        "end": "2026-02-26T15:30:00Z",
        "status": "held",
        "attendees": attendees,
    }


def verification(number: int, email: str) -> Json:
    """Return a verification of an address, found valid."""
    return {
        "id": f"ev-{number:07d}",
        "type": "email_verification",
        "email": email,
        "result": "valid",
        "vendor": "mailcheck",
        "checked_at": BEFORE,
    }
