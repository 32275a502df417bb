"""The policy's section about who is meant and what is a duplicate. Its bounds against each other: `checks.matching`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from wb_pipeline.policy.section import FieldName, Section
from wb_pipeline.policy.vocabulary import SurvivorshipRule

# In reviews. A cost above this is a slip of the hand: no error costs a working year of looking.
Cost = Annotated[float, Field(gt=0, le=10_000)]
Rules = Annotated[list[SurvivorshipRule], Field(min_length=1)]


class Survivorship(Section):
    """From which record of a merge each field's value comes: the first rule that tells the values apart decides."""

    default: Rules
    fields: dict[FieldName, Rules]


class MatchingOfObject(Section):
    """What errors cost (IDN-2, IDN-3), in the same unit, and from which probability (0 to 1) something may happen."""

    review: Cost
    wrong_match: Cost
    duplicate: Cost
    least_match_probability: Annotated[float, Field(ge=0.9, le=1)]
    merge_candidate_from: Annotated[float, Field(ge=0.5, le=1)]
    survivorship: Survivorship


class Matching(Section):
    """Matching of contacts, which holds for leads too, and of companies."""

    contact: MatchingOfObject
    company: MatchingOfObject
