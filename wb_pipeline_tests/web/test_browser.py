"""The page in a real browser: each action by key and by hand, attacks, sizes, a queue cleared by keyboard alone."""

from __future__ import annotations

import time

import pytest

from wb_pipeline.ledger.kinds import payload_of
from wb_pipeline.ledger.kinds_review import ItemDecided
from wb_pipeline.ledger.store import Ledger
from wb_pipeline.review.model import Decision
from wb_pipeline_tests.review.factories import create, queue, seal_proposals, take_evidence, update
from wb_pipeline_tests.web.conftest import served, sign_in, waiting
from wb_pipeline_tests.web.hostile import HOSTILE

pytestmark = pytest.mark.browser


def decided(ledger: Ledger) -> list[tuple[str, str, str]]:
    """Return decision, reason and words of each decision in the books."""
    told = (payload_of(event, ItemDecided) for event in ledger.events(ItemDecided.kind))
    return [(said.decision, said.reason_code, said.words) for said in told]


def test_each_action_by_key(site, tab):
    """RVW-1: j, k, Enter, a, r and a digit, e, x and u do what the help says; after a decision the next item opens."""
    assert "Waiting for a decision" in tab.text()
    for key in "jjk":
        tab.press(key)
    assert tab.run("document.activeElement.closest('.row').classList.contains('at')")
    first = tab.run("document.activeElement.textContent")
    tab.press_away("Enter")
    assert tab.run("document.activeElement.tagName") == "H1"
    assert tab.run("document.querySelector('h1').textContent") == first
    tab.press_away("j")
    second = tab.run("document.querySelector('h1').textContent")
    assert second != first
    tab.press_away("k")

    tab.press_away("a")
    assert decided(site.office.ledger) == [("approve", "", "")]
    assert tab.run("document.querySelector('h1').textContent") == second
    tab.told("Approved.")

    tab.press("r")
    tab.press("3")
    tab.type("no \u201cproof\u201d <here>")
    tab.press_away("Enter")
    assert decided(site.office.ledger)[1:] == [("reject", "no_evidence", "no \u201cproof\u201d <here>")]
    tab.told("Rejected.")

    tab.press("u")
    tab.told("Nothing is undone by a key")
    tab.press_away("?")
    assert "What a decision means" in tab.text()
    assert tab.problems == []


def test_edit_by_key_keeps_what_was_typed_until_it_fits(site, tab):
    """RVW-3: e opens the value, a wrong one comes back with the words of what is wrong, a right one is approved."""
    tab.go(f"{site.address}/?field=phone")
    tab.press("j")
    tab.press_away("Enter")
    tab.press("e")
    tab.run("document.activeElement.select()")
    tab.type("call me")
    tab.press_away("Enter")
    assert tab.run("document.querySelector('[aria-invalid]').value") == "call me"
    assert tab.run("document.activeElement.className") == "wrong"
    tab.run("document.querySelector('[aria-invalid]').focus()")
    tab.run("document.activeElement.select()")
    tab.type("+1 303 555 0111")
    tab.press_away("Enter")
    assert decided(site.office.ledger) == [("approve", "", "")]
    assert tab.run("location.search").startswith("?field=phone")


def test_bulk_by_key_asks_first(site, tab):
    """RVW-1: x selects, a asks how many and what, and only the answer decides."""
    for key in "jxjx":
        tab.press(key)
    assert "2 selected." in tab.text()
    tab.press_away("a")
    assert "Approve 2 items?" in tab.text()
    assert decided(site.office.ledger) == []
    tab.run("document.querySelector('main form button').focus()")
    tab.press_away("Enter")
    assert len(decided(site.office.ledger)) == 2
    tab.told("2 decided at once.")
    assert "6 items" in tab.text()


