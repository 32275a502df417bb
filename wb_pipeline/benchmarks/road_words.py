"""The made-up words of the load test, and who acts in it. Only words: the records are built in `road_crm`.

Actors, sources and picklist values are those of the default policy; a test holds them to it.
"""

from __future__ import annotations

from typing import NamedTuple


class Agent(NamedTuple):
    """One registered actor of the default policy, with the model and the source it names in its proposals."""

    actor_type: str
    actor_id: str
    model: str
    source: str


ENRICHER = Agent("ai_agent", "agent-enrich-1", "m-large-3", "linkedin")
FIRMOGRAPHER = Agent("ai_agent", "agent-enrich-1", "m-large-3", "enrichment")
JANITOR = Agent("ai_agent", "agent-enrich-1", "m-large-3", "crm")
PROSPECTOR = Agent("ai_agent", "agent-sales-1", "m-large-3", "email")
NOTE_TAKER = Agent("ai_agent", "agent-notes-1", "m-listen-2", "call")
AGENTS = (ENRICHER, FIRMOGRAPHER, JANITOR, PROSPECTOR, NOTE_TAKER)

OWN_DOMAIN = "our-company.example"
SMALL_TALK = (
    "Thanks for taking the time today, I know the quarter is closing.",
    "Let me share my screen, can everybody see the dashboard?",
    "We run this in twelve warehouses, and two of them work at night.",
    "Good question. It depends on how the data is exported on your side.",
    "The team in the north asked for the same thing last spring.",
    "I would have to check that with our security people first.",
    "Right, and the old system stays until the last site has moved.",
)
CURRENCY = "USD"
PERSONAS = ("decision_maker", "it_leader", "finance_leader", "operations_leader", "end_user")
INDUSTRIES = ("Retail", "Software", "Logistics", "Healthcare", "Manufacturing")
EMPLOYEE_RANGES = ("11-50", "51-200", "201-500", "501-1000")
STAGES = ("qualification", "discovery", "proposal", "negotiation", "closed_won")
WORKFLOWS = (
    {"name": "Nurture", "status": "active", "personas": list(PERSONAS), "effects": [{"do": "enroll_sequence"}]},
    {"name": "Tell the owner", "status": "active", "personas": [], "effects": [{"do": "notify"}]},
    {
        "name": "Quote accepted",
        "status": "active",
        "personas": [],
        "effects": [{"do": "set_field", "object": "deal", "field": "stage", "value": "negotiation"}],
    },
)
COMPANY_FIRST = ("Amber", "Birch", "Cedar", "Dune", "Ember", "Fjord", "Granite", "Harbor", "Iris", "Juniper", "Kestrel")
COMPANY_SECOND = ("Works", "Logistics", "Labs", "Foods", "Systems", "Energy", "Health", "Textiles", "Robotics")
TITLES = (
    "Head of IT", "VP Operations", "Finance Director", "Chief of Staff", "Plant Manager", "Data Lead",
    "Head of Procurement", "Sales Director", "Security Architect", "Product Manager",
)  # fmt: skip
NEXT_STEPS = ("Send the security answers", "Book the pilot review", "Share the price sheet", "Meet the finance lead")
