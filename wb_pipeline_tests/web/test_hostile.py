"""Text that attacks whoever reads it, in every field of every page: it is shown, and does nothing (CON-7)."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from urllib.parse import quote

import pytest

from wb_pipeline_tests.review.factories import create, queue, seal_proposals, suggestion, take_evidence, update
from wb_pipeline_tests.web.asgi import fields_of
from wb_pipeline_tests.web.conftest import page_of, waiting
from wb_pipeline_tests.web.hostile import HOSTILE

_TAGS = """
html head meta title link script body a header nav span div form input button kbd p main h1 h2 h3 section
article ul ol li table thead tbody tr th td dl dt dd strong mark ins del details summary fieldset legend label
select option textarea code blockquote br
"""
_ATTRIBUTES = """
lang charset name content rel href src defer class id aria-label aria-current aria-labelledby aria-live
aria-hidden aria-describedby aria-invalid role tabindex method action type value for required checked selected
open dir data-items data-first data-name maxlength rows scope
"""
_OWN_TAGS, _OWN_ATTRIBUTES = frozenset(_TAGS.split()), frozenset(_ATTRIBUTES.split())


class _Shape(HTMLParser):
    """What a browser makes of a page: elements, attributes and where they lead."""

    def __init__(self) -> None:
        super().__init__()
        self.problems: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag not in _OWN_TAGS:
            self.problems.append(f"<{tag}>")
        for name, value in attrs:
            if name not in _OWN_ATTRIBUTES:
                self.problems.append(f"<{tag} {name}=...>")
            if name in ("href", "src", "action") and not re.match(r"/(?![/\\])|#|$", value or ""):
                self.problems.append(f"<{tag} {name}={value}>")

    def handle_data(self, data):
        self.text.append(data)


def hostile_proposals():
    """Yield proposals that together have each string in each column that text from outside may stand in."""
    for number, text in enumerate(HOSTILE):
        cut = text[:400]
        named = {"rationale": text, "match_reason": text, "actor_model": cut, "workflow_id": cut, "source": cut}
        about = {"record_id": cut, "actor_id": cut or "a", "owner_id": cut, "batch_label": cut, "object": cut}
        details = {"gate": cut, "verdict": "review", "reason": cut, "details": {cut: text, "b": [{cut: cut}]}}
        columns = {
            "objections": json.dumps([details]),
            "labels": json.dumps([cut]),
            "evidence": json.dumps([f"ev-{number}", cut]),
            "case_id": cut,
            "match_method": cut,
        }
        yield update(cut or "title", text, old=f"{text} old", **named, **about, **columns)
    yield create("lead", {text[:60]: text[:500] for text in HOSTILE}, rationale="all")
    yield suggestion(new=HOSTILE[0], rationale=HOSTILE[30])


@pytest.fixture(scope="module")
def hostile_home(tmp_path_factory):
    """A home in which only attacks wait."""
    folder = tmp_path_factory.mktemp("hostile")
    home, ledger = queue(folder, update("title", "x"))
    take_evidence(
        home, ledger, folder, {f"ev-{n}": text.encode("utf-8", "replace").decode() for n, text in enumerate(HOSTILE)}
    )
    seal_proposals(home, ledger, folder, list(hostile_proposals()))
    return home, ledger


@pytest.fixture(scope="module")
def page(hostile_home, runner):
    """A page over attacks."""
    return page_of(*hostile_home, runner)


def shape(text: str) -> _Shape:
    """Return what a browser makes of a page."""
    found = _Shape()
    found.feed(text)
    return found


def test_there_are_enough_strings():
    """The issue asks for 120 hostile strings."""
    assert len(set(HOSTILE)) >= 120


def test_no_page_has_an_element_that_is_not_ours(page):
    """CON-7: whatever stands in whichever field, each page has only elements and links of ours."""
    items = waiting(page.office)
    assert len(items) >= len(HOSTILE)
    pages = [f"/?page={number}" for number in range(1, 5)] + ["/suggestions", "/bulk?decision=reject&all=1"]
    pages += [f"/item/{item.item_id}" for item in items if item.action == "create" or items.index(item) % 4 == 0]
    problems, read = [], ""
    for address in pages:
        answer = page.client.get(address)
        assert answer.status == 200, address
        found = shape(answer.text)
        problems += [f"{address}: {problem}" for problem in found.problems]
        read += "".join(found.text)
    assert problems == []
    for text in HOSTILE:
        if text.isprintable() and text.strip() and len(text) < 400:
            assert text in read, f"not shown as it is: {text}"


def test_hidden_characters_never_reach_the_page(page):
    """No page holds a character that turns text around, hides or ends it; it is written out instead."""
    item = next(item for item in waiting(page.office) if (item.rationale or "").startswith("\u202e"))
    text = page.client.get(f"/item/{item.item_id}").text
    assert "[U+202E]evil.exe" in text
    assert not set("\u202e\u2066\u200b\x00\x1b") & set(text)


def test_what_is_typed_comes_back_as_text(page):
    """An attack in a form, an address or a search comes back as text too."""
    item = waiting(page.office)[0]
    target = f"/item/{item.item_id}"
    fields = fields_of(page.client.get(target).text, decision="reject")
    name = f"value:{item.fields[0].change_id}"
    for text in (HOSTILE[0], HOSTILE[45], HOSTILE[50], "\x00\u202e"):
        typed = {"words": text, "reason_code": text, name: text, "is_edit": "1"}
        for decision in ("reject", "approve", text):
            found = shape(page.client.post(target, fields | typed | {"decision": decision}).text)
            assert found.problems == []
        for given in (
            "/?field=",
            "/?group=",
            "/record/contact/",
            "/record/contact/con-1?field=",
            "/sign-in?back=",
            "/nothing/",
        ):
            assert shape(page.client.get(given + quote(text, safe="")).text).problems == []
