"""Creates, logs, triggers and merges of the load test. Updates are in `road_updates`."""

from __future__ import annotations

from wb_pipeline.benchmarks import road_evidence as items
from wb_pipeline.benchmarks import road_words as words
from wb_pipeline.benchmarks.road_crm import FIRST_NEW_CONTACT, Json, company_domain, contact, contact_email, person_name
from wb_pipeline.benchmarks.road_parts import Draft, Maker, cite, proposal


def contact_create(maker: Maker) -> Draft:
    """Create a contact: one in four is in the CRM already."""
    number = maker.start()
    who = maker.contact_number()
    payload = contact(who, maker.shape)
    payload = {key: payload[key] for key in ("first_name", "last_name", "email", "title", "company_id", "persona")}
    if number % 4:
        first, last = person_name(FIRST_NEW_CONTACT + number)
        address = f"new.{number}@{company_domain(who % maker.shape.companies)}"
        payload |= {"first_name": first, "last_name": last, "email": address}
    return _create(maker, number, "contact", payload)


def company_create(maker: Maker) -> Draft:
    """Create a company that the CRM does not know."""
    number = maker.start()
    payload = {"name": f"Fresh Venture {number}", "domain": f"fresh-venture-{number}.example", "country": "US"}
    return _create(maker, number, "company", payload)


def _create(maker: Maker, number: int, object_name: str, payload: Json) -> Draft:
    made = proposal(maker, number, words.PROSPECTOR, "create", object_name)
    made |= {"payload": payload, "rationale": "found while researching the account"}
    address = payload.get("email")
    item = (
        items.verification(number, address)
        if address
        else items.enrichment(number, payload["domain"], {"name": payload["name"]})
    )
    return Draft([made], cite(maker, made, [item]))


def deal_create(maker: Maker) -> Draft:
    """Create a deal; half of them are above the threshold."""
    number, who = maker.start(), maker.contact_number()
    made = proposal(maker, number, words.PROSPECTOR, "create", "deal")
    payload = {
        "name": f"Expansion {number}",
        "company_id": f"com-{who % maker.shape.companies}",
        "primary_contact_id": f"con-{who}",
        "stage": words.STAGES[0],
        "amount": 2000 + number % 20 * 1000,
        "currency": words.CURRENCY,
    }
    made |= {"payload": payload, "rationale": "the buyer asked for a quote"}
    item = items.email(number, contact_email(who, maker.shape), "Please send us a quote for the second site.")
    return Draft([made], cite(maker, made, [item]))


def meeting_log(maker: Maker) -> Draft:
    """Log a meeting that was held."""
    number, who = maker.start(), maker.contact_number()
    made = proposal(maker, number, words.NOTE_TAKER, "log", "activity")
    payload = {
        "activity_type": "meeting",
        "contact_id": f"con-{who}",
        "occurred_at": items.BEFORE,
        "subject": "Weekly call",
        "body": f"Spoke about the roll-out of phase {number % 5}.",
        "calendar_event_id": f"cal-{number}",
    }
    made |= {"payload": payload, "rationale": "notes of the call"}
    return Draft([made], cite(maker, made, [items.meeting(number, contact_email(who, maker.shape))]))


def trigger(maker: Maker) -> Draft:
    """Start a workflow for a contact."""
    number, who = maker.start(), maker.contact_number()
    made = proposal(maker, number, words.PROSPECTOR, "trigger", "contact")
    workflow = f"wf-{number % len(words.WORKFLOWS)}"
    made |= {
        "target": {"id": f"con-{who}"},
        "payload": {"workflow_id": workflow},
        "rationale": "asked for material",
    }
    made["causation"] = {"root": f"evt-{number}", "parent": f"evt-{number}", "depth": 1, "path": []}
    item = items.email(number, contact_email(who, maker.shape), "Please send me the material.")
    return Draft([made], cite(maker, made, [item]))


def merge(maker: Maker) -> Draft:
    """Merge two contacts: always for a person (IDN-10)."""
    number, who = maker.start(), maker.contact_number()
    loser = (who + maker.shape.companies) % maker.shape.contacts
    made = proposal(maker, number, words.JANITOR, "merge", "contact")
    made |= {"target": {"id": f"con-{who}"}, "payload": {"survivor": f"con-{who}", "loser": f"con-{loser}"}}
    return Draft([made | {"rationale": "same person twice"}])
