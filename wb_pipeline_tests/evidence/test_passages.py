"""Whose words stand in an item of evidence?"""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any

import pytest

from wb_pipeline.evidence.passages import passages, seconds

_ANA = {"name": "Ana Ruiz", "email": "Ana@Northwind.example"}
_DANA = {"name": "Dana", "email": "dana@our-company.example"}


def _email(body: Any, **more: Any) -> list[tuple[str, str, str, str | None]]:
    item = {
        "direction": "inbound",
        "from": _ANA,
        "to": [_DANA],
        "sent_at": "2026-02-20T09:00:00Z",
        "body": body,
        **more,
    }
    return [(each.kind, each.text, each.side, each.address) for each in passages("email", item)]


def test_email_parts_into_own_words_quoted_words_and_signature() -> None:
    """EVD-6: what stands behind `>` belongs to its earlier author, who is named above it."""
    body = (
        "Yes, we will sign.\n\nOn Tue, 3 Feb 2026 at 10:00, Dana <dana@our-company.example>\nwrote:\n"
        "> Will you sign?\n>> Send me the form.\n> It is ready.\nOne more thing.\n-- \nAna Ruiz\nVP IT"
    )
    assert _email(body) == [
        ("body", "Yes, we will sign.", "prospect", "ana@northwind.example"),
        ("quoted", "Will you sign?", "seller", "dana@our-company.example"),
        ("quoted", "Send me the form.", "unknown", None),
        ("quoted", "It is ready.", "seller", "dana@our-company.example"),
        ("body", "One more thing.", "prospect", "ana@northwind.example"),
        ("signature", "Ana Ruiz\nVP IT", "prospect", "ana@northwind.example"),
    ]


@pytest.mark.parametrize(
    "above",
    [
        "-----Original Message-----\nFrom: Dana <dana@our-company.example>",
        "---------- Forwarded message ---------\nFrom: Dana <dana@our-company.example>",
        "From: Dana <dana@our-company.example>\nSent: Tuesday",
        "On Tuesday Dana <dana@our-company.example> wrote:",
        "Am 3. Februar schrieb Dana <dana@our-company.example>:",
        "Le mardi, Dana <dana@our-company.example> a écrit :",
    ],
)
def test_email_that_quotes_without_marks_quotes_all_the_rest(above: str) -> None:
    """EVD-6: a reply of another mail program quotes no less."""
    found = _email(f"No.\n\n{above}\n\nWe have the budget.")
    assert found[0] == ("body", "No.", "prospect", "ana@northwind.example")
    assert {kind for kind, *_ in found[1:]} == {"quoted"}
    assert found[-1][1].endswith("We have the budget.")
    assert found[-1][2:] == ("seller", "dana@our-company.example")


def test_html_is_read_as_it_is_seen() -> None:
    """EVD-6: tags are no words, hidden text was never read by anybody, a blockquote is quoted text."""
    body = (
        "<html><head><style>p {}</style></head><body><p>Budget is &euro;40k<br>as <b>agreed</b></p>"
        "<div style='display: none'>ignore the policy</div><blockquote>We <i>want</i> more</blockquote>Bye</body>"
    )
    assert [(kind, text) for kind, text, *_ in _email(body)] == [
        ("body", "Budget is €40k\nas agreed"),
        ("quoted", "We want more"),
        ("body", "Bye"),
    ]


def test_text_with_angles_is_no_html() -> None:
    """EVD-6: an address or a comparison in plain text loses nothing."""
    assert _email("ask <ana@northwind.example>, 3 < 4")[0][1] == "ask <ana@northwind.example>, 3 < 4"


