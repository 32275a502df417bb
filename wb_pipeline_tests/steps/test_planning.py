"""Which manifest a batch gets: its own for ever, unless it was never sealed and the code is another one now."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from wb_pipeline.canonical import content_hash
from wb_pipeline.home import Home
from wb_pipeline.ledger.breakers import reset_breaker
from wb_pipeline.ledger.kinds import ManifestCommitted, ManifestSuperseded
from wb_pipeline.ledger.kinds_breakers import BreakerOpened
from wb_pipeline.ledger.store import Ledger
from wb_pipeline.steps.planning import Inputs, plan_run
from wb_pipeline_tests.ledger.factories import decisions, seal

A, B, C = (content_hash(name) for name in "ABC")
INPUTS = Inputs(
    snapshot_hash=content_hash("crm"),
    evidence_hash=content_hash("evidence"),
    policy_hash=content_hash("policy"),
    model_hash="",
    code_hash=content_hash("code"),
    clock_at=datetime(2026, 3, 2, 10, tzinfo=UTC),
)
OTHER = replace(INPUTS, policy_hash=content_hash("other policy"), clock_at=datetime(2026, 4, 1, tzinfo=UTC))
OTHER_CODE = replace(OTHER, code_hash=content_hash("other code"))


@pytest.fixture
def ledger(home: Home) -> Ledger:
    """An empty ledger."""
    return Ledger.open(home)


def test_plan_run_puts_all_new_batches_into_one_manifest(ledger: Ledger) -> None:
    """OPS-1: what is decided together is decided by the same inputs, whatever the order in which it was named."""
    plan = plan_run(ledger, [B, A, B], INPUTS)
    (manifest,) = plan.manifests
    assert manifest.batches == tuple(sorted((A, B)))
    assert not plan.is_rerun(manifest)
    assert [event.subject for event in ledger.events(ManifestCommitted.kind)] == [manifest.manifest_id]


def test_plan_run_takes_up_the_manifest_of_a_killed_run(ledger: Ledger) -> None:
    """OPS-4: committed but never sealed: the same manifest again, with the inputs of then, and no event."""
    first = plan_run(ledger, [A, B], INPUTS)
    again = plan_run(ledger, [A], OTHER)
    assert again.manifests == first.manifests
    assert len(ledger.events()) == 1


def test_plan_run_gives_new_batches_new_inputs_beside_old_ones(ledger: Ledger) -> None:
    """OPS-2: one run may hold several manifests, oldest first; each batch keeps its own."""
    (first,) = plan_run(ledger, [A], INPUTS).manifests
    old, new = plan_run(ledger, [C, A], OTHER).manifests
    assert old == first
    assert (new.batches, new.policy_hash) == ((C,), OTHER.policy_hash)


def test_plan_run_supersedes_what_other_code_began_and_never_sealed(ledger: Ledger) -> None:
    """OPS-4, law 4: a manifest names the code that decides; other code gets another one, for all of its batches."""
    (first,) = plan_run(ledger, [A, B], INPUTS).manifests
    (second,) = plan_run(ledger, [A], OTHER_CODE).manifests
    assert second.batches == first.batches
    assert second.code_hash == OTHER_CODE.code_hash
    assert [event.subject for event in ledger.events(ManifestSuperseded.kind)] == [first.manifest_id]


def test_plan_run_keeps_what_is_sealed_whatever_the_code(home: Home, ledger: Ledger) -> None:
    """CON-4: lanes are frozen at the seal: newer code only verifies."""
    (first,) = plan_run(ledger, [A], INPUTS).manifests
    seal(home, ledger, first, decisions(first, A, 3))
    plan = plan_run(ledger, [A], OTHER_CODE)
    assert plan.manifests == (first,)
    assert plan.is_rerun(first)
    assert ledger.events(ManifestSuperseded.kind) == []


def test_plan_run_supersedes_what_was_begun_before_a_breaker_was_reset(ledger: Ledger) -> None:
    """TRG-3: a reset, like an opening, holds for every run that starts after it, also for a killed one taken up."""
    opened = BreakerOpened(manifest_id=content_hash("m"), window="hour", used=2, limit=1)
    ledger.append([opened.about("record:contact:con-1")], recorded_by="pipeline")
    (first,) = plan_run(ledger, [A], INPUTS).manifests
    reset_breaker(ledger, "record:contact:con-1", "Dana Ops", "seen")
    (second,) = plan_run(ledger, [A], INPUTS).manifests
    assert second.ledger_sequence > first.ledger_sequence
    assert [event.subject for event in ledger.events(ManifestSuperseded.kind)] == [first.manifest_id]
