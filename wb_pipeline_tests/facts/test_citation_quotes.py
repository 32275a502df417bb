"""Does the quote stand in what is cited, in the right voice?"""

from __future__ import annotations

import time
from typing import Any

import pytest

from wb_pipeline_tests.facts.factories import World

ANA = {"name": "Ana Ruiz", "email": "ana@northwind.example", "role": "prospect"}
BEN = {"name": "Ben Okafor", "email": "ben@northwind.example", "role": "prospect"}
DANA = {"name": "Dana", "email": "dana@our-company.example", "role": "seller"}
TRANSCRIPT = [
    {"t": "00:00:05", "speaker": "Dana", "role": "seller", "text": "So you have the budget of $60,000, right?"},
    {"t": "00:01:00", "speaker": "Ana Ruiz", "role": "prospect", "text": "We've budgeted “$40,000” — for 25 seats."},
    {"t": "00:02:00", "speaker": "Ben Okafor", "role": "prospect", "text": "I am the new head of IT."},
    {"t": "00:10:00", "speaker": "Ana Ruiz", "role": "prospect", "text": "We start in May. If the board agrees."},
    {"t": "00:11:00", "speaker": "Ana Ruiz", "role": "prospect", "text": "Yes."},
    {"t": "00:12:00", "speaker": "Ana Ruiz", "role": "prospect", "text": "Call +14155550132 in 2026, ext. 40213."},
]


def _problem(quote: str, at: str | None = None, *, object_name: str = "contact", **item: Any) -> str:
    world = World()
    world.mail_domains("own", "our-company.example")
    world.record("company", "com-1", domain="northwind.example")
    world.record("contact", "con-1", email=ANA["email"], first_name="Ana", last_name="Ruiz", company_id="com-1")
    world.record("deal", "deal-1", company_id="com-1", primary_contact_id="con-1")
    kind = item.pop("kind", "call_recording")
    call: dict[str, Any] = {
        "started_at": "2026-02-20T09:00:00Z",
        "participants": [ANA, BEN, DANA],
        "transcript": TRANSCRIPT,
    }
    world.evidence("ev-1", kind, "held", **(item or call))
    target = {"contact": "con-1", "deal": "deal-1"}[object_name]
    world.proposal(object_name=object_name, target_id=target, cites=[("ev-1", quote, at)])
    (row,) = world.look_up_citations()
    return str(row["quote_problem"])


@pytest.mark.parametrize(
    "quote",
    [
        "We've budgeted “$40,000” — for 25 seats.",
        'weve BUDGETED  "$40000" for\n25 seats',
        "budgeted $40,000",
        "We start in May.",
        "Yes.",
        "+14155550132",
        "  ",
    ],
)
def test_quote_is_found_whatever_its_typography(quote: str) -> None:
    """EVD-6: white space, case, typographic signs and a transcriber's punctuation are forgiven; a long
    number says enough alone.
    """
    assert _problem(quote) == ""


@pytest.mark.parametrize(
    ("quote", "problem"),
    [
        ("budgeted $60,000", "not_found"),
        ("budgeted $4,000", "not_found"),
        ("budgeted €40,000", "not_found"),
        ("for 2 seats", "not_found"),
        ("We start in May, the board agrees", "not_found"),
        ("We start in May. Yes.", "not_found"),
        ("budgeted ... seats", "not_found"),
        ("e start in Ma", "not_found"),
        ("you have the budget", "other_speaker"),
        ("I am the new head of IT", "other_speaker"),
        ("May", "too_short"),
        ("2026", "too_short"),
        ("40213", "too_short"),
        ("4155550132", "not_found"),
        ("+14155550133", "not_found"),
        ("?!", "too_short"),
        ("We start " * 1_000, "too_long"),
    ],
)
def test_quote_is_not_found_when_it_says_something_else(quote: str, problem: str) -> None:
    """EVD-6: changed digits, glued sentences, parts of words and another speaker's words do not count."""
    assert _problem(quote) == problem


