"""Rows of the policy tables about matching and merging. Other tables: `table_rows`, `table_rows_people`."""

from __future__ import annotations

from collections.abc import Iterator

from wb_pipeline.policy.expanded import matching_sections
from wb_pipeline.policy.models import PolicyDocument
from wb_pipeline.policy.models_matching import MatchingOfObject
from wb_pipeline.policy.table_rows import Row
from wb_pipeline.policy.vocabulary import ANY


def matching_costs(document: PolicyDocument) -> Iterator[Row]:
    """Yield (object, review_cost, wrong_match_cost, duplicate_cost, least_match_probability, merge_candidate_from)."""
    for name, section in _by_object(document):
        costs = (float(section.review), float(section.wrong_match), float(section.duplicate))
        yield (name, *costs, float(section.least_match_probability), float(section.merge_candidate_from))


def survivorship_rules(document: PolicyDocument) -> Iterator[Row]:
    """Yield (object, field, position, rule); a field without rows of its own goes by those of '*'."""
    for name, section in _by_object(document):
        for field, rules in {ANY: section.survivorship.default, **section.survivorship.fields}.items():
            for position, rule in enumerate(rules, start=1):
                yield (name, field, position, rule)


def _by_object(document: PolicyDocument) -> Iterator[tuple[str, MatchingOfObject]]:
    for owner, section in matching_sections(document):
        for name in ("contact", "lead") if owner == "contact" else (owner,):
            yield name, section