def test_suggestion_pending_and_history_are_one_step_away(site, tab):
    """RVW-6, AUD-3: suggestions are accepted by key; the history of a record is one link from its item."""
    tab.go(f"{site.address}/suggestions")
    tab.press("j")
    tab.press_away("Enter")
    tab.press_away("a")
    assert decided(site.office.ledger) == [("accept", "", "")]
    assert "No suggestions" in tab.text()
    tab.go(f"{site.address}/?field=title")
    tab.press("j")
    tab.press_away("Enter")
    tab.run("document.querySelector('a[href^=\"/record/\"]').focus()")
    tab.press_away("Enter")
    assert "Who changed what" in tab.text()
    assert tab.problems == []


def test_somebody_was_faster(site, tab):
    """RVW-4: the second one reads who decided; the browser complains of nothing but the 409 itself."""
    tab.press("j")
    tab.press_away("Enter")
    (item, *_) = waiting(site.office)
    site.office.decide([Decision(item.item_id, "reject", item.binding, "not_now")], "u-sales-1")
    tab.press_away("a")
    assert "sales-1 rejected it meanwhile." in tab.text()
    assert "The first decision stands" in tab.text()
    assert len(decided(site.office.ledger)) == 1


def test_everything_works_without_scripts(site, tab):
    """RVW-1: each decision is a plain form: with scripts switched off a click does the same."""
    tab.scripts(are_on=False)
    try:
        tab.go(f"{site.address}/?field=title")
        assert tab.run("document.documentElement.dataset.keys") is None
        for selector, then in ((".open", "Would stand there"), ("#approve button", "Approved.")):
            with tab.leaving():
                tab.click(selector)
            assert then in tab.text()
    finally:
        tab.scripts(are_on=True)
    assert decided(site.office.ledger) == [("approve", "", "")]


def test_attacks_are_shown_and_do_nothing(tmp_path, tab):
    """CON-7: 120 hostile strings in every field of the pages, loaded in a browser: none runs, none is even blocked."""
    home, ledger = queue(tmp_path, update("title", "x"))
    take_evidence(home, ledger, tmp_path, {"ev-1": "\n".join(text[:500] for text in HOSTILE[:60]), "ev-2": HOSTILE[0]})
    fields = {f"{text[:120]}": text[:600] for text in HOSTILE}
    joined = " ".join(text[:200] for text in HOSTILE)[:9_000]
    proposals = [create("lead", fields, rationale=joined, match_reason=joined, evidence='["ev-1","ev-2"]')]
    proposals += [
        update(text[:200] or "x", text, old=text[::-1], rationale=text, actor_id=text[:80] or "a", record_id=text[:80])
        for text in HOSTILE[::6]
    ]
    seal_proposals(home, ledger, tmp_path, proposals)
    with served(home, ledger) as site:
        sign_in(tab, site)
        every = waiting(site.office)
        whole = next(item for item in every if item.action == "create")
        pages = ["/", f"/item/{whole.item_id}", "/bulk?decision=reject&all=1"]
        for path in pages + [f"/item/{item.item_id}" for item in every[:6]]:
            tab.go(f"{site.address}{path}")
            assert tab.run("window.owned") is None, path
            assert tab.run("document.querySelectorAll('script').length") == 1
    assert tab.problems == []


def test_sixty_items_are_cleared_by_keyboard_alone(tmp_path, tab, record_property):
    """RVW-1: sixty items, each looked at and decided, with a handful of keys and no mouse."""
    proposals = [update("title", f"Title {n}", old="Head of IT", record_id=f"con-{n}") for n in range(60)]
    with served(*queue(tmp_path, *proposals)) as site:
        sign_in(tab, site)
        tab.press("j")
        tab.press_away("Enter")
        tab.press("j")
        before, seconds = tab.keys_pressed, time.monotonic()
        tab.press_away("Enter")
        for place in range(60):
            if place % 4 == 3:
                tab.press("r")
                tab.press("2")
                tab.press_away("Enter")
            else:
                tab.press_away("a")
        assert "Nothing here" in tab.text()
        record_property("keys", tab.keys_pressed - before)
        record_property("seconds", round(time.monotonic() - seconds, 1))
        assert tab.keys_pressed - before == 1 + 45 + 15 * 3
        verbs = [said[0] for said in decided(site.office.ledger)]
    assert (verbs.count("approve"), verbs.count("reject")) == (45, 15)
    assert tab.problems == []
