"""The door: who comes in, for how long, and what is left of them afterwards."""

from __future__ import annotations

import base64

import pytest

from wb_pipeline.web.sessions import LASTS_SECONDS, Sessions
from wb_pipeline.web.throttle import MOST_FAILURES, WINDOW_SECONDS, Throttle
from wb_pipeline_tests.web.asgi import Client, fields_of
from wb_pipeline_tests.web.conftest import REVIEWER, SECOND, waiting


@pytest.fixture
def stranger(shared_page):
    """Somebody who is not signed in."""
    return Client(shared_page.client.app, shared_page.client.runner)


@pytest.mark.parametrize(
    "target", ["/", "/suggestions", "/pending", "/bulk?decision=approve&all=1", "/record/contact/con-1"]
)
def test_stranger_sees_nothing_but_the_door(stranger, target):
    """RVW-5: nobody sees or decides anything without a name."""
    answer = stranger.get(target)
    assert answer.status == 303
    assert answer.headers["location"].startswith("/sign-in")


def test_session_cookie_is_out_of_reach_of_scripts_and_other_sites(stranger, shared_page):
    """The cookie is HttpOnly, SameSite=Strict, of limited life, and says nothing that its holder could change."""
    answer = stranger.sign_in(shared_page.office.tokens.issue("ana"))
    (cookie,) = answer.cookies
    given = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert {"httponly", "samesite=strict", "path=/", f"max-age={LASTS_SECONDS}"} <= given
    assert answer.headers["location"] == "/"
    assert "ana" in stranger.get("/").text


def test_cookie_that_was_changed_opens_nothing(shared_page):
    """Each letter of the cookie counts."""
    cookie = shared_page.client.cookies["wb_review"]
    body, _, signature = cookie.partition(".")
    for forged in (
        cookie[:-1],
        f"{body}.{'0' * 64}",
        f"{body}x.{signature}",
        body,
        ".",
        "",
        f"{body}.{signature}\udc80",
    ):
        assert shared_page.office.sessions.read(forged) is None
    assert shared_page.office.sessions.read(cookie).person == REVIEWER


def test_cookie_of_another_release_opens_nothing(shared_page):
    """A cookie that is signed but says other things than today's is no session, and no error."""
    sessions = shared_page.office.sessions
    for said in (b'{"who": "ana"}', b"[]", b"7", b"{", b"\xff"):
        body = base64.urlsafe_b64encode(said).decode()
        assert sessions.read(f"{body}.{sessions._sign(body)}") is None


def test_session_ends_in_the_evening(shared_page):
    """A session ends after a working day, at the server whatever the browser keeps."""
    moment = [1_000_000.0]
    sessions = Sessions(shared_page.office.home, shared_page.office.tokens, lambda: moment[0])
    shared_page.office.tokens.issue("ana")
    cookie = sessions.cookie(sessions.begin(shared_page.office.tokens.entries()[-1]))
    moment[0] += LASTS_SECONDS - 1
    assert sessions.read(cookie).person == "ana"
    moment[0] += 1
    assert sessions.read(cookie) is None


def test_form_of_an_ended_session_changes_nothing_and_says_so(page):
    """Whoever approves after the session is over reads that nothing came of it, and comes back to the item."""
    (item,) = waiting(page.office)
    fields = fields_of(page.client.get(f"/item/{item.item_id}").text, decision="approve")
    page.office.tokens.revoke(REVIEWER)
    head = page.ledger.head()
    answer = page.client.post(f"/item/{item.item_id}", fields)
    assert answer.status == 401
    assert "Nothing was changed" in answer.text
    assert f'value="/item/{item.item_id}"' in answer.text
    assert page.ledger.head() == head


def test_signing_out_ends_the_session_itself(page):
    """A copied cookie opens nothing after its owner left."""
    cookie = dict(page.client.cookies)
    word = fields_of(page.client.get("/").text)["form_word"]
    assert page.client.post("/sign-out", {"form_word": word}).status == 303
    page.client.cookies |= cookie
    assert page.client.get("/").status == 303


@pytest.mark.parametrize("word", ["", "x", "OTHER"])
def test_form_without_the_word_of_its_session_is_refused(shared_page, word):
    """RVW-5: a form carries the word of the session that it belongs to; another person's word is none."""
    (item,) = waiting(shared_page.office)
    other = fields_of(shared_page.somebody(SECOND).get("/").text)["form_word"]
    fields = fields_of(shared_page.client.get(f"/item/{item.item_id}").text, decision="approve")
    head = shared_page.ledger.head()
    for target in (f"/item/{item.item_id}", "/bulk", "/pending", "/sign-out"):
        given = fields | {"form_word": other if word == "OTHER" else word, "all": "1"}
        assert shared_page.client.post(target, given).status == 403
    assert shared_page.ledger.head() == head


@pytest.mark.parametrize(
    "back",
    ["//evil.example/", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "/x\r\nSet-Cookie: a=b"],
)
def test_door_leads_nowhere_else(stranger, shared_page, back):
    """A link to the door cannot send anybody to another site."""
    token = shared_page.office.tokens.issue("ana")
    assert "evil" not in stranger.get("/sign-in?back=%2F%2Fevil.example").text
    answer = stranger.post("/sign-in", {"token": token, "back": back})
    assert (answer.status, answer.headers["location"]) == (303, "/")


def test_door_leads_back_to_where_somebody_wanted_to_go(stranger, shared_page):
    """A link to an item from a message leads to the item, by way of the door."""
    (item,) = waiting(shared_page.office)
    door = stranger.get(f"/item/{item.item_id}?actor=agent-enrich-1").headers["location"]
    fields = fields_of(stranger.get(door).text)
    answer = stranger.post("/sign-in", fields | {"token": shared_page.office.tokens.issue("ana")})
    assert answer.headers["location"] == f"/item/{item.item_id}?actor=agent-enrich-1"


def test_guessing_tokens_is_slowed_down(stranger, shared_page):
    """After five wrong tokens the address waits, also with a right one; the answer says how long."""
    stranger.client = "10.0.0.8"
    for _ in range(MOST_FAILURES):
        assert stranger.sign_in("wb_guess").status == 401
    answer = stranger.sign_in(shared_page.office.tokens.issue("ana"))
    assert answer.status == 429
    assert 0 < int(answer.headers["retry-after"]) <= WINDOW_SECONDS
    elsewhere = Client(shared_page.client.app, shared_page.client.runner, client="10.0.0.9")
    assert elsewhere.sign_in(shared_page.office.tokens.issue("ana")).status == 303


def test_waiting_is_over_when_the_oldest_failure_is_old():
    """A window slides: after five minutes there is a try again."""
    moment = [0.0]
    throttle = Throttle(lambda: moment[0])
    for _ in range(MOST_FAILURES):
        throttle.failed("a")
        moment[0] += 1
    assert throttle.wait("a") == WINDOW_SECONDS - MOST_FAILURES
    assert throttle.wait("b") == 0
    moment[0] = WINDOW_SECONDS
    assert throttle.wait("a") == 0
    throttle.succeeded("a")
    assert throttle.wait("a") == 0
