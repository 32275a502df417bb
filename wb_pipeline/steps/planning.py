"""Which manifests a run decides: reruns keep theirs, what is new shares one (law 4). Nothing is judged here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from wb_pipeline.ledger.breakers import breaker_events
from wb_pipeline.ledger.manifests import Manifest, commit_manifest, manifests_of_batches, sealed_batches, supersede
from wb_pipeline.ledger.store import Ledger
from wb_pipeline.ledger.switches import actor_switches


@dataclass(frozen=True)
class Inputs:
    """What a new manifest is judged against: hashes of snapshot, evidence, policy, model and code, and the clock."""

    snapshot_hash: str
    evidence_hash: str
    policy_hash: str
    model_hash: str
    code_hash: str
    clock_at: datetime


@dataclass(frozen=True)
class Plan:
    """The manifests of one run. `is_rerun` says which of them are sealed already and are only verified."""

    manifests: tuple[Manifest, ...]
    sealed_ids: frozenset[str]

    def is_rerun(self, manifest: Manifest) -> bool:
        """Tell whether the manifest's decisions are on the books already."""
        return manifest.manifest_id in self.sealed_ids


def plan_run(ledger: Ledger, batch_keys: Iterable[str], inputs: Inputs) -> Plan:
    """Commit what is missing and return the manifests that hold the given batches, oldest first.

    A manifest that was committed but never sealed (a run was killed) is taken up again, unless the code is another or
    an actor or a breaker was switched since: then it is superseded, because a switch holds for every run that starts
    after it.
    """
    asked = set(batch_keys)
    sealed = {batch.seal.manifest_id for batch in sealed_batches(ledger)}
    standing = {key: manifest for key, manifest in manifests_of_batches(ledger).items() if key in asked}
    switched = [switch.sequence for switch in actor_switches(ledger)]
    last_switch = max([*switched, *(event.sequence for event in breaker_events(ledger))], default=0)
    outdated = {
        manifest.manifest_id: manifest
        for manifest in standing.values()
        if manifest.manifest_id not in sealed
        and (manifest.code_hash != inputs.code_hash or manifest.ledger_sequence < last_switch)
    }
    kept = {m.manifest_id: m for m in standing.values() if m.manifest_id not in outdated}
    for manifest_id in sorted(outdated):
        supersede(
            ledger,
            manifest_id,
            reason="the code changed, or an actor or a breaker was switched, before it was sealed",
            recorded_by="pipeline",
        )
    fresh_keys = asked - set(standing) | {key for m in outdated.values() for key in m.batches}
    fresh = [_commit_fresh(ledger, fresh_keys, inputs)] if fresh_keys else []
    ordered = sorted(kept.values(), key=lambda manifest: (manifest.ledger_sequence, manifest.manifest_id))
    return Plan((*ordered, *fresh), frozenset(sealed))


def _commit_fresh(ledger: Ledger, batch_keys: Iterable[str], inputs: Inputs) -> Manifest:
    head = ledger.head()
    manifest = Manifest(
        batches=tuple(sorted(batch_keys)),
        snapshot_hash=inputs.snapshot_hash,
        evidence_hash=inputs.evidence_hash,
        policy_hash=inputs.policy_hash,
        model_hash=inputs.model_hash,
        code_hash=inputs.code_hash,
        ledger_sequence=head.sequence,
        ledger_head=head.event_hash,
        clock_at=inputs.clock_at,
    )
    commit_manifest(ledger, manifest)
    return manifest
