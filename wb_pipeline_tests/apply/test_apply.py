"""One run of writing on a CRM in memory: each write once, conflicts back to a person, everything on the books."""

from __future__ import annotations

import json
from typing import Any

import pytest

from wb_pipeline.apply.report import ApplyReport
from wb_pipeline.apply.run import apply_approved
from wb_pipeline.connectors.writing import KEY_FIELD
from wb_pipeline.home import Home
from wb_pipeline.ledger.kinds import payload_of
from wb_pipeline.ledger.kinds_writes import WritePlanned, WriteSettled
from wb_pipeline.ledger.store import Ledger
from wb_pipeline_tests.apply.factories import books, change, made, sealed
from wb_pipeline_tests.apply.memory_crm import QUICK, MemoryCrm, StillClock, crm_with


@pytest.fixture
def clock() -> StillClock:
    """Return a clock that moves only when somebody waits."""
    return StillClock()


@pytest.fixture
def opened(tmp_path, clock) -> tuple[Home, Ledger]:
    """Return empty books on that clock."""
    return books(tmp_path, clock)


def apply(opened: tuple[Home, Ledger], crm: MemoryCrm) -> ApplyReport:
    """Run once."""
    return apply_approved(*opened, crm, crm.clock.now(), limits=QUICK, timing=crm.clock.timing)


def settled(ledger: Ledger) -> list[WriteSettled]:
    """Return how writes ended, in order."""
    return [payload_of(event, WriteSettled) for event in ledger.events(WriteSettled.kind)]


def kept(ledger: Ledger, digest: str | None) -> Any:
    """Return a kept value."""
    return json.loads(ledger.kept([digest or ""])[digest or ""])


def test_update_is_read_compared_written_and_read_back(opened, clock):
    """SYN-3: the value before and the value after are both in the ledger, and the record says who wrote (CNF-2)."""
    sealed(*opened, [change(1, "title", "VP IT", "Head of IT"), change(1, "phone", "+4420", ordinal=2)])
    crm = crm_with([("contact", "con-1", {"title": "Head of IT"})], clock=clock)
    assert apply(opened, crm).outcomes == {"written": 1}
    fields = crm.fields("contact", "con-1")
    assert (fields["title"], fields["phone"]) == ("VP IT", "+4420")
    assert fields["ai_writeback_confidence"] == 90.0
    assert (fields["ai_writeback_evidence"], fields["ai_writeback_source"]) == ("ev-1", "linkedin")
    [planned] = opened[1].events(WritePlanned.kind)
    assert fields[KEY_FIELD] == planned.subject
    [end] = settled(opened[1])
    assert kept(opened[1], end.before_digest) == {"phone": None, "title": "Head of IT"}
    assert kept(opened[1], end.after_digest) == {"phone": "+4420", "title": "VP IT"}


def test_second_run_writes_nothing(opened, clock):
    """SYN-2: an approved write has one key for ever; a run after it finds it done."""
    sealed(*opened, [change(1, "title", "VP IT"), *made(2, {"email": "a@b.example"})])
    crm = crm_with([("contact", "con-1", {})], clock=clock)
    apply(opened, crm)
    head = opened[1].head()
    assert not apply(opened, crm).settled
    assert opened[1].head() == head
    assert set(crm.effects.values()) == {1}
