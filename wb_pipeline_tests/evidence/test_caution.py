"""What the second look of the support checker refuses, and what it must let pass."""

from __future__ import annotations

from typing import Any

import pytest

from wb_pipeline.evidence.support import weigh
from wb_pipeline.evidence.support.claim import Claim
from wb_pipeline.evidence.support.judge import Item, judge_item

_FORMATS = {"amount": "number", "seats": "number", "close_date_suggestion": "date", "phone": "phone", "body": "note"}
_OBJECTS = {"title": "contact", "phone": "contact", "persona": "contact"}
_OBJECTS |= {"employee_range": "company", "industry": "company", "tech_stack_tags": "company"}

_NOT_SAID: list[tuple[str, Any, str]] = [
    ("amount", 48000, "I've requested 48,000 from the capex pot."),
    ("amount", 48000, "Our current vendor bills us 48,000 a year."),
    ("amount", 48000, "Last renewal was 48,000."),
    ("amount", 48000, "48,000 is our IT budget for everything."),
    ("amount", 48000, "48,000, though nobody has approved it."),
    ("amount", 48000, "Somebody mentioned 48,000 in the hallway."),
    ("amount", 48000, "48,000 minus whatever legal knocks off."),
    ("seats", 120, "We've 120 licences of your competitor lying around."),
    ("seats", 120, "So, yeah, 120-ish seats."),
    ("close_date_suggestion", "2026-04-30", "The quote is valid until April 30."),
    ("close_date_suggestion", "2026-04-30", "My colleague in Lyon signs hers on April 30."),
    ("close_date_suggestion", "2026-04-30", "Board meets April 30 and will discuss the contract."),
    ("close_date_suggestion", "2026-04-30", "Signing on 30 April looks tough."),
    ("title", "CFO", "I'm the right hand of our CFO."),
    ("title", "CFO", "From 1 May I will be CFO."),
    ("title", "CFO", "I'm standing in as CFO."),
    ("phone", "+15550107788", "Anything urgent ring Aoife on +1 555 010 7788, she knows the story."),
    ("phone", "+15550107788", "Jim's cell is 555 010 7788."),
    ("tech_stack_tags", ["HubSpot"], "We're evaluating HubSpot at the moment."),
    ("tech_stack_tags", ["HubSpot"], "Our agency runs HubSpot for their own clients."),
    ("employee_range", "201-500", "Our biggest customer has 300 employees."),
    ("employee_range", "201-500", "300 people lost their jobs here."),
    ("primary_competitor", "Acme", "We ruled Acme out."),
    ("primary_competitor", "Acme", "Somebody suggested looking at Acme."),
    ("industry", "Insurance", "Our building is shared with an insurance firm."),
    ("next_step", "Send contract", "Your colleague wanted to send the contract, I told him to wait."),
]
_SAID: list[tuple[str, Any, str]] = [
    ("amount", 48000, "We accept your offer of 48,000."),
    ("amount", 48000, "Procurement has issued PO 88213 in the amount of $48,000."),
    ("amount", 54300.5, "Order value: 54.300,50 EUR net"),
    ("seats", 120, "The final count is 120 seats."),
    ("close_date_suggestion", "2026-04-30", "So we're signing April thirtieth, it's on everyone's calendar."),
    ("title", "CFO", "I was appointed CFO on 1 February."),
    ("phone", "+15550107788", "Cell is best. Five five five, oh one oh, seven seven eight eight."),
    ("tech_stack_tags", ["HubSpot"], "Marketing runs on HubSpot."),
    ("employee_range", "201-500", "In our company work 320 people."),
    ("primary_competitor", "Acme", "The other quote on my desk is from Acme."),
    ("industry", "Insurance", "As an insurer we answer to two supervisors."),
    ("persona", "decision_maker", "I take the decision on this one, from vendor to budget."),
    ("next_step", "Send contract", "Go ahead and send the contract."),
]


def _verdict(field: str, value: Any, body: str, **more: Any) -> str:
    sender = {"name": "Ana Ruiz", "email": "ana@northwind.example"}
    mail = {"direction": "inbound", "from": sender, "sent_at": "2026-02-25T10:00:00Z", "body": body}
    who = {"person_name": "Ana Ruiz", "person_email": sender["email"], "company_name": "Northwind Outdoor"}
    claim = Claim(_OBJECTS.get(field, "deal"), field, value, _FORMATS.get(field, "text"), **who, **more)
    return judge_item(claim, Item("email", mail), body).support.verdict


@pytest.mark.parametrize(("field", "value", "body"), _NOT_SAID)
def test_what_only_looks_like_a_plain_statement_supports_nothing(field: str, value: Any, body: str) -> None:
    """EVD-7: a reserve, another's words, what was once and what will be are no support, however they are worded."""
    assert _verdict(field, value, body) != "supports"


@pytest.mark.parametrize(("field", "value", "body"), _SAID)
def test_plain_statements_pass_the_second_look(field: str, value: Any, body: str) -> None:
    """EVD-7: what a buyer plainly says is support, in many wordings."""
    assert _verdict(field, value, body) == "supports"


def test_second_look_is_what_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    """EVD-7: without the second look most of these would be accepted, so that this test proves that it works."""
    monkeypatch.setattr(weigh, "second_look", lambda *_, **__: None)
    accepted = [body for field, value, body in _NOT_SAID if _verdict(field, value, body) == "supports"]
    assert len(accepted) > len(_NOT_SAID) / 2


def test_amount_in_another_currency_is_another_amount() -> None:
    """EVD-7: 3,360 Australian dollars are not 3,360 US dollars."""
    body = "The order is AUD 3,360 for the year."
    assert _verdict("amount", 3360, body, currency="AUD") == "supports"
    assert _verdict("amount", 3360, body, currency="USD") == "contradicts"


def test_number_that_is_not_said_keeps_a_note_from_being_supported() -> None:
    """EVD-8: the rest of a note does not carry a number that nobody named; one that is denied objects."""
    body = "Scrap tracking is done on paper. We are 340 people."
    assert _verdict("body", "Scrap tracking is done on paper. They have 340 people.", body) == "supports"
    assert _verdict("body", "Scrap tracking is done on paper. They have 430 people.", body) != "supports"


def test_meeting_without_the_buyer_is_no_sign() -> None:
    """EVD-4, EVD-7: where only our own people came, nothing was held with the buyer."""
    stages = {"meeting_held": frozenset({"demo"})}
    claim = Claim("deal", "stage", "demo", "picklist", company_domain="northwind.example", stages=stages)
    ours = {"email": "dana@seller.example", "attended": True}

    def judged(*, came: bool) -> str:
        theirs = {"email": "ana@northwind.example", "attended": came}
        return judge_item(
            claim, Item("calendar_event", {"status": "held", "attendees": [ours, theirs]})
        ).support.verdict

    assert judged(came=True) == "supports"
    assert judged(came=False) == "contradicts"
