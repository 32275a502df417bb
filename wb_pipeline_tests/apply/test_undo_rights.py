"""Who may take writes back: a reviewer, with a reason, rights that reach, no limit on deals, in a mode that writes."""

from __future__ import annotations

import pytest

from wb_pipeline.apply.undo import undo, undo_preview
from wb_pipeline.errors import InputError
from wb_pipeline.home import Home
from wb_pipeline.ledger.kinds_writes import WritePlanned
from wb_pipeline.ledger.modes import switch_mode
from wb_pipeline.ledger.store import Ledger
from wb_pipeline.paths import default_policy_file
from wb_pipeline_tests.apply.factories import change
from wb_pipeline_tests.apply.memory_crm import QUICK, StillClock, crm_with
from wb_pipeline_tests.apply.taking_back import ALL, take_back, written
from wb_pipeline_tests.review.factories import use_policy


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


def test_mode_for_all_holds_for_undo_too(opened, clock):
    """FLD-7: read only is read only; review of everything does not hold back what a person asks for."""
    crm = crm_with([("contact", "con-1", {})], clock=clock)
    written(opened, crm, [change(1, "title", "A")])
    switch_mode(opened[1], "*", "read_only", "dana", "audit")
    assert [each.why for each in take_back(opened, crm).report.waiting] == ["the mode is read_only"]
    switch_mode(opened[1], "*", "review_everything", "dana", "careful")
    assert take_back(opened, crm).report.outcomes == {"written": 1}


@pytest.mark.parametrize(
    ("by", "words"),
    [
        ("dana", "dana is no reviewer in the policy"),
        ("Agent-Enrich-1", "only people decide"),
        (" ", "needs the name of a person"),
    ],
)
def test_only_a_reviewer_takes_anything_back(opened, clock, by: str, words: str) -> None:
    """AUD-4, RVW-5: taking back needs the same name as approving; nothing is planned otherwise."""
    crm = crm_with([("contact", "con-1", {"title": "Head of IT"})], clock=clock)
    written(opened, crm, [change(1, "title", "VP of IT", "Head of IT")])
    planned = len(opened[1].events(WritePlanned.kind))
    with pytest.raises(InputError, match=words):
        undo(*opened, crm, ALL, by=by, reason="wrong", limits=QUICK, timing=crm.clock.timing)
    with pytest.raises(InputError, match=words):
        undo_preview(*opened, crm, ALL, by=by, reason="wrong")
    assert len(opened[1].events(WritePlanned.kind)) == planned


def test_rights_have_to_reach_what_is_taken_back(opened, clock) -> None:
    """AUD-4, RVW-5: who could not have approved a write does not take it back, and nothing else with it."""
    crm = crm_with([("contact", "con-1", {"title": "Head of IT"})], clock=clock)
    written(opened, crm, [change(1, "title", "VP of IT", "Head of IT")])
    narrow = default_policy_file().read_text("utf-8").replace('"* contact.*", "* lead.*"', '"* lead.*"')
    use_policy(*opened, narrow.encode())
    sales = {"by": "u-sales-1", "reason": "wrong", "limits": QUICK, "timing": crm.clock.timing}
    with pytest.raises(InputError, match="the rights of u-sales-1 do not reach update contact con-1"):
        undo(*opened, crm, ALL, **sales)
    use_policy(*opened, default_policy_file().read_bytes())
    assert undo(*opened, crm, ALL, **sales).report.outcomes == {"written": 1}
