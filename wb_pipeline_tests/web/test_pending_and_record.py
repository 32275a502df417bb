"""Denied changes and the history of a record, over the finished demo."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime

import duckdb
import pytest
from filelock import FileLock

from wb_pipeline.ledger.kinds import payload_of
from wb_pipeline.ledger.kinds_people import EvidenceAttached
from wb_pipeline.ledger.store import Ledger
from wb_pipeline.review.model import Decision
from wb_pipeline.steps.pending import pending_changes
from wb_pipeline_tests.web.asgi import fields_of, forms
from wb_pipeline_tests.web.conftest import REVIEWER, page_of, waiting

NOW = datetime(2026, 3, 2, 11, tzinfo=UTC)


@pytest.fixture
def demo_page(demo_copy, runner):
    """A page over a copy of the demo."""
    return page_of(demo_copy, Ledger.open(demo_copy, clock=lambda: NOW), runner, NOW)


def test_denied_change_says_what_would_pass_and_takes_evidence(demo_page):
    """EXC-1: each denial in plain words with what would pass; evidence is attached under the name of who signed in."""
    text = demo_page.client.get("/pending").text
    found = [each for each in pending_changes(demo_page.office.home, demo_page.ledger, NOW) if each.state == "waiting"]
    assert f"{len(found)} wait" in text
    assert text.count("What would pass:") > 40
    fields = next(dict(form["fields"]) for form in forms(text) if "change_id" in dict(form["fields"]))
    given = fields | {"evidence_id": "ev-101", "reason": "the mail of Monday"}
    answer = demo_page.client.post("/pending", given)
    assert (answer.status, answer.headers["location"]) == (303, "/pending?said=attached")
    (event,) = demo_page.ledger.events(EvidenceAttached.kind, subject=fields["change_id"])
    said = payload_of(event, EvidenceAttached)
    assert (event.recorded_by, said.evidence_id, said.reason) == (REVIEWER, "ev-101", "the mail of Monday")
    assert "<code>ev-101</code>" in demo_page.client.get("/pending").text
    for wrong in ({"evidence_id": ""}, {"evidence_id": "a\x00b"}, {"change_id": "none"}, {"evidence_id": "x" * 501}):
        refused = demo_page.client.post("/pending", given | wrong)
        assert (refused.status, "Nothing was changed." in refused.text) == (422, True), wrong
    assert len(demo_page.ledger.events(EvidenceAttached.kind)) == 1


def test_history_tells_the_whole_story_of_a_record(demo_page):
    """AUD-3: who proposed what, who decided, when and why, on one page; one field of it where asked."""
    item = next(item for item in waiting(demo_page.office) if item.record_id == "con-16")
    demo_page.office.decide([Decision(item.item_id, "reject", item.binding, "wrong_value", "she <left>")], REVIEWER)
    text = html.unescape(demo_page.client.get("/record/contact/con-16").text)
    assert "Olga Petrenko" in text
    assert f"rejected by {REVIEWER}" in text
    assert "she <left>" in text
    assert f'href="/item/{item.item_id.replace(":", "%3A")}"' in text
    lines = len(re.findall(r"<h3>", text))
    of_title = demo_page.client.get("/record/contact/con-16?field=title").text
    assert 0 < len(re.findall(r"<h3>", of_title)) < lines
    assert "Nothing was ever proposed" in demo_page.client.get("/record/contact/con-16?field=none").text
    assert demo_page.client.get("/record/company/con-16").status == 404


def test_runs_do_not_disturb_it_and_it_does_not_disturb_them(demo_page):
    """RVW-4: while a run holds the warehouse, or after it was deleted, everything is shown and decided as ever."""
    home = demo_page.office.home
    (item, *_) = waiting(demo_page.office)
    with FileLock(home.warehouse_lock), duckdb.connect(str(home.warehouse)) as run:
        run.execute("begin transaction")
        for path in ("/", f"/item/{item.item_id}", "/pending", f"/record/{item.object}/{item.record_id}", "/report"):
            assert demo_page.client.get(path).status == 200, path
    home.warehouse.unlink()
    fields = fields_of(demo_page.client.get(f"/item/{item.item_id}").text, decision="approve")
    assert demo_page.client.post(f"/item/{item.item_id}", fields).status == 303
    assert not home.warehouse.exists()


def test_demo_can_be_decided_from_end_to_end(demo_page):
    """RVW-1: each page of the demo's queue opens, with the evidence that it cites."""
    for item in waiting(demo_page.office):
        answer = demo_page.client.get(f"/item/{item.item_id}")
        assert answer.status == 200
        assert all(evidence_id in answer.text for evidence_id in item.evidence)
