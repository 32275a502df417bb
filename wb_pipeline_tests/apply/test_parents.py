"""A record approved under another one that was merged or put away meanwhile: under the survivor, or back (IDN-9)."""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from wb_pipeline.home import Home
from wb_pipeline.ledger.kinds import payload_of
from wb_pipeline.ledger.kinds_review import ItemReturned
from wb_pipeline.ledger.store import Ledger
from wb_pipeline_tests.apply.factories import applied, change, made, sealed
from wb_pipeline_tests.apply.memory_crm import MemoryCrm, StillClock, crm_with

CHILD = {"email": "eva@acme.example", "company_id": "com-1"}


def merged(crm: MemoryCrm, loser: str, survivor: str | None, name: str = "company") -> None:
    """Let somebody merge one record into another; into none: archive it."""
    crm.records[name, loser] = replace(crm.records[name, loser], is_archived=True, merged_into=survivor)


def crm_of(clock: StillClock, *companies: str) -> MemoryCrm:
    """Return a CRM with companies."""
    return crm_with([("company", each, {"name": each}) for each in companies], clock=clock)


def the_child(crm: MemoryCrm) -> dict[str, Any]:
    """Return what was made."""
    [found] = [dict(record.fields) for (name, _), record in crm.records.items() if name in ("contact", "activity")]
    return found


@pytest.mark.parametrize("trail", [["com-1", "com-2"], ["com-1", "com-2", "com-3"]])
@pytest.mark.parametrize("action", ["create", "log"])
def test_child_of_a_merged_parent_goes_to_the_survivor(
    opened: tuple[Home, Ledger], clock: StillClock, trail: list[str], action: str
) -> None:
    """IDN-9: at the end of its trail, and the report says so; never under the one that is gone."""
    columns = {"action": action, "object": "contact" if action == "create" else "activity"}
    fields = CHILD if action == "create" else {"activity_type": "note", "company_id": "com-1", "body": "April."}
    sealed(*opened, made(1, fields, **columns))
    crm = crm_of(clock, *trail)
    for loser, survivor in pairwise(trail):
        merged(crm, loser, survivor)
    report = applied(opened, crm)
    assert report.outcomes == {"written": 1}
    assert the_child(crm)["company_id"] == trail[-1]
    assert any("company_id names company com-1, which was merged into com-2" in line for line in report.lines())


@pytest.mark.parametrize("ring", [False, True])
def test_child_of_a_parent_that_is_gone_goes_back_to_a_person(
    opened: tuple[Home, Ledger], clock: StillClock, ring: bool
) -> None:
    """IDN-9, RVW-2: archived, or merged in a ring: nobody knows where it belongs."""
    sealed(*opened, made(1, CHILD))
    crm = crm_of(clock, "com-1", "com-2")
    merged(crm, "com-1", "com-2" if ring else None)
    if ring:
        merged(crm, "com-2", "com-1")
    assert applied(opened, crm).outcomes == {"conflict": 1}
    assert crm.calls == []
    [event] = opened[1].events(ItemReturned.kind)
    returned = payload_of(event, ItemReturned)
    assert returned.reason == "conflict"
    assert returned.note.startswith("company_id names company com-")


def test_child_of_a_parent_that_we_made_and_somebody_merged_goes_to_the_survivor(
    opened: tuple[Home, Ledger], clock: StillClock
) -> None:
    """IDN-9: a reference to a proposal of the batch follows the record that it made, wherever that went."""
    crm = crm_of(clock, "com-2")
    sealed(*opened, [*made(1, {"name": "Acme"}, object="company"), *made(2, {**CHILD, "company_id": "p-1"})])
    real = crm.write_many

    def merging(calls: Any) -> Any:
        answers = real(calls)
        if calls[0].object == "company":
            merged(crm, answers[0].record_id, "com-2")
        return answers

    crm.write_many = merging  # type: ignore[method-assign]  # somebody is quick
    assert applied(opened, crm).outcomes == {"written": 2}
    assert the_child(crm)["company_id"] == "com-2"


@pytest.mark.parametrize("survivor", ["com-2", None])
def test_parent_that_is_gone_before_the_second_try_stops_it(
    opened: tuple[Home, Ledger], clock: StillClock, survivor: str | None
) -> None:
    """IDN-9, SYN-4: merged or archived: what was compared once is compared again before anything is sent again."""
    sealed(*opened, made(1, CHILD))
    crm = crm_of(clock, "com-1", "com-2")
    crm.script = deque(["locked"])
    real = crm.write_many

    def merging(calls: Any) -> Any:
        merged(crm, "com-1", survivor)
        return real(calls)

    crm.write_many = merging  # type: ignore[method-assign]  # somebody is quick
    assert applied(opened, crm).outcomes == {"conflict": 1}
    assert len(crm.calls) == 1


def test_update_points_to_the_survivor_too(opened: tuple[Home, Ledger], clock: StillClock) -> None:
    """IDN-9: a contact that is moved to a company is moved to the one that it is now."""
    sealed(*opened, [change(1, "company_id", "com-1"), change(2, "company_id", "com-3")])
    crm = crm_of(clock, "com-1", "com-2", "com-3")
    crm.put("contact", "con-1")
    crm.put("contact", "con-2", title="CTO")
    merged(crm, "com-1", "com-2")
    merged(crm, "com-3", None)
    assert applied(opened, crm).outcomes == {"written": 1, "conflict": 1}
    assert crm.fields("contact", "con-1")["company_id"] == "com-2"
    assert crm.fields("contact", "con-2") == {"title": "CTO"}


def test_record_that_has_the_id_comes_before_a_proposal_that_calls_itself_so(
    opened: tuple[Home, Ledger], clock: StillClock
) -> None:
    """IDN-9: an agent that names its proposal like a record draws no child away from it."""
    sealed(*opened, [*made(1, {"name": "Acme"}, object="company"), *made(2, {**CHILD, "company_id": "p-1"})])
    crm = crm_of(clock, "p-1")
    assert applied(opened, crm).outcomes == {"written": 2}
    assert the_child(crm)["company_id"] == "p-1"
