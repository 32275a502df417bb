"""The desk and the books: what is sealed later, what was erased, what was changed behind our back, threads at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import delete

from wb_pipeline.errors import AuditError
from wb_pipeline.ledger import tables
from wb_pipeline.ledger.kinds_review import DecisionRefused, ItemDecided
from wb_pipeline.paths import default_policy_file
from wb_pipeline.policy.load import load_policy
from wb_pipeline.review.approved import judge_approvals
from wb_pipeline.review.model import Decision
from wb_pipeline.review.money import at_worst
from wb_pipeline_tests.ledger.factories import CLOCK
from wb_pipeline_tests.review.factories import decided, desk_at, queue, seal_proposals, update


def test_open_desk_takes_in_what_is_sealed_later(tmp_path: Path) -> None:
    """RVW-4: reviewing works while runs seal; nobody has to open the queue anew."""
    home, ledger = queue(tmp_path)
    desk = desk_at(home, ledger)
    [first] = desk.items()
    assert decided(desk, first).is_done
    seal_proposals(home, ledger, tmp_path, [update("phone", "+13035550199", lane="auto"), update("title", "COO")])
    [later] = desk.items()
    assert later.fields[0].new_value == '"COO"'
    assert desk.item(first.item_id).state == "approved"


def test_edited_value_that_was_erased_is_not_written(tmp_path: Path) -> None:
    """AUD-6: once a person's value is erased, there is nothing to write and nothing more to approve."""
    home, ledger = queue(tmp_path)
    desk = desk_at(home, ledger)
    [item] = desk.items()
    assert decided(desk, item, edits={"title": "CTO"}).is_done
    with ledger.unchained() as connection:
        connection.execute(delete(tables.kept_values))
    judged = judge_approvals(home, ledger, CLOCK)
    assert (judged.standing, judged.held[0].why) == ((), "its values were erased on request")
    fresh = desk_at(home, ledger).item(item.item_id)
    assert fresh.is_erased
    assert decided(desk_at(home, ledger), fresh, supersedes=fresh.standing_sequence).code == "erased"


@pytest.mark.parametrize("source", ["crm", "evidence"])
def test_snapshot_that_was_changed_is_not_shown(tmp_path: Path, source: str) -> None:
    """AUD-2: nothing is decided over files that the ledger does not cite."""
    home, ledger = queue(tmp_path, update("stage", "negotiation", object="deal", record_id="deal-1"))
    path = next(home.snapshots.glob(f"{source}-{'[0-9a-f]' * 64}.parquet"))
    path.chmod(0o644)
    path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(AuditError, match="not the file that the ledger cites"):
        desk_at(home, ledger).items()


def test_threads_of_one_page_decide_once(tmp_path: Path) -> None:
    """RVW-4: two clicks at the same moment are one decision and one refusal."""
    home, ledger = queue(tmp_path)
    desk = desk_at(home, ledger)
    [item] = desk.items()
    with ThreadPoolExecutor(max_workers=4) as pool:
        decisions = [Decision(item.item_id, "approve", item.binding)]
        done = list(pool.map(lambda by: desk.decide(decisions, by)[0].is_done, ["u-ops-1", "u-sales-1"] * 2))
    assert sorted(done) == [False, False, False, True]
    assert (len(ledger.events(ItemDecided.kind)), len(ledger.events(DecisionRefused.kind))) == (1, 3)


@pytest.mark.parametrize(
    ("versions", "worth"),
    [
        ([], 0.0),
        ([{"amount": None}], 0.0),
        ([{"amount": 48_000}, {"amount": "50000.5"}], 50_000.5),
        ([{"amount": -60_000, "currency": "usd"}], 60_000.0),
        ([{"amount": "a lot"}], float("inf")),
        ([{"amount": True}], float("inf")),
        ([{"amount": 5}, {"currency": "XYZ"}], float("inf")),
        ([{"amount": 0, "currency": "XYZ"}], 0.0),
    ],
)
def test_deal_is_worth_the_most_that_it_can_be(versions: list[dict[str, object]], worth: float) -> None:
    """RVW-5: any amount goes with any currency among them, and what cannot be told is above every limit."""
    assert at_worst(versions, load_policy(default_policy_file()).document.deals) == worth
