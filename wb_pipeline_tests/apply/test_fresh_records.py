"""How long our books vouch for what was made, and of which found records an approver was told (IDN-3)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from wb_pipeline.apply.entries import Entry
from wb_pipeline.apply.outbox import Outbox
from wb_pipeline.apply.plan import plan_writes
from wb_pipeline.apply.twins import Twin, told, with_told
from wb_pipeline.canonical import canonical_json
from wb_pipeline.home import Home
from wb_pipeline.ledger.kinds import payload_of
from wb_pipeline.ledger.kinds_writes import WritePlanned
from wb_pipeline.ledger.store import Ledger
from wb_pipeline_tests.apply.factories import applied, approved, made, sealed, sealed_change
from wb_pipeline_tests.apply.memory_crm import StillClock, crm_with

ANA = {"email": "ana@acme.example", "last_name": "Ruiz"}


@pytest.mark.parametrize(("minutes", "outcome"), [(1, "conflict"), (11, "written")])
def test_what_we_made_and_nobody_sees_is_taken_for_there_a_while_only(
    opened: tuple[Home, Ledger], clock: StillClock, minutes: int, outcome: str
) -> None:
    """IDN-4: a picture is stale for minutes; what no reading shows after that was deleted, and is made again."""
    crm = crm_with([], clock=clock)
    sealed(*opened, made(1, ANA), "one")
    applied(opened, crm)
    crm.records.clear()
    clock.sleep(60 * minutes)
    sealed(*opened, made(1, ANA), "two")
    assert applied(opened, crm).outcomes == {outcome: 1}


@pytest.mark.parametrize(("approvals", "seen"), [((), set()), ((3,), set()), ((7,), {"con-7"}), ((7, 9), {"con-7"})])
def test_approval_covers_only_what_was_found_before_it(
    opened: tuple[Home, Ledger], clock: StillClock, approvals: tuple[int, ...], seen: set[str]
) -> None:
    """RVW-2: found after somebody approved, or before the second of two did, a record was not in sight."""
    sealed(*opened, made(1, ANA))
    applied(opened, crm_with([], clock=clock))
    [event] = opened[1].events(WritePlanned.kind)
    [write] = plan_writes(approved([sealed_change(row) for row in made(1, ANA)], approvals))
    with opened[1].writing("pipeline") as book:
        found = [
            (at, book.keep(canonical_json(told([Twin(name, "contact", ("email",))]))))
            for at, name in ((5, "con-7"), (8, "con-8"))
        ]
    entry = Entry(write.key, payload_of(event, WritePlanned), event.recorded_at, event.sequence, "pipeline")
    outbox = Outbox({write.key: replace(entry, found=found)})
    [known] = with_told([write], outbox, opened[1])
    assert set(known.seen) == seen
