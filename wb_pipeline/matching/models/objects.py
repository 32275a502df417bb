"""The two models, contact and company: comparisons, blocking rules, and Splink's settings made of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from wb_pipeline.matching.models import (
    company_blocking,
    company_comparisons,
    company_terms,
    contact_blocking,
    contact_comparisons,
    contact_terms,
)
from wb_pipeline.matching.models.blocking_rule import BlockingRule
from wb_pipeline.matching.models.comparison import Comparison
from wb_pipeline.matching.models.term import Term


@dataclass(frozen=True, slots=True)
class Model:
    """What is compared, which pairs, and what the second stage looks at."""

    comparisons: tuple[Comparison, ...]
    rules: tuple[BlockingRule, ...]
    terms: tuple[Term, ...]

    @property
    def frequency_columns(self) -> list[str]:
        """Columns whose term frequencies weigh an agreement."""
        levels = (level for comparison in self.comparisons for level in comparison.levels)
        return sorted({level.frequency_of for level in levels if level.frequency_of})

    def settings(self) -> dict[str, Any]:
        """Return Splink's settings, untrained: fresh at each call, as Splink changes what it is given."""
        return {
            "link_type": "dedupe_only",
            "unique_id_column_name": "record_number",
            "comparisons": [comparison.to_splink() for comparison in self.comparisons],
            # Pairs come from `matching.blocking`, with caps and counts; Splink is never asked to block.
            "blocking_rules_to_generate_predictions": ["l.record_number = r.record_number"],
            # The levels on which a pair fell come with the matching columns; `matching.link` keeps what is needed.
            "retain_matching_columns": True,
            "retain_intermediate_calculation_columns": True,
            "max_iterations": 20,
        }


MODELS = {
    "contact": Model(contact_comparisons.COMPARISONS, contact_blocking.RULES, contact_terms.TERMS),
    "company": Model(company_comparisons.COMPARISONS, company_blocking.RULES, company_terms.TERMS),
}
