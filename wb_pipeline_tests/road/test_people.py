"""What people decided and what was written and undone since, as the next batch meets it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from wb_pipeline.canonical import text_hash
from wb_pipeline.ledger.kinds_review import ItemDecided, ItemReturned
from wb_pipeline.ledger.kinds_writes import WritePlanned, WriteSettled
from wb_pipeline.ledger.store import Ledger
from wb_pipeline_tests.road.harness import Outcome, Road
from wb_pipeline_tests.road.world import WORLD, title_update

HASH = text_hash("something")


def decide(road: Road, change_id: str, decision: str, reason: str = "") -> None:
    """Put a person's decision on a change on the books."""
    said = ItemDecided(
        decision=decision,
        reason_code=reason,
        words="",
        edited_digest=None,
        binding=HASH,
        policy_hash=HASH,
        batch_key=HASH,
        group_id="",
        is_final=True,
    )
    Ledger.open(road.home).append([said.about(change_id)], recorded_by="dana")


def write(road: Road, key: str, change_id: str, undoes: str | None = None) -> None:
    """Put a write, or an undo, and its receipt on the books."""
    planned = WritePlanned(
        change_ids=[change_id],
        approvals=[],
        batch_key=HASH,
        proposal_key=change_id.rsplit(":", 1)[0],
        actor_id="agent-1",
        action="undo" if undoes else "update",
        object="contact",
        record_id="con-1",
        fields=["title"],
        values_digest=HASH,
        crm="files",
        undoes=undoes,
        attempt=1,
    )
    settled = WriteSettled(
        outcome="written",
        record_id="con-1",
        before_digest=None,
        after_digest=None,
        attempts=1,
        answer="",
        reconciled=False,
    )
    Ledger.open(road.home).append([planned.about(key), settled.about(key)], recorded_by="pipeline")


def waiting(road: Road) -> Outcome:
    """Run a change that waits for a person: nobody says what it replaces."""
    outcome = road.run(WORLD, title_update("p-1", changes=[{"field": "title", "op": "set", "value": "VP IT"}]))
    assert outcome.lane(field="title") == "review"
    return outcome


UNSEEN = {"changes": [{"field": "title", "op": "set", "value": "VP IT"}]}


def test_refused_change_without_new_proof_is_answered_already(road: Road) -> None:
    """RVW-4: a person's no stands; the same wish with the same evidence does not come back into the queue."""
    first = waiting(road)
    decide(road, first.row(field="title")["change_id"], "reject", "wrong_value")
    outcome = road.run(WORLD, title_update("p-2", **UNSEEN))
    assert outcome.lane(field="title") == "noop"
    assert outcome.row(field="title")["repeats_change_id"] == first.row(field="title")["change_id"]


def test_refused_change_with_new_proof_is_asked_again(road: Road) -> None:
    """RVW-4, EXC-1: with other evidence the same wish is judged for itself."""
    first = waiting(road)
    decide(road, first.row(field="title")["change_id"], "reject", "no_evidence")
    other = [{"ref": "profile"}, {"ref": "meeting"}]
    assert road.run(WORLD, title_update("p-2", evidence=other, **UNSEEN)).lane(field="title") != "noop"


def test_refused_change_contests_no_other(road: Road) -> None:
    """OVW-6: what a person said no to is not open any more; before that it makes another value wait."""
    first = waiting(road)
    assert road.rehearse(WORLD, title_update("p-2", "CIO")).lane(field="title") == "review"
    decide(road, first.row(field="title")["change_id"], "reject", "wrong_value")
    assert road.rehearse(WORLD, title_update("p-3", "CIO")).lane(field="title") == "auto"


def test_what_waits_for_a_person_is_open_however_old(road: Road) -> None:
    """OVW-6, RVW-6: an approval that ran out waits again, and so does what came back; what was written does not."""
    change_id = waiting(road).row(field="title")["change_id"]
    later = replace(WORLD, now="2026-03-20T10:00:00Z")
    decide(road, change_id, "approve")
    assert road.rehearse(later, title_update("p-2", "CIO")).lane(field="title") == "review"
    returned = ItemReturned(reason="conflict", approval_sequence=0, note="")
    Ledger.open(road.home).append([returned.about(change_id)], recorded_by="pipeline")
    assert road.rehearse(later, title_update("p-3", "CIO")).lane(field="title") == "review"
    write(road, text_hash("write"), change_id)
    assert road.rehearse(later, title_update("p-4", "CIO")).lane(field="title") == "auto"


def test_written_change_that_was_undone_answers_for_nothing(road: Road) -> None:
    """AUD-4: after an undo the same wish is judged anew, and is no silent noop."""
    change_id = road.run(WORLD, title_update("p-1")).row(field="title")["change_id"]
    write(road, text_hash("write"), change_id)
    assert road.rehearse(WORLD, title_update("p-2")).lane(field="title") == "noop"
    write(road, text_hash("undo"), change_id, undoes=text_hash("write"))
    assert road.rehearse(WORLD, title_update("p-3")).lane(field="title") != "noop"


@pytest.mark.parametrize(("reason", "refuted"), [("wrong_value", 1), ("not_now", 0)])
def test_refused_claim_counts_against_its_source(road: Road, reason: str, refuted: int) -> None:
    """CNF-3: what a person calls wrong was claimed wrongly; a "not now" does not count against it."""
    first = waiting(road)
    decide(road, first.row(field="title")["change_id"], "reject", reason)
    road.rehearse(WORLD, title_update("p-2", "CIO"))
    claims = road.con.execute("select claims, refuted_claims from main.int_claims_recorded").fetchall()
    assert claims == [(1, refuted)]
