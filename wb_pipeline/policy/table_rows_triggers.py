"""Rows of the policy tables about stages and sequences. Other tables: `table_rows` and its neighbours."""

from __future__ import annotations

from collections.abc import Iterator

from wb_pipeline.policy.models import PolicyDocument
from wb_pipeline.policy.table_rows import Row
from wb_pipeline.policy.vocabulary import ANY


def deal_stages(document: PolicyDocument) -> Iterator[Row]:
    """Yield (stage, position, is_closed): the last of the order and every lost one are closed."""
    order = document.deals.stage_order
    for position, stage in enumerate(order, start=1):
        yield (stage, position, position == len(order))
    for stage in document.deals.lost_stages:
        yield (stage, 0, True)


def workflow_audiences(document: PolicyDocument) -> Iterator[Row]:
    """Yield (workflow_id, kind, value). A workflow without rows is started for nobody."""
    workflows = document.triggers.workflows
    if isinstance(workflows, str):
        yield (ANY, "persona", ANY)
        yield (ANY, "stage", ANY)
        return
    for workflow, audience in workflows.items():
        for kind, values in (("persona", audience.personas), ("stage", audience.stages)):
            for value in dict.fromkeys(values):
                yield (workflow, kind, value)


def sequence_stages(document: PolicyDocument) -> Iterator[Row]:
    """Yield (object, stage)."""
    for name, stages in document.triggers.sequence_stages.model_dump().items():
        for stage in dict.fromkeys(stages):
            yield (name, stage)


def basis_free_countries(document: PolicyDocument) -> Iterator[Row]:
    """Yield (country,)."""
    for country in dict.fromkeys(document.triggers.no_basis_needed_in):
        yield (country,)
