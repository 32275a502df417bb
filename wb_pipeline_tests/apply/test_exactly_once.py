"""Whatever a CRM answers and wherever a run dies: each approved write takes effect once, or is accounted for."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections import Counter, deque
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wb_pipeline.apply.compare import PolicyRules
from wb_pipeline.apply.engine import Engine
from wb_pipeline.apply.outbox import read_outbox
from wb_pipeline.apply.plan import plan_writes
from wb_pipeline.apply.prepare import Preparer
from wb_pipeline.apply.references import creating_proposals
from wb_pipeline.apply.run import apply_approved, open_desk, settle_earlier
from wb_pipeline.home import Home
from wb_pipeline.ledger.kinds import payload_of
from wb_pipeline.ledger.kinds_review import ItemReturned
from wb_pipeline.ledger.store import Book, Ledger
from wb_pipeline_tests.apply.factories import approved, books, change, made, sealed, sealed_change
from wb_pipeline_tests.apply.memory_crm import ANSWERS, DEATHS, QUICK, KilledError, MemoryCrm, StillClock, crm_with

ROWS = [
    *made(1, {"name": "Acme", "domain": "acme.example"}, object="company"),
    *made(2, {"email": "ana@acme.example", "company_id": "p-1"}),
    change(3, "title", "VP IT", "Head of IT"),
    change(4, "title", "CFO"),
    # Another proposal about the same record.
    change(5, "phone", "+4420", record_id="con-3"),
    *made(6, {"activity_type": "note", "body": "They will decide in April."}, action="log", object="activity"),
]
WRITES = 6


SEALED = [sealed_change(row) for row in ROWS]
APPROVED = approved(SEALED)


@pytest.fixture(scope="module")
def empty_books(tmp_path_factory):
    """Return the folder of a home without anything."""
    home, ledger = books(tmp_path_factory.mktemp("empty"))
    assert ledger.head().sequence == 0
    return home.root


def small_crm(clock: StillClock, script: list[str]) -> MemoryCrm:
    """Return a CRM that holds what the rows are about."""
    records = [("contact", "con-3", {"title": "Head of IT"}), ("contact", "con-4", {})]
    crm = crm_with(records, clock=clock)
    crm.script = deque(script)
    return crm


def run(home: Home, ledger: Ledger, crm: MemoryCrm) -> None:
    """Run once, the whole road."""
    apply_approved(home, ledger, crm, crm.clock.now(), limits=QUICK, timing=crm.clock.timing)


def run_engine(home: Home, ledger: Ledger, crm: MemoryCrm) -> None:
    """Run once on the approved changes that the outbox does not hold, without reading the sealed files again."""
    desk = open_desk(ledger, crm, by="pipeline", limits=QUICK, timing=crm.clock.timing)
    settle_earlier(desk)
    desk.references.proposals.update(creating_proposals(each.row for each in SEALED))
    begun = desk.outbox.known()
    writes = plan_writes(each for each in APPROVED if not begun.keys() & set(each.change_ids))
    Engine(desk, Preparer(crm, PolicyRules(home), desk.references)).carry_out(writes, ledger.head().sequence)


def values(crm: MemoryCrm) -> list[tuple[str, dict[str, object]]]:
    """Return what the CRM holds, without ids and marks."""
    kept = [(each.object, dict(each.fields)) for each in crm.records.values()]
    found = [(name, {k: v for k, v in fields.items() if not k.startswith("ai_")}) for name, fields in kept]
    return sorted(found, key=str)


@settings(max_examples=40)
@given(script=st.lists(st.sampled_from([*ANSWERS, *DEATHS]), max_size=25), runs=st.integers(1, 3))
def test_each_write_takes_effect_once_or_is_accounted_for(empty_books, script, runs):
    """SYN-2, SYN-4: for any answers in any order nothing is written twice, nothing is lost, nothing stays unknown."""
    with tempfile.TemporaryDirectory() as folder:
        clock = StillClock()
        home = Home(Path(shutil.copytree(empty_books, Path(folder) / "home")))
        ledger = Ledger.open(home, clock=clock.now)
        crm = small_crm(clock, script)
        for _ in range(runs):
            with contextlib.suppress(KilledError):
                run_engine(home, ledger, crm)
        crm.script.clear()
        for _ in range(2):
            run_engine(home, ledger, crm)
        crm._let_time_tell()
        outbox = read_outbox(ledger)
        assert set(crm.effects.values()) <= {1}
        assert outbox.unsettled == []
        ends = Counter(entry.settled.outcome for entry in outbox.entries.values() if entry.settled)
        written = {key for key, entry in outbox.entries.items() if entry.settled and entry.settled.outcome == "written"}
        assert written == set(crm.effects)
        returned = {event.subject for event in ledger.events(ItemReturned.kind)}
        assert len(returned) == ends["conflict"] + ends["refused"]
        done = {change_id for key in written for change_id in outbox.entries[key].planned.change_ids}
        accounted = {int(change_id.split(":")[1]) for change_id in done | returned}
        # A contact whose company was not made waits for it.
        assert {row["line_number"] for row in ROWS} - accounted <= {2}


@pytest.mark.parametrize("answers", [[], ["unknown_done", "late", "throttled"]], ids=["plain", "faults"])
def test_dying_at_any_ledger_append_ends_the_same(tmp_path, monkeypatch, answers):
    """OPS-4, SYN-2: a run that dies before or after any commit, and is started again, ends as one that did not."""
    whole = append = Book.append
    clock = StillClock()
    home, ledger = books(tmp_path / "whole", clock)
    sealed(home, ledger, ROWS)
    start = shutil.copytree(home.root, tmp_path / "start")
    undisturbed = small_crm(clock, answers)
    run(home, ledger, undisturbed)
    assert len(undisturbed.effects) == WRITES
    for point in range(40):
        clock = StillClock()
        home = Home(Path(shutil.copytree(start, tmp_path / str(point))))
        ledger = Ledger.open(home, clock=clock.now)
        crm = small_crm(clock, list(answers))
        counted = iter(range(point + 1))

        def dying(book, new, counted=counted):
            made_events = append(book, new)
            if next(counted, None) is None and new:
                raise KilledError
            return made_events

        monkeypatch.setattr(Book, "append", dying)
        has_died = False
        try:
            run_engine(home, ledger, crm)
        except KilledError:
            has_died = True
        monkeypatch.setattr(Book, "append", whole)
        run_engine(home, ledger, crm)
        assert values(crm) == values(undisturbed), f"died at append {point}"
        assert set(crm.effects.values()) == {1}
        assert read_outbox(ledger).unsettled == []
        if not has_died:
            return
    pytest.fail("the run never came to its end")


def test_returned_items_name_the_item_and_no_value(tmp_path):
    """AUD-6: an event is for ever, so what goes back to a person is named without any value of it."""
    clock = StillClock()
    home, ledger = books(tmp_path, clock)
    sealed(home, ledger, [change(3, "title", "VP IT", "Head of IT")])
    crm = crm_with([("contact", "con-3", {"title": "Chief of Everything"})], clock=clock)
    run(home, ledger, crm)
    [event] = ledger.events(ItemReturned.kind)
    returned = payload_of(event, ItemReturned)
    assert (returned.reason, returned.approval_sequence) == ("value_changed", 0)
    assert event.subject.endswith(":3:1")
    assert "Chief" not in str(dict(event.payload)) + str([dict(each.payload) for each in ledger.events()])
