"""Books that came back from a backup older than the CRM: what they forgot is not made a second time (SYN-2)."""

from __future__ import annotations

import shutil
from collections import deque
from pathlib import Path

from wb_pipeline.apply.report import ApplyReport
from wb_pipeline.apply.run import apply_approved
from wb_pipeline.home import Home
from wb_pipeline.ledger.store import Ledger
from wb_pipeline_tests.apply.memory_crm import QUICK, MemoryCrm, crm_with
from wb_pipeline_tests.ledger.factories import CLOCK
from wb_pipeline_tests.review.factories import create, decided, desk_at, queue, trigger, update

DEAL = create("deal", {"name": "New stores", "amount": 49_000, "currency": "USD"})


def _approve_all(home: Home, ledger: Ledger, *, is_other_order: bool = False) -> None:
    desk = desk_at(home, ledger)
    for item in sorted(desk.items(), key=lambda item: item.line_number, reverse=is_other_order):
        assert decided(desk, item).is_done


def _apply(home: Home, ledger: Ledger, crm: MemoryCrm) -> ApplyReport:
    return apply_approved(home, ledger, crm, CLOCK, limits=QUICK, timing=crm.clock.timing)


def test_what_was_made_is_not_made_again_by_another_approval(tmp_path: Path) -> None:
    """SYN-2: the backup lacks approvals and writes; people approve again, in another order; nothing is made twice."""
    home, ledger = queue(tmp_path, DEAL, trigger(), update(old="Head of IT"))
    shutil.copytree(home.root, tmp_path / "backup")
    crm = crm_with([("contact", "con-1", {"title": "Head of IT"}), ("deal", "deal-1", {})])
    _approve_all(home, ledger)
    assert _apply(home, ledger, crm).outcomes == {"written": 3}
    made = len(crm.records)
    restored = Home(tmp_path / "backup"), Ledger.open(Home(tmp_path / "backup"), clock=lambda: CLOCK)
    _approve_all(*restored, is_other_order=True)
    assert _apply(*restored, crm).outcomes == {"written": 2, "already_so": 1}
    assert len(crm.records) == made
    assert set(crm.effects.values()) == {1}


def test_what_the_crm_refused_is_made_once_a_person_mended_it(tmp_path: Path) -> None:
    """SYN-4, RVW-1: a refused create comes back, is approved with another value, and is made under its one key."""
    home, ledger = queue(tmp_path, DEAL)
    crm = crm_with([], script=deque(["refused"]))
    _approve_all(home, ledger)
    assert _apply(home, ledger, crm).outcomes == {"refused": 1}
    assert _apply(home, ledger, crm).outcomes == {}
    desk = desk_at(home, ledger)
    [item] = desk.items()
    assert decided(desk, item, edits={"amount": 45_000}).is_done
    assert _apply(home, ledger, crm).outcomes == {"written": 1}
    assert [record.fields["amount"] for record in crm.records.values()] == [45_000]
    assert len({call.key for call in crm.calls}) == 1
