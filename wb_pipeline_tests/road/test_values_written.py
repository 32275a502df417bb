"""What is written in the place of what was said: spellings, words of vendors, and where nothing is replaced."""

from __future__ import annotations

from itertools import product

import pytest

from wb_pipeline_tests.road.harness import Outcome, Road
from wb_pipeline_tests.road.titles import rehearsed_together, stranger
from wb_pipeline_tests.road.world import (
    WORLD,
    change,
    coined,
    contact,
    record,
    title_update,
    update,
    with_records,
)

_SPELLINGS = [("Head  of IT", "Head of IT"), ("Head of IT ", " Head of IT"), ("\uff28ead of IT", "Head of IT")]


def test_formatting_needs_no_evidence_and_no_shield(rehearsals: Road) -> None:
    """FLD-8: the same value in a better spelling passes without evidence, also over a person's edit."""
    edit = {"meta": {"title": {"by": "user:u-2", "at": "2026-02-20T10:00:00Z"}}}
    people = [stranger(number, standing, **edit) for number, (standing, _) in enumerate(_SPELLINGS)]
    outcome = rehearsed_together(rehearsals, people, *(wanted for _, wanted in _SPELLINGS), evidence=[])
    for line, spelling in enumerate(_SPELLINGS, start=1):
        assert outcome.lane(line, "title") in ("auto", "noop"), spelling
        assert outcome.row(line, "title")["new_value"] == '"Head of IT"', spelling


def test_formatting_opens_no_lock_and_no_high_impact(road: Road) -> None:
    """FLD-8, FLD-2, HIA-1: safe on a sensitive field; locked stays locked, and a person sees every owner and stage."""
    company = {"name": "Northwind", "domain": "northwind.example", "territory": "EMEA  north", "account_owner": "u-1 "}
    world = with_records(
        record("company", "com-1", company),
        contact("con-1", email="ana@northwind.example", title="Head of IT", city="New  York"),
    )
    wish = update(
        "com-1",
        change("territory", "EMEA north", seen="EMEA  north"),
        change("account_owner", "u-1", seen="u-1 "),
        proposal_id="p-1",
    )
    outcome = road.run(
        world, wish, update("con-1", change("city", "New York", seen="New  York"), proposal_id="p-2"), with_suites=True
    )
    assert outcome.lanes(1) == {"*": "auto", "territory": "auto", "account_owner": "review"}
    assert outcome.lane(2, "city") == "deny"


def test_value_is_written_as_normalized(road: Road) -> None:
    """FLD-5, FLD-8: compatibility letters and stray blanks do not get into the CRM; the audit keeps old and new."""
    outcome = road.run(
        WORLD,
        title_update(title="  \uff36\uff30   IT "),
        update("con-2", change("phone", "+1 (415) 555-0101", seen=None), proposal_id="p-2"),
    )
    assert (outcome.row(1, "title")["old_value"], outcome.row(1, "title")["new_value"]) == ('"Head of IT"', '"VP IT"')
    written = {row["field"]: row["new_value"] for row in road.mart("approved_writes")}
    assert written == {"title": '"VP IT"', "phone": '"+14155550101"'}


_VENDOR_WORDS = [
    ("industry", "COMPUTER_SOFTWARE", '"Software"'),
    ("industry", "Food & Beverage", '"Food and Beverage"'),
    ("numberofemployees", 340, '"201-500"'),
    ("employee_range", "11-50 employees", '"11-50"'),
    ("employee_range", "10,001+", '"10001+"'),
]


@pytest.fixture(scope="module")
def told_by_vendor(rehearsals: Road) -> Outcome:
    """Return what becomes of `_VENDOR_WORDS`, each said of a company of its own."""
    names = [coined(f"company {number}")[1] for number in range(len(_VENDOR_WORDS))]
    firms = [
        record("company", f"com-{100 + number}", {"name": name, "domain": f"{name.lower()}.example"})
        for number, name in enumerate(names)
    ]
    wishes = [
        update(firm["id"], change(field, given, seen=None), proposal_id=f"p-{firm['id']}", source="enrichment")
        for firm, (field, given, _) in zip(firms, _VENDOR_WORDS, strict=True)
    ]
    return rehearsals.rehearse(with_records(*firms), *wishes)


@pytest.mark.parametrize("number", range(len(_VENDOR_WORDS)))
def test_words_of_a_vendor_are_mapped(told_by_vendor: Outcome, number: int) -> None:
    """FLD-5, EVD-7: what vendors call it is written as the CRM calls it."""
    lines = [row for row in told_by_vendor.decisions if row["line_number"] == number + 1]
    row = next(row for row in lines if not row["is_action_row"])
    assert (row["lane"], row["new_value"]) == ("auto", _VENDOR_WORDS[number][2]), _VENDOR_WORDS[number]


def test_word_that_nobody_maps_is_refused_with_what_is_near(road: Road) -> None:
    """FLD-5: an invented industry is denied, and the pending change says which ones come near it."""
    row = road.rehearse(WORLD, update("com-2", change("industry", "Softwear", seen=None))).row(1, "industry")
    assert row["lane"] == "deny"
    assert "the nearest that it has: Software" in row["objections"]


def test_lead_source_is_only_ever_filled(rehearsals: Road) -> None:
    """FLD-4: under any name and by any operation what stands stays; nor is it emptied."""
    names = ("lead_source", "LeadSource", "properties.leadsource")
    ways = list(
        product(
            names, ("set", "append"), (("Webinar", "Referral"), ("Webinar", ""), ("Webinar", None), (None, "Referral"))
        )
    )
    people, wishes = [], []
    for number, (name, operation, (standing, value)) in enumerate(ways):
        people.append(stranger(number, fields={"lead_source": standing} if standing else {}))
        wish = change(name, value, op=operation, seen=standing)
        wishes.append(update(people[-1]["id"], wish, proposal_id=f"p-{number}", source="user"))
    outcome = rehearsals.rehearse(with_records(*people), *wishes)
    for line, (name, operation, (standing, value)) in enumerate(ways, start=1):
        allowed = ("review",) if standing is None else ("deny", "review") if operation == "append" else ("deny",)
        assert outcome.lanes(line)["lead_source"] in allowed, (name, operation, standing, value)
