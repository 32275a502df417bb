"""What goes wrong between agents, on purpose: disagreements, twins, replays, spoiled changes. All of it is readable."""

from __future__ import annotations

from wb_pipeline.benchmarks import road_evidence as items
from wb_pipeline.benchmarks import road_words as words
from wb_pipeline.benchmarks.road_crm import Json, contact
from wb_pipeline.benchmarks.road_parts import Draft, Maker, change, cite, proposal
from wb_pipeline.benchmarks.road_updates import contact_title


def disagreement(maker: Maker) -> Draft:
    """Two agents want different titles for one person (OVW-6)."""
    number, who, rival = maker.start(), maker.contact_number(), maker.start()
    both: list[Json] = []
    evidence: list[Json] = []
    for turn, title in ((number, "Head of Growth"), (rival, "Head of Delivery")):
        made = proposal(maker, turn, words.ENRICHER, "update", "contact")
        changes = [change("title", title, contact(who, maker.shape)["title"])]
        made |= {"target": {"id": f"con-{who}"}, "changes": changes, "rationale": "profile shows a new title"}
        evidence += cite(maker, made, [items.profile(turn, who, maker.shape, title)])
        both.append(made)
    return Draft(both, evidence)


def twin(maker: Maker) -> Draft:
    """Send the same change twice under two proposal ids (IDN-4)."""
    draft = contact_title(maker)
    again = draft.proposals[0] | {"proposal_id": f"p-{maker.start():07d}"}
    return Draft([*draft.proposals, again], draft.evidence)


def replay(maker: Maker) -> Draft:
    """Send the same line twice: same proposal id, same content (CON-4)."""
    draft = contact_title(maker)
    return Draft(draft.proposals * 2, draft.evidence)


def stopped(maker: Maker) -> Draft:
    """Spoil a title change: stale, blank, locked field, unknown field, unknown actor or lost target."""
    draft = contact_title(maker)
    proposal = draft.proposals[0]
    wanted = proposal["changes"][0]
    match maker.number % 6:
        case 0:
            wanted["seen"] = "Intern"
        case 1:
            wanted["value"] = ""
        case 2:
            wanted |= {"field": "email", "value": "someone.else@elsewhere.example"}
        case 3:
            wanted["field"] = "shoe_size"
        case 4:
            proposal["actor"] = {"type": "ai_agent", "id": "agent-nobody-knows", "model": "m-mystery"}
        case _:
            proposal["target"] = {"id": "con-does-not-exist"}
    return draft
