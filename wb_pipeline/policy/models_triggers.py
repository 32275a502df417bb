"""The policy's section about starting workflows. What a chain or a burst is: `facts`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from wb_pipeline.policy.section import Identifier, Section
from wb_pipeline.policy.value_types import Count, Country, Word


class Audience(Section):
    """For whom a workflow may be started: personas, and stages beside those of `sequence_stages` (TRG-1)."""

    personas: list[Word]
    stages: list[Word]


class SequenceStages(Section):
    """Stages of a record in which a sequence may be started."""

    contact: list[Word]
    lead: list[Word]
    deal: list[Word]


class Triggers(Section):
    """Who may be put into a sequence (TRG-1), where a chain is cut (TRG-2) and a burst is held (TRG-3)."""

    max_depth: Annotated[int, Field(ge=1, le=20)]
    again_after_hours: Count
    workflows: Literal["as_recorded"] | dict[Identifier, Audience]
    sequence_stages: SequenceStages
    no_basis_needed_in: list[Country]
    writes_per_actor_per_hour: Count
    writes_per_actor_per_day: Count
    writes_per_workflow_per_hour: Count
    writes_per_workflow_per_day: Count
    writes_per_record_per_hour: Count
