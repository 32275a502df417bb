"""An approved merge holds for the two records that were seen: it cannot be taken back, so nothing may have moved."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from wb_pipeline.apply.report import ApplyReport
from wb_pipeline.apply.run import apply_approved
from wb_pipeline.home import Home
from wb_pipeline.ledger.store import Ledger
from wb_pipeline_tests.apply.memory_crm import QUICK, MemoryCrm, crm_with
from wb_pipeline_tests.ledger.factories import CLOCK
from wb_pipeline_tests.review.factories import decided, desk_at, merge, queue, take_crm, update

ONE, OTHER = "Northwind Outdoor", "Northwind Outdoors"


def _approved_twice(home: Home, ledger: Ledger) -> None:
    desk = desk_at(home, ledger)
    for by in ("u-ops-1", "u-sales-1"):
        for item in desk.items():
            assert decided(desk, item, by=by).is_done


def _crm(**loser: Any) -> MemoryCrm:
    return crm_with([("company", "com-1", {"name": ONE}), ("company", "com-2", {"name": OTHER} | loser)])


def _apply(home: Home, ledger: Ledger, crm: MemoryCrm) -> ApplyReport:
    return apply_approved(home, ledger, crm, CLOCK, limits=QUICK, timing=crm.clock.timing)


@pytest.mark.parametrize("since", [{"name": "Southwind Bakery"}, {"domain": "southwind.example"}])
def test_merge_of_what_somebody_changed_since_is_asked_again(tmp_path: Path, since: dict[str, Any]) -> None:
    """RVW-2: the record is another company now: nothing is merged, the item is back, and stands once seen anew."""
    home, ledger = queue(tmp_path, merge())
    _approved_twice(home, ledger)
    crm = _crm(**since)
    assert _apply(home, ledger, crm).outcomes == {"conflict": 1}
    assert crm.calls == []
    [item] = desk_at(home, ledger).items()
    assert item.state == "returned"
    assert "com-2" in item.returned_because
    take_crm(home, ledger, tmp_path, {"com-2": since})
    _approved_twice(home, ledger)
    assert _apply(home, ledger, crm).outcomes == {"written": 1}
    assert crm.records["company", "com-2"].merged_into == "com-1"


def test_merge_stands_over_writes_of_ours_and_moved_references(tmp_path: Path) -> None:
    """RVW-2: what was approved beside it and written first, and a reference that a merge moved, are no change."""
    renamed = update("name", "Northwind", object="company", record_id="com-1", old=ONE)
    home, ledger = queue(tmp_path, merge(), renamed)
    _approved_twice(home, ledger)
    crm = _crm(company_id="com-9")
    assert _apply(home, ledger, crm).outcomes == {"written": 2}
    assert crm.records["company", "com-2"].merged_into == "com-1"
