"""Proposals of agents about the made-up CRM: numbered, targeted, with the truth. Their content: proposed_*.py."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from wb_pipeline.synthetic.company_stage import CompanyStage, company_id
from wb_pipeline.synthetic.contact_stage import ContactStage, contact_id
from wb_pipeline.synthetic.proposal import Draft
from wb_pipeline.synthetic.proposed_companies import CompanyProposer
from wb_pipeline.synthetic.proposed_contacts import ContactProposer
from wb_pipeline.synthetic.tables import PROPOSALS, TRUTH_PROPOSALS, table_of
from wb_pipeline.synthetic.world import World

_SOURCES = ("enrichment", "meeting_notes", "email_signature", "call_transcript", "web_form")


def make_proposals(world: World, companies: CompanyStage, people: ContactStage, count: int) -> dict[str, pa.Table]:
    """Return the tables `proposals` and `truth_proposals`, with `count` rows each."""
    drafts = _drafts(world, companies, people, count)
    world.dice.shuffle(drafts)
    records = {"contact": people.records.num_rows, "company": companies.records.num_rows}
    targets = [_target(world, draft, records[draft.kind]) for draft in drafts]
    numbered = list(zip(_ids(count), drafts, targets, strict=True))
    said = (_said(proposal_id, draft, target, world.dice.pick(_SOURCES)) for proposal_id, draft, target in numbered)
    true = (_true(proposal_id, draft, target) for proposal_id, draft, target in numbered)
    return {"proposals": table_of(PROPOSALS, said), "truth_proposals": table_of(TRUTH_PROPOSALS, true)}


def _ids(count: int) -> list[str]:
    return [f"pr_{number:07d}" for number in range(count)]


def _drafts(world: World, companies: CompanyStage, people: ContactStage, count: int) -> list[Draft]:
    """Return `count` drafts. Some cases come in twos, hence the cut at the end."""
    proposers = (CompanyProposer(world, companies), ContactProposer(world, people))
    drafts: list[Draft] = []
    while len(drafts) < count:
        about_company = world.dice.chance(world.rates.company_proposals)
        drafts.extend(proposers[0].draft() if about_company else proposers[1].draft())
    del drafts[count:]
    _mark_ambiguous(drafts, people.truth)
    return drafts


def _target(world: World, draft: Draft, records: int) -> str | None:
    """Return the record that the agent names, None if it names none."""
    dice, rates = world.dice, world.rates
    if not dice.chance(rates.target_given):
        return None
    if draft.record_ids and not dice.chance(rates.target_wrong):
        return dice.pick(draft.record_ids)
    if not draft.record_ids and not dice.chance(rates.target_wrong * 2):
        return None
    if draft.trap_ids and dice.chance(0.7):
        return dice.pick(draft.trap_ids)
    numbered = contact_id if draft.kind == "contact" else company_id
    return numbered(dice.below(records))


def _said(proposal_id: str, draft: Draft, target: str | None, source: str) -> list[Any]:
    own = {"proposal_id": proposal_id, "kind": draft.kind, "source": source, "ai_target_id": target}
    return [own[name] if name in own else draft.values.get(name) for name in PROPOSALS.names]


def _true(proposal_id: str, draft: Draft, target: str | None) -> tuple[Any, ...]:
    is_wrong = target is not None and target not in draft.record_ids
    return (
        proposal_id, draft.kind, draft.entity_id, bool(draft.record_ids), draft.record_ids, draft.case, draft.variants,
        draft.is_ambiguous, draft.trap_ids, is_wrong, draft.lookalikes,
    )  # fmt: skip


def _mark_ambiguous(drafts: Iterable[Draft], truth: pa.Table) -> None:
    """Mark the drafts that say no more than a name which several people in the CRM bear."""
    by_name = _bearers(truth, ["t_first", "t_last"])
    by_name_and_firm = _bearers(truth, ["t_first", "t_last", "t_company_entity"])
    for draft in drafts:
        if draft.case == "name_only" and draft.kind == "contact":
            draft.is_ambiguous = draft.name_key[:2] in by_name
        if draft.case == "name_company_only":
            draft.is_ambiguous = draft.name_key in by_name_and_firm


def _bearers(truth: pa.Table, keys: list[str]) -> set[tuple[str, ...]]:
    """Return the keys that more than one entity has."""
    counted = truth.group_by(keys).aggregate([("entity_id", "count_distinct")])
    several = counted.filter(pc.greater(counted["entity_id_count_distinct"], 1))
    return set(zip(*(several[key].to_pylist() for key in keys), strict=True))
