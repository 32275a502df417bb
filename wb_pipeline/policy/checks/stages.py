"""The order of a deal's stages, and the stages and personas for which sequences are: all in the picklists (FLD-5)."""

from __future__ import annotations

from collections.abc import Iterator

from wb_pipeline.policy.expanded import picklists
from wb_pipeline.policy.findings import Finding, KeyPath, did_you_mean
from wb_pipeline.policy.models import PolicyDocument

NO_VALUE = "none"


def check_stages(document: PolicyDocument) -> list[Finding]:
    """Return stages and personas that no picklist has, stages that stand twice, and stages without a place."""
    return [*_order(document), *_sequences(document), *_audiences(document)]


def _order(document: PolicyDocument) -> Iterator[Finding]:
    deals, stages = document.deals, picklists(document).get(("deal", "stage"), [])
    placed: set[str] = set()
    for key, listed in (("stage_order", deals.stage_order), ("lost_stages", deals.lost_stages)):
        yield from _values(("deals", key), listed, stages)
        for index, stage in enumerate(listed):
            if stage in placed:
                yield Finding(("deals", key, index), f"{stage} stands twice")
            placed.add(stage)
    if missing := [stage for stage in stages if stage not in placed]:
        words = f"{', '.join(missing)} has no place"
        yield Finding(("deals", "stage_order"), words, "HIA-1: every stage is in the order, or lost")


def _sequences(document: PolicyDocument) -> Iterator[Finding]:
    stages, lists = document.triggers.sequence_stages, picklists(document)
    for name, field, listed in (
        ("contact", "lifecycle_stage", stages.contact),
        ("lead", "lifecycle_stage", stages.lead),
        ("deal", "stage", stages.deal),
    ):
        yield from _values(("triggers", "sequence_stages", name), listed, [NO_VALUE, *lists.get((name, field), [])])


def _audiences(document: PolicyDocument) -> Iterator[Finding]:
    workflows, lists = document.triggers.workflows, picklists(document)
    stages = [NO_VALUE, *lists.get(("contact", "lifecycle_stage"), []), *lists.get(("deal", "stage"), [])]
    for workflow, audience in {} if isinstance(workflows, str) else workflows.items():
        yield from _values(
            ("triggers", "workflows", workflow, "personas"), audience.personas, lists.get(("contact", "persona"), [])
        )
        yield from _values(("triggers", "workflows", workflow, "stages"), audience.stages, stages)


def _values(path: KeyPath, listed: list[str], known: list[str]) -> Iterator[Finding]:
    for index, value in enumerate(listed):
        if value not in known:
            yield Finding((*path, index), f"{value!r} is not in the picklist", did_you_mean(value, known))
