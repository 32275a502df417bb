"""One decision on many items, after a question that says how many and what."""

from __future__ import annotations

import re

import pytest

from wb_pipeline.ledger.kinds import payload_of
from wb_pipeline.ledger.kinds_review import ItemDecided
from wb_pipeline_tests.review.factories import Decision, queue, update
from wb_pipeline_tests.web.asgi import forms
from wb_pipeline_tests.web.conftest import REVIEWER, copy_of, waiting

FOUR = (
    update("title", "A"),
    update("title", "B", record_id="con-2"),
    update("phone", "+13035550199"),
    update("stage", "negotiation", old="proposal", object="deal", record_id="deal-1"),
)


@pytest.fixture(scope="module")
def four_home(tmp_path_factory):
    """A home in which four items wait, to be copied."""
    home, _ = queue(tmp_path_factory.mktemp("four"), *FOUR)
    return home


@pytest.fixture
def four(four_home, tmp_path, runner):
    """A page over four items."""
    return copy_of(four_home, tmp_path, runner)


def question(page, query: str) -> tuple[str, list[tuple[str, str]]]:
    """Return the question's page, and the fields of its form."""
    text = page.client.get(f"/bulk?{query}").text
    (fields,) = [form["fields"] for form in forms(text) if form["action"] == "/bulk"]
    return text, fields


def ids(page) -> list[str]:
    """Return the ids of what waits."""
    return [item.item_id for item in waiting(page.office)]


def decided(page) -> list[ItemDecided]:
    """Return what the books say that was decided."""
    return [payload_of(event, ItemDecided) for event in page.ledger.events(ItemDecided.kind)]


def test_whole_filter_is_approved_after_a_question(four):
    """RVW-1: a filter is approved at once; the question says how many and what, and all share one group."""
    page = four
    text, fields = question(page, "decision=approve&all=1&object=contact&field=title")
    assert "Approve 2 items?" in text
    assert "<td>2</td><td>title of contact</td>" in text
    answer = page.client.post("/bulk", fields)
    assert (answer.status, answer.headers["location"]) == (303, "/?object=contact&field=title&said=bulk&many=2")
    assert len({said.group_id for said in decided(page)}) == 1
    assert len(decided(page)) == len(ids(page)) == 2


def test_selection_is_rejected_with_one_reason(four):
    """RVW-1: what was ticked, and nothing else, is rejected with the reason that was given."""
    page = four
    chosen = ids(page)[1:3]
    _, fields = question(page, f"decision=reject&item={chosen[0]}&item={chosen[1]}")
    refused = page.client.post("/bulk", fields)
    assert (refused.status, "A rejection needs a reason" in refused.text) == (422, True)
    assert page.client.post("/bulk", [*fields, ("reason_code", "not_now"), ("words", "later")]).status == 303
    assert [(said.reason_code, said.words) for said in decided(page)] == [("not_now", "later")] * 2
    assert set(ids(page)).isdisjoint(chosen)


def test_cause_is_selected_as_one(page_over):
    """RVW-1: the box of a group stands for all of it."""
    page = page_over(*(update("title", f"T{n}", record_id=f"con-{n}") for n in range(5)), FOUR[3])
    box = re.search(r'name="cause" value="([^"]+)" data-items="5"', page.client.get("/").text)
    text, fields = question(page, f"decision=approve&cause={box[1]}")
    assert "Approve 5 items?" in text
    assert page.client.post("/bulk", fields).status == 303
    assert len(ids(page)) == 1


def test_what_changed_since_the_question_is_asked_again(four):
    """RVW-2: if an item of the selection was decided or came meanwhile, nothing is decided and the question is new."""
    page = four
    _, fields = question(page, "decision=approve&all=1")
    item = waiting(page.office)[0]
    page.office.decide([Decision(item.item_id, "approve", item.binding)], "u-sales-1")
    before = page.ledger.head()
    answer = page.client.post("/bulk", fields)
    assert answer.status == 409
    assert "Approve 3 items?" in answer.text
    assert "Nothing was decided: look at them again." in answer.text
    assert page.ledger.head() == before


def test_what_may_not_be_decided_is_left_out_and_listed(page_over):
    """RVW-5: rights hold for each item of a bulk decision; what was left out is listed with the reason."""
    page = page_over(FOUR[0], update("stage", "negotiation", object="deal", record_id="deal-2"))
    client = page.somebody("u-sales-1")
    text = client.get("/bulk?decision=approve&all=1").text
    (fields,) = [form["fields"] for form in forms(text) if form["action"] == "/bulk"]
    answer = client.post("/bulk", fields)
    assert answer.status == 200
    assert "left out" in answer.text
    assert [item.object for item in waiting(page.office)] == ["deal"]


@pytest.mark.parametrize(
    "query", ["decision=approve", "decision=approve&item=none", "decision=reject&all=1&field=none"]
)
def test_empty_selection_is_told(four, query):
    """Nothing selected is no decision."""
    page = four
    assert "Nothing is selected" in page.client.get(f"/bulk?{query}").text


def test_bulk_form_that_was_made_up_decides_nothing(four):
    """RVW-2: without the digest of what was shown nothing is decided, whoever sends it."""
    page = four
    word = dict(forms(page.client.get("/").text)[0]["fields"])["form_word"]
    for seen in ("", "0" * 64):
        given = {"form_word": word, "decision": "approve", "all": "1", "seen": seen}
        assert page.client.post("/bulk", given).status == 409
    assert page.client.post("/bulk", {"form_word": word, "decision": "eat", "all": "1"}).status == 404
    assert decided(page) == []
    assert REVIEWER in page.client.get("/").text
