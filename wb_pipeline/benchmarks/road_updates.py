"""Updates of the load test: fields of records which exist. What goes wrong on purpose is in `road_trouble`."""

from __future__ import annotations

from wb_pipeline.benchmarks import road_evidence as items
from wb_pipeline.benchmarks import road_words as words
from wb_pipeline.benchmarks.road_crm import company, contact, contact_email, deal, lead, pick
from wb_pipeline.benchmarks.road_parts import Draft, Maker, change, update


def contact_title(maker: Maker) -> Draft:
    """Set a contact's title, in one of three cases the phone too."""
    number, who = maker.start(), maker.contact_number()
    title, seen = pick(words.TITLES, number + who), contact(who, maker.shape)["title"]
    changes = [change("title", title, seen)]
    if number % 3 == 0:
        changes.append(change("phone", f"+1206555{100 + number % 100:04d}", contact(who, maker.shape)["phone"]))
    profile = items.profile(number, who, maker.shape, title)
    return update(
        maker,
        words.ENRICHER,
        ("contact", f"con-{who}"),
        changes=changes,
        evidence=[profile],
        why="profile shows a new title",
    )


def company_size(maker: Maker) -> Draft:
    """Set a company's size and industry."""
    number, which = maker.start(), maker.chance.randrange(maker.shape.companies)
    current, size = company(which, maker.shape), pick(words.EMPLOYEE_RANGES, number)
    changes = [
        change("employee_range", size, current["employee_range"]),
        change("industry", pick(words.INDUSTRIES, number), current["industry"]),
    ]
    item = items.enrichment(number, current["domain"], {"employee_range": size})
    return update(
        maker,
        words.FIRMOGRAPHER,
        ("company", f"com-{which}"),
        changes=changes,
        evidence=[item],
        why="vendor record of last week",
    )


def deal_next_step(maker: Maker) -> Draft:
    """Set a deal's next step."""
    number, which = maker.start(), maker.chance.randrange(maker.shape.deals)
    step = f"{pick(words.NEXT_STEPS, number)} by Friday"
    changes = [change("next_step", step, deal(which, maker.shape)["next_step"])]
    address, said = contact_email(which, maker.shape), f"Agreed. {step}."
    turns = maker.transcript_turns
    if not turns:
        item = items.email(number, address, said)
        return update(
            maker, words.NOTE_TAKER, ("deal", f"deal-{which}"), changes=changes, evidence=[item], why="agreed"
        )
    person = contact(which, maker.shape)
    speaker = {"name": f"{person['first_name']} {person['last_name']}", "email": address}
    item = items.call(number, speaker, said, turns)
    draft = update(maker, words.NOTE_TAKER, ("deal", f"deal-{which}"), changes=changes, evidence=[item], why="agreed")
    for citation in draft.proposals[0]["evidence"]:
        citation |= {"quote": said, "at": items.clock(turns // 2)}
    return draft


def deal_stage(maker: Maker) -> Draft:
    """Move a deal, with a held meeting: always for a person (HIA-1)."""
    number, which = maker.start(), maker.chance.randrange(maker.shape.deals)
    changes = [change("stage", pick(words.STAGES, number), deal(which, maker.shape)["stage"])]
    item = items.meeting(number, contact_email(which, maker.shape))
    return update(
        maker, words.NOTE_TAKER, ("deal", f"deal-{which}"), changes=changes, evidence=[item], why="the meeting was held"
    )


def lead_title(maker: Maker) -> Draft:
    """Set a lead's title."""
    number, which = maker.start(), maker.chance.randrange(maker.shape.leads)
    person = lead(which)
    title = pick(words.TITLES, number)
    item = items.email(number, person["email"], f"Thanks.\n--\n{person['first_name']} {person['last_name']}\n{title}")
    changes = [change("title", title, None)]
    return update(
        maker, words.ENRICHER, ("lead", f"lead-{which}"), changes=changes, evidence=[item], why="read in the signature"
    )