def test_anybody_on_the_buyers_side_speaks_for_a_deal() -> None:
    """EVD-6: a deal is the company's; our own words never count."""
    assert _problem("I am the new head of IT", object_name="deal") == ""
    assert _problem("you have the budget", object_name="deal") == "other_speaker"


def test_own_address_is_ours_whatever_its_role_says() -> None:
    """EVD-6: a seller whom the recorder calls a prospect is a seller."""
    turns = [{"t": "00:00:01", "speaker": "Dana", "role": "prospect", "text": "The board said yes."}]
    call: dict[str, Any] = {"participants": [ANA, DANA], "transcript": turns}
    assert _problem("The board said yes", object_name="deal", **call) == "other_speaker"


@pytest.mark.parametrize(
    ("at", "problem"),
    [
        (None, ""),
        ("00:10:00", ""),
        ("00:09:10", ""),
        ("00:11:50", ""),
        ("00:08:00", "other_time"),
        ("00:13:00", "other_time"),
        ("soon", "other_time"),
        ("", "other_time"),
    ],
)
def test_quote_was_said_at_about_the_cited_time(at: str | None, problem: str) -> None:
    """EVD-6: within a minute of the turn, from its start to the next one's."""
    assert _problem("We start in May", at) == problem


def test_words_that_a_message_quotes_are_not_its_authors() -> None:
    """EVD-6: what stands behind `>` belongs to its earlier author."""
    mail: dict[str, Any] = {
        "kind": "email",
        "direction": "inbound",
        "from": ANA,
        "body": "Not yet.\n\n> We have the budget.\n",
    }
    assert _problem("We have the budget", **mail) == "not_found"
    assert _problem("Not yet", **mail) == ""
    assert _problem("Not yet. We have", **mail) == "not_found"


def test_colleagues_message_does_not_speak_for_the_contact() -> None:
    """EVD-6: the contact received it; its words are the sender's."""
    mail: dict[str, Any] = {
        "kind": "email",
        "direction": "inbound",
        "from": BEN,
        "to": [ANA],
        "body": "Ana is our new CIO now.",
    }
    assert _problem("Ana is our new CIO", **mail) == "other_speaker"


def test_quote_of_what_is_not_there_is_not_found() -> None:
    """EVD-2, EVD-6: nothing is found in an item that the store does not have."""
    world = World()
    world.proposal(cites=[("nothing", "We start in May", None), ("nothing", " ", None)])
    assert [row["quote_problem"] for row in world.look_up_citations()] == ["not_found", ""]


@pytest.mark.parametrize("junk", [None, 3, [], {}, "x", [None], [[1]], [{"text": None}], [{"text": "\x00", "t": 1}]])
def test_transcripts_of_rubbish_hold_no_quotes(junk: Any) -> None:
    """Bad input: whatever stands where the transcript should, nothing is found and nothing raises."""
    assert _problem("We start in May", participants=junk, transcript=junk) == "not_found"


def test_many_quotes_of_a_long_transcript_take_bounded_time() -> None:
    """Bad input, CON-7: 10,000 citations of a transcript of 4,000 turns on one proposal."""
    turns = [
        {"t": "00:00:01", "speaker": "Ana Ruiz", "role": "prospect", "text": f"We start {n} in May " * 10}
        for n in range(4_000)
    ]
    world = World()
    world.record("contact", "con-1", email=ANA["email"], first_name="Ana", last_name="Ruiz")
    world.evidence("ev-1", "call_recording", "held", participants=[ANA], transcript=turns)
    world.proposal(target_id="con-1", cites=[("ev-1", f"We start {n} in May", None) for n in range(10_000)])
    started = time.monotonic()
    found = world.look_up_citations()
    assert sum(row["quote_problem"] == "" for row in found) == 4_000
    assert time.monotonic() - started < 60
