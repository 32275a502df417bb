"""Who takes writes back needs a reason and rights without a limit, where the worth in between is not known (AUD-4)."""

from __future__ import annotations

import pytest

from wb_pipeline.errors import InputError
from wb_pipeline.home import Home
from wb_pipeline.ledger.kinds_writes import WritePlanned
from wb_pipeline.ledger.store import Ledger
from wb_pipeline_tests.apply.factories import change
from wb_pipeline_tests.apply.memory_crm import QUICK, StillClock, crm_with
from wb_pipeline_tests.apply.test_undo import ALL, undo, written


@pytest.mark.parametrize(
    ("by", "reason", "words"),
    [
        ("u-sales-1", "wrong list", "u-sales-1 has a limit on what deals are worth: update deal deal-1"),
        ("u-ops-1", " ", "taking back needs a reason"),
        ("u-ops-1", "wrong list", ""),
    ],
)
def test_deal_is_taken_back_with_a_reason_by_who_has_no_limit(
    opened: tuple[Home, Ledger], clock: StillClock, by: str, reason: str, words: str
) -> None:
    """AUD-4, RVW-5: whoever may not is told why before anything is planned."""
    crm = crm_with([("deal", "deal-1", {"next_step": "Call"})], clock=clock)
    written(opened, crm, [change(1, "next_step", "Send the offer", "Call", object="deal", record_id="deal-1")])
    given = {"by": by, "reason": reason, "limits": QUICK, "timing": clock.timing}
    if words:
        with pytest.raises(InputError, match=words):
            undo(*opened, crm, ALL, **given)
        assert len(opened[1].events(WritePlanned.kind)) == 1
    else:
        assert undo(*opened, crm, ALL, **given).report.outcomes == {"written": 1}