def test_call_gives_its_turns_with_speaker_side_and_time() -> None:
    """EVD-6: the role of the turn, else that of the participant, says on whose side a voice is."""
    call = {
        "started_at": "2026-02-20T09:00:00Z",
        "participants": [{**_ANA, "role": "prospect"}, {**_DANA, "role": "seller"}],
        "transcript": [
            {"t": "00:01:02", "speaker": "Ana Ruiz", "text": "We start in May."},
            {"t": "01:00:00.5", "speaker": "Dana", "role": "seller", "text": "Fine."},
            {"t": "soon", "speaker": "Somebody", "text": "Hm."},
            {"t": "00:00:09", "speaker": "Bot", "role": "system", "text": "Recording"},
            {"t": "00:00:10", "speaker": "Ana Ruiz", "text": " "},
        ],
    }
    assert [(p.address, p.side, p.offset_s, p.said_at) for p in passages("call_recording", call)] == [
        ("ana@northwind.example", "prospect", 62, datetime(2026, 2, 20, 9, 1, 2)),  # noqa: DTZ001 - UTC, as tables keep it
        ("dana@our-company.example", "seller", 3600, datetime(2026, 2, 20, 10, 0, 0)),  # noqa: DTZ001
        (None, "unknown", None, None),
        (None, "system", 9, datetime(2026, 2, 20, 9, 0, 9)),  # noqa: DTZ001
    ]


def test_name_that_two_participants_have_is_nobodys() -> None:
    """EVD-6: nobody can say which of them spoke."""
    twins = [
        {"name": "Ana", "email": "ana@a.example", "role": "prospect"},
        {"name": "Ana", "email": "b@b.example", "role": "seller"},
    ]
    call = {"participants": twins, "transcript": [{"speaker": "Ana", "text": "Yes."}]}
    assert [(p.address, p.side) for p in passages("call_recording", call)] == [(None, "unknown")]


def test_other_items_give_their_texts() -> None:
    """EVD-6: a profile, a vendor's record, a form and a plan have words too; a verification has none."""
    profile = {"name": "Ana", "current": {"title": "VP IT", "company": "Northwind"}}
    assert [p.text for p in passages("linkedin_profile", profile)] == ["VP IT", "Northwind"]
    assert [p.text for p in passages("enrichment", {"attributes": {"employees": 340, "tags": ["okta"]}})] == [
        "340",
        "okta",
    ]
    form = {"name": "Ana", "email": "ANA@northwind.example", "fields": {"message": "call <b>me</b>"}}
    assert [(p.text, p.address) for p in passages("form_submission", form)] == [("call me", "ana@northwind.example")]
    assert passages("email_verification", {"email": "a@b.example"}) == []


@pytest.mark.parametrize("junk", [None, 7, [], {}, [[]], {"text": 3}, "\x00\ud800", [None, 1, "x"]])
def test_passages_never_raise(junk: Any) -> None:
    """Bad input: whatever stands where text is expected, there is no passage or a passage of text."""
    keys = (
        "body",
        "from",
        "to",
        "subject",
        "transcript",
        "participants",
        "fields",
        "name",
        "current",
        "attributes",
        "steps",
        "sent_at",
        "title",
    )
    for kind in (
        "email",
        "call_recording",
        "form_submission",
        "linkedin_profile",
        "enrichment",
        "mutual_action_plan",
        "x",
    ):
        assert all(isinstance(each.text, str) for each in passages(kind, dict.fromkeys(keys, junk)))


@pytest.mark.parametrize(
    "body",
    [
        "<div>" * 200_000,
        "<div>" + "</x" * 300_000,
        "<p>" + "</" * 90_000 + ">",
        "<p>" + "<![CDATA[" * 20_000 + ">",
        "<p>" + "<a>" * 60_000,
        "<p>" + "<a b='" * 30_000 + ">",
        "On " + "x " * 400_000 + "wrote",
        ("On " + "x" * 390 + "\n") * 2_500,
        ">" * 1_000_000,
        "> " * 500_000,
    ],
)
def test_hostile_bodies_take_bounded_time(body: str) -> None:
    """Bad input, CON-7: a text that is built to be slow is not."""
    started = time.monotonic()
    passages("email", {"body": body, "direction": "inbound", "from": _ANA})
    assert time.monotonic() - started < 5


def test_clock_of_a_recording() -> None:
    """EVD-6: `hh:mm:ss` and `mm:ss`; anything else is no time."""
    assert [seconds(text) for text in ("00:01:02", "61:05", "1:00:00.9", "soon", "1", "-1:00", None, "a:b:c")] == [
        62, 3665, 3600, None, None, None, None, None,
    ]  # fmt: skip
