"""Source precedence as (object, field, steps); a step holds the sources that do not beat each other."""

from __future__ import annotations

from collections.abc import Iterator

from wb_pipeline.policy.expanded import inherited
from wb_pipeline.policy.models import PolicyDocument
from wb_pipeline.policy.models_people import Precedence


def steps(group: Precedence) -> list[list[str]]:
    """Return a group's sources, strongest step first."""
    return [step if isinstance(step, list) else [step] for step in group.strongest_first]


def ranked_fields(document: PolicyDocument) -> Iterator[tuple[str, str, Precedence]]:
    """Yield (object, field, its group), inherited fields included."""
    for group in document.source_precedence:
        section = {str(key): value for key, value in group.fields.items()}
        for name, _, fields in inherited(document, section):
            for field in fields:
                yield name, field, group
