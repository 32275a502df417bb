"""What every proposal of the load test is made of. The kinds are in `road_updates` and its neighbours."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random

    from wb_pipeline.benchmarks import road_words as words
    from wb_pipeline.benchmarks.road_crm import Json, Shape

BATCH_LABEL = "road"
_START = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
_CITED, _CITED_BUT_MISSING = 0.93, 0.97


@dataclass(frozen=True)
class Draft:
    """What one maker made: proposals that belong together, and the evidence items they cite."""

    proposals: list[Json]
    evidence: list[Json] = field(default_factory=list)


@dataclass
class Maker:
    """What the makers share: the CRM's shape, the one source of chance, how long calls are, and a running number."""

    shape: Shape
    chance: random.Random
    transcript_turns: int = 0
    number: int = 0

    def start(self) -> int:
        """Return the number of the next draft; ids of proposals and evidence are made of it."""
        self.number += 1
        return self.number

    def contact_number(self) -> int:
        """Return a contact by chance."""
        return self.chance.randrange(self.shape.contacts)

    def confidence(self) -> float:
        """Return a claim as agents make it: mostly high, some middling, few low."""
        low, high = self.chance.choices(((80, 99), (50, 79), (5, 49)), weights=(80, 14, 6))[0]
        return self.chance.randint(low * 10, high * 10) / 10


def proposal(maker: Maker, number: int, agent: words.Agent, action: str, object_name: str) -> Json:
    """Return what all proposals have in common; target, changes or payload, and reason are added by the caller."""
    submitted = _START + timedelta(seconds=number % 10_000)
    return {
        "proposal_id": f"p-{number:07d}",
        "batch_id": BATCH_LABEL,
        "submitted_at": submitted.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "idempotency_key": f"k-{number:07d}",
        "actor": {"type": agent.actor_type, "id": agent.actor_id, "model": agent.model},
        "action": action,
        "object": object_name,
        "read_at": (submitted - timedelta(minutes=5)).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "confidence": maker.confidence(),
        "source": agent.source,
        "evidence": [],
    }


def change(name: str, value: object, seen: object) -> Json:
    """Return one change of an update."""
    return {"field": name, "op": "set", "value": value, "seen": seen}


def cite(maker: Maker, proposal: Json, items: list[Json]) -> list[Json]:
    """Cite the items in most proposals; else cite what does not exist, or nothing. Return the items to be stored."""
    lot = maker.chance.random()
    if lot < _CITED:
        proposal["evidence"] = [{"ref": item["id"]} for item in items]
        return items
    if lot < _CITED_BUT_MISSING:
        proposal["evidence"] = [{"ref": f"ev-missing-{proposal['proposal_id']}"}]
    return []


def update(
    maker: Maker,
    agent: words.Agent,
    target: tuple[str, str],
    *,
    changes: list[Json],
    evidence: list[Json],
    why: str,
) -> Draft:
    """Return an update of one record, `target` being its object and id, that cites `evidence`."""
    object_name, record_id = target
    made = proposal(maker, maker.number, agent, "update", object_name)
    made |= {"target": {"id": record_id}, "changes": changes, "rationale": why}
    return Draft([made], cite(maker, made, evidence))
