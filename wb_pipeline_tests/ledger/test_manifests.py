"""Manifests, actor switches and attempts: what is committed once, what is looked up."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from wb_pipeline.errors import AuditError, InputError
from wb_pipeline.home import Home
from wb_pipeline.ledger.attempts import attempts, finish_attempt, start_attempt
from wb_pipeline.ledger.manifests import (
    Manifest,
    commit_manifest,
    manifest_of_batch,
    manifests_of_batches,
    sealed_batches,
    supersede,
)
from wb_pipeline.ledger.store import Ledger
from wb_pipeline.ledger.switches import actor_switches, switch_actor
from wb_pipeline_tests.ledger.factories import batch_key, decisions, manifest, seal

A, B, C = (batch_key(label) for label in "abc")


def test_manifest_id_ignores_batch_order_and_zone_but_nothing_else() -> None:
    """OPS-2: equal inputs, equal manifest; any other input, another one."""
    made = manifest(A, B)
    in_berlin = made.clock_at.astimezone(timezone(timedelta(hours=1)))
    assert replace(made, batches=(B, A), clock_at=in_berlin).manifest_id == made.manifest_id
    changed = {
        "batches": (A,),
        "snapshot_hash": "x",
        "evidence_hash": "x",
        "policy_hash": "x",
        "model_hash": "x",
        "code_hash": "x",
        "ledger_sequence": 1,
        "ledger_head": "a" * 64,
        "clock_at": datetime(2027, 1, 1, tzinfo=UTC),
    }
    ids = {replace(made, **{name: value}).manifest_id for name, value in changed.items()}  # type: ignore[arg-type]
    assert len(ids | {made.manifest_id}) == len(changed) + 1


def test_commit_manifest_adds_one_event_when_called_twice(ledger: Ledger) -> None:
    """OPS-4: a rerun reuses the manifest, and finds it by its batch."""
    made = manifest(A, B, ledger=ledger)
    first = commit_manifest(ledger, made)
    assert commit_manifest(ledger, made) == first
    assert first.subject == made.manifest_id
    assert manifest_of_batch(ledger, B) == Manifest.from_event(first)
    assert manifest_of_batch(ledger, B).manifest_id == made.manifest_id  # type: ignore[union-attr]
    assert manifest_of_batch(ledger, C) is None


def test_commit_manifest_refuses_when_a_batch_belongs_to_another(ledger: Ledger) -> None:
    """OPS-4: no batch is decided under two manifests at once."""
    commit_manifest(ledger, manifest(A, ledger=ledger))
    with pytest.raises(AuditError, match="already belongs"):
        commit_manifest(ledger, manifest(A, B, ledger=ledger))


def test_commit_manifest_refuses_when_the_head_is_not_on_the_chain(ledger: Ledger) -> None:
    """OPS-2: earlier state is a place on this very chain."""
    for wrong in ((0, "a" * 64), (7, "0" * 64)):
        with pytest.raises(AuditError, match="never stood"):
            commit_manifest(ledger, replace(manifest(A), ledger_sequence=wrong[0], ledger_head=wrong[1]))


def test_supersede_frees_the_batches_when_nothing_is_sealed(ledger: Ledger) -> None:
    """RVW-4: superseded, never edited; twice is once."""
    old = manifest(A, B, ledger=ledger)
    commit_manifest(ledger, old)
    supersede(ledger, old.manifest_id, reason="code changed", recorded_by="ana")
    supersede(ledger, old.manifest_id, reason="code changed", recorded_by="ana")
    new = manifest(A, ledger=ledger)
    commit_manifest(ledger, new)
    assert {key: found.manifest_id for key, found in manifests_of_batches(ledger).items()} == {A: new.manifest_id}
    assert len(ledger.events()) == 3


def test_supersede_refuses_when_the_manifest_is_sealed_or_unknown(home: Home, ledger: Ledger) -> None:
    """AUD-2: lanes are frozen at the seal."""
    made = manifest(A, ledger=ledger)
    commit_manifest(ledger, made)
    seal(home, ledger, made, decisions(made, A, 1))
    with pytest.raises(AuditError, match="sealed"):
        supersede(ledger, made.manifest_id, reason="x", recorded_by="ana")
    with pytest.raises(AuditError, match="no manifest"):
        supersede(ledger, "f" * 64, reason="x", recorded_by="ana")


def test_sealed_batches_returns_earlier_state_when_a_sequence_is_given(home: Home, ledger: Ledger) -> None:
    """OPS-2: deleting or adding later events changes nothing for a run that stands before them."""
    for key in (A, B):
        made = manifest(key, ledger=ledger)
        commit_manifest(ledger, made)
        seal(home, ledger, made, decisions(made, key, 1))
    found = sealed_batches(ledger)
    assert [batch.seal.batch_key for batch in found] == [A, B]
    assert sealed_batches(ledger, up_to_sequence=found[1].sealed_sequence - 1) == found[:1]


def test_actor_switches_returns_what_was_known_at_a_sequence(ledger: Ledger) -> None:
    """FLD-7: off and on again, each with who and why."""
    switch_actor(ledger, "agent-1", False, "ana", "writes rubbish")
    switch_actor(ledger, "agent-1", True, "bo", "mended")
    assert [(s.is_on, s.switched_by, s.reason) for s in actor_switches(ledger)] == [
        (False, "ana", "writes rubbish"),
        (True, "bo", "mended"),
    ]
    assert [s.is_on for s in actor_switches(ledger, 1)] == [False]


@pytest.mark.parametrize("given", [("", "ana", "why"), ("a", " ", "why"), ("a", "ana", "")])
def test_switch_actor_refuses_without_actor_person_or_reason(ledger: Ledger, given: tuple[str, str, str]) -> None:
    """FLD-7: no silent default user in an audit trail."""
    with pytest.raises(InputError):
        switch_actor(ledger, given[0], False, given[1], given[2])


def test_attempts_keep_start_and_end_beside_the_chain(ledger: Ledger) -> None:
    """OPS-4: a rerun shows, yet leaves the chain as it is."""
    start_attempt(ledger, "run-1")
    finish_attempt(ledger, "run-1", "verified", manifest_id="m", note="again")
    found = attempts(ledger)
    assert [(a.run_id, a.outcome, a.started_at is None) for a in found] == [
        ("run-1", None, False),
        ("run-1", "verified", True),
    ]
    assert ledger.events() == []
