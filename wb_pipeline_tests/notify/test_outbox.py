"""Who is told what of the demo's batches, once, and what happens where a channel refuses (EXC-2, EXC-3)."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.util import find_spec
from threading import Thread
from types import SimpleNamespace
from typing import Any

import pytest

from wb_pipeline.audit.verify import verify_books
from wb_pipeline.errors import InputError
from wb_pipeline.home import Home
from wb_pipeline.ledger.manifests import sealed_batches
from wb_pipeline.ledger.store import Ledger
from wb_pipeline.notify import channels as channels_module
from wb_pipeline.notify.addresses import AddressBook
from wb_pipeline.notify.channels import URLS, ChannelError, channels
from wb_pipeline.notify.digests import MOST_LINES, Message, _section, word
from wb_pipeline.notify.outbox import due_messages, send_due
from wb_pipeline.steps.published import read_published
from wb_pipeline_tests.conftest import CommandRun

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
FALLBACK = "revops@our-company.example"
Wb = Callable[..., CommandRun]


def _messages(home: Home) -> list[Message]:
    return [due.message for due in due_messages(home, Ledger.open(home), NOW)]


def test_each_person_gets_one_message_per_batch(demo_home: Home) -> None:
    """EXC-2: a digest, not a flood; the owner where there is one, else the fallback; nobody who left the company."""
    messages = _messages(demo_home)
    assert max(Counter((each.batch_key, each.address) for each in messages).values()) == 1
    addresses = {each.address for each in messages}
    assert FALLBACK in addresses
    assert "dana.whitfield@our-company.example" in addresses
    assert "tom.becker@our-company.example" not in addresses


def test_messages_tell_of_all_that_was_stopped(demo_home: Home) -> None:
    """EXC-2, EXC-3: every denied change that its owner is told of, every queued one and every unreadable line."""
    wanted = 0
    for batch in sealed_batches(Ledger.open(demo_home)):
        for table, condition in (
            ("pending_changes", "is_owner_told"),
            ("review_queue", "true"),
            ("quarantined_proposals", "true"),
        ):
            query = f"select count(*) as n from rows where {condition}"
            wanted += read_published(demo_home, batch.seal.batch_key, table, query)[0]["n"]
    assert sum(each.changes for each in _messages(demo_home)) == wanted > 0


def test_message_is_sent_once(demo_copy: Home) -> None:
    """EXC-2: a second round sends nothing, and the books still verify."""
    ledger = Ledger.open(demo_copy)
    first = send_due(demo_copy, ledger, channels(demo_copy, {}), NOW)
    assert first.sent
    assert not first.failed
    assert {path.stem for path in demo_copy.outbox.iterdir()} == {each.key for each in first.sent}
    again = send_due(demo_copy, ledger, channels(demo_copy, {}), NOW)
    assert (again.sent, again.failed) == ((), ())
    assert verify_books(demo_copy).is_intact


def test_failed_message_is_shown_and_tried_again(demo_copy: Home) -> None:
    """EXC-3: what a channel refuses stays due with its reason, and the others go out; nothing is lost."""
    ledger = Ledger.open(demo_copy)
    due = _messages(demo_copy)

    def refuses_one(message: Message) -> None:
        if message.key == due[0].key:
            raise ChannelError("the server is away")
        if message.key == due[1].key:
            raise RuntimeError("smtp://user:secret@host")

    report = send_due(demo_copy, ledger, {"mail": refuses_one}, NOW)
    assert len(report.sent) == len(due) - 2
    left = due_messages(demo_copy, ledger, NOW)
    assert [(each.message.key, each.failures, each.last_reason) for each in left] == [
        (due[0].key, 1, "the server is away"),
        (due[1].key, 1, "RuntimeError"),
    ]
    assert len(send_due(demo_copy, ledger, channels(demo_copy, {}), NOW).sent) == 2


def test_old_batches_are_not_told_of(demo_home: Home) -> None:
    """EXC-2: whoever starts to send after months is not flooded with what has expired."""
    assert due_messages(demo_home, Ledger.open(demo_home), NOW + timedelta(days=40)) == []


def test_owner_that_cannot_be_reached_falls_back() -> None:
    """EXC-2: no owner, one who left, one without an address: the fallback is told. A fixed address is one."""
    routes = {"change_denied": "owner", "batch_quarantined": "fallback", "breaker_opened": "ops@our-company.example"}
    book = AddressBook(routes, FALLBACK, {"u-1": "dana@our-company.example"})
    assert book.address("change_denied", "u-1") == "dana@our-company.example"
    assert [book.address("change_denied", owner) for owner in (None, "u-9")] == [FALLBACK] * 2
    assert book.address("batch_quarantined", "u-1") == FALLBACK
    assert book.address("breaker_opened") == "ops@our-company.example"


def test_long_digest_ends_in_a_number() -> None:
    """EXC-2: a thousand denied changes are twenty lines and a number."""
    text = _section("Denied", [f"line {number}" for number in range(1_000)])
    assert text.count("\n- ") == MOST_LINES + 1
    assert text.endswith(f"- and {1_000 - MOST_LINES} more")


@pytest.mark.parametrize("text", ["<!channel>", "@everyone", "<b>x</b>", "[a](http://b)", "a\nb\x1b[31m", "\u202eevil"])
def test_text_from_outside_is_no_markup(text: str) -> None:
    """EXC-2, law 7: an id carries no mention, link, tag, line or control character into a message."""
    assert not set(word(text)) & set("<>@[]()!\n\x1b\u202e`*")


def test_values_stay_in_the_books(demo_home: Home) -> None:
    """EXC-2, OPS-5: a message says what and why; what was wanted may be personal and is looked up."""
    values = {
        row["new_value"].strip('"')
        for batch in sealed_batches(Ledger.open(demo_home))
        for row in read_published(
            demo_home, batch.seal.batch_key, "pending_changes", "select new_value from rows where field = 'email'"
        )
        if row["new_value"]
    }
    assert values
    text = "".join(each.text for each in _messages(demo_home))
    assert not [value for value in values if value in text]


def test_apprise_gets_the_address_and_keeps_the_secret(demo_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """EXC-2, OPS-5: other channels come from the environment; a refusal names neither the address nor the password."""
    added: list[str] = []
    taken: list[dict[str, Any]] = []

    class Fake:
        def add(self, url: str) -> bool:
            added.append(url)
            return "bad" not in url

        def notify(self, **said: Any) -> bool:
            taken.append(said)
            return True

    fake = SimpleNamespace(Apprise=Fake, NotifyFormat=SimpleNamespace(TEXT="text"))
    monkeypatch.setitem(sys.modules, "apprise", fake)
    message = _messages(demo_home)[0]
    channels(demo_home, {URLS: "mailto://bot:hunter2@host?to={address}"})["apprise"](message)
    assert added == [f"mailto://bot:hunter2@host?to={message.address.replace('@', '%40')}"]
    assert taken == [{"body": message.text, "title": message.subject, "body_format": "text"}]
    with pytest.raises(ChannelError) as caught:
        channels(demo_home, {URLS: "bad://hunter2@host"})["apprise"](message)
    assert "hunter2" not in str(caught.value)


def test_missing_apprise_is_said(demo_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """EXC-3: who asks for another channel and has not the library hears of it; nothing is dropped in silence."""
    monkeypatch.setitem(sys.modules, "apprise", None)
    with pytest.raises(InputError, match="not installed"):
        channels_module.channels(demo_home, {URLS: "json://host"})


def test_wb_notify_sends_shows_and_fails_loudly(demo_copy: Home, wb: Wb, monkeypatch: pytest.MonkeyPatch) -> None:
    """EXC-2, EXC-3: one command; what fails is exit code 6 and stays due."""
    monkeypatch.delenv(URLS, raising=False)
    at = ("--now", "2026-03-02T12:00:00Z", "--home", demo_copy.root)
    assert f"due: {FALLBACK}" in wb("notify", "--dry-run", *at).out
    demo_copy.outbox.write_text("in the way")
    refused = wb("notify", *at)
    assert refused.exit_code == 6
    assert "it stays due" in refused.err
    demo_copy.outbox.unlink()
    assert "(failed 1 times" in wb("notify", "--dry-run", *at).out
    sent = wb("notify", *at)
    assert sent.exit_code == 0
    assert f"To {FALLBACK}" in sent.out
    assert wb("notify", *at).out == "0 sent, 0 failed.\n"


_NEEDS_APPRISE = pytest.mark.skipif(find_spec("apprise") is None, reason="the extra `notify` is not installed")


@_NEEDS_APPRISE
def test_apprise_itself_delivers_plain_text(demo_home: Home) -> None:
    """EXC-2: the library that the extra installs takes our messages: one request with subject and text as they are."""
    received: list[dict[str, Any]] = []

    class Mailbox(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            received.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Stay silent."""

    message = _messages(demo_home)[0]
    with HTTPServer(("127.0.0.1", 0), Mailbox) as server:
        Thread(target=server.handle_request, daemon=True).start()
        channels(demo_home, {URLS: f"json://127.0.0.1:{server.server_port}"})["apprise"](message)
    assert [(each["title"], each["message"].strip()) for each in received] == [(message.subject, message.text.strip())]


@_NEEDS_APPRISE
def test_nobody_at_the_other_end_is_a_failure(demo_home: Home) -> None:
    """EXC-3: a server that is away is no delivery."""
    with pytest.raises(ChannelError, match="not taken"):
        channels(demo_home, {URLS: "json://127.0.0.1:9"})["apprise"](_messages(demo_home)[0])
