"""The list of what waits: order, groups, filters, pages, empty states."""

from __future__ import annotations

import json
import re

import pytest

from wb_pipeline_tests.review.factories import create, merge, objection, queue, suggestion, trigger, update
from wb_pipeline_tests.web.conftest import page_of, waiting

MIXED = (
    update("title", "VP IT", old="Head of IT"),
    update(
        "phone", "+13035550199", old="+13035550147", record_id="con-2", actor_id="agent-notes-1", owner_id="u-sales-3"
    ),
    update("stage", "negotiation", old="proposal", object="deal", record_id="deal-1"),
    update("stage", "negotiation", old="proposal", object="deal", record_id="deal-2"),
    update("email_opt_out", True, old=False),
    create("lead", {"first_name": "Ana", "last_name": "Ruiz", "email": "ana@northwind.example", "title": "VP IT"}),
    merge(objections=objection("gate_policy__action_needs_approval", action="merge")),
    trigger(),
    suggestion(),
)


@pytest.fixture(scope="module")
def mixed(tmp_path_factory, runner):
    """A page over one item of each kind, for tests that leave it as it is."""
    return page_of(*queue(tmp_path_factory.mktemp("mixed"), *MIXED), runner)


def titles(text: str) -> list[str]:
    """Return what the lines of a list say, in their order."""
    return [re.sub(r"\s+", " ", found) for found in re.findall(r'class="open" href="[^"]*">([^<]*)<', text)]


def test_what_matters_most_stands_first(mixed):
    """RVW-1: opt-outs first, then value at risk, then age."""
    assert titles(mixed.client.get("/").text)[:3] == [
        "email_opt_out of contact Ana Ruiz",
        "stage of deal Northwind: all stores",
        "stage of deal Northwind: 40 stores",
    ]


def test_each_kind_of_item_has_a_title_and_both_values(mixed):
    """RVW-1: a line says what would change on which record, by the names that people use, and why it waits."""
    text = mixed.client.get("/").text
    found = titles(text)
    assert {"title of contact Ana Ruiz", "phone of contact Ben Okafor", "New lead Ana Ruiz"} <= set(found)
    assert {"Merge company com-2 into Northwind Outdoor", "Start wf-2 for deal Northwind: 40 stores"} <= set(found)
    assert "persona of contact Ana Ruiz" not in found
    assert '<del><span class="sr">removed: </span>Head of' in text
    assert "The field matters too much to change without a person." in text
    assert titles(mixed.client.get("/suggestions").text) == ["persona of contact Ana Ruiz"]


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("object=deal", 3),
        ("field=phone", 1),
        ("actor=agent-notes-1", 1),
        ("gate=gate_policy__action_needs_approval", 1),
        ("owner=u-sales-3", 1),
        ("object=deal&field=stage", 2),
        ("object=deal&field=title", 0),
        ("batch=BATCH", 8),
        ("batch=ffff0000ffff", 0),
        ("object=%3Cscript%3E", 0),
    ],
)
def test_filters_stand_in_the_address(mixed, query, count):
    """RVW-1: each filter narrows the list, and the address can be sent to somebody else."""
    batch = waiting(mixed.office)[0].batch_key
    text = mixed.client.get(f"/?{query.replace('BATCH', batch)}").text
    assert len(titles(text)) == count
    assert "take this filter away" in text
    assert ("No item meets this filter" in text) == (count == 0)


def test_items_of_one_cause_are_one_line(page_over):
    """RVW-1: what one cause made, or one case is about, is one line, from which all of it is one step away."""
    held = objection("gate_budget__breaker_open", budget="hourly")
    many = [update("title", f"Title {n}", old="x", objections=held, record_id=f"con-{n}") for n in range(4)]
    case = [update("title", f"T{n}", record_id="con-1", case_id="case-1", actor_id=f"agent-{n}") for n in range(2)]
    page = page_over(*many, *case, update("phone", "+13035550199"))
    text = page.client.get("/").text
    assert titles(text) == [
        "4 of one cause: title of contact",
        "2 of one case: title of contact",
        "phone of contact Ana Ruiz",
    ]
    for count, link in zip((4, 2), re.findall(r'href="(/\?group=[^"]+)"', text), strict=True):
        assert len(titles(page.client.get(link).text)) == count


def test_long_list_comes_in_pages(page_over):
    """Fifty lines stand on a page; each page says which one it is."""
    page = page_over(*(update("title", f"T{n}", case_id=None, actor_id=f"agent-{n}") for n in range(60)))
    first, second = page.client.get("/"), page.client.get("/?page=2")
    assert (len(titles(first.text)), len(titles(second.text))) == (50, 10)
    assert "page 2 of 2" in second.text
    for odd in ("0", "-1", "99", "x", "9" * 40, "\u0663"):
        assert page.client.get(f"/?page={json.dumps(odd)[1:-1]}").status == 200


def test_empty_queue_says_so(page_over):
    """An empty list is good news, in words."""
    page = page_over(suggestion())
    assert "Nothing waits" in page.client.get("/").text
    assert "No suggestions" not in page.client.get("/suggestions").text


def test_unknown_addresses_have_a_page(mixed):
    """A wrong address says so, to those who are signed in."""
    for target in (
        "/nothing",
        "/item/none:1:1",
        "/record/contact/none",
        "/bulk",
        "/bulk?decision=eat",
        "/item/..%2f..%2fetc",
    ):
        assert mixed.client.get(target).status == 404, target


def test_books_that_were_changed_are_told_not_shown(page, runner):
    """AUD-2: a sealed file that is not the one that the ledger cites shows nothing but words about it."""
    (segment,) = page.office.home.segments.glob("*.parquet")
    segment.chmod(0o640)
    segment.write_bytes(segment.read_bytes()[:-1] + b"x")
    again = page_of(page.office.home, page.ledger, runner)
    for path in ("/", "/suggestions", "/bulk?decision=approve&all=1", "/item/x"):
        answer = again.client.get(path)
        assert answer.status == 503
        assert "not the file that the ledger cites" in answer.text
        assert "wb audit verify" in answer.text
