"""Rows of the policy tables about fields, actions and values. Evidence, sources and people: `table_rows_people`."""

from __future__ import annotations

from collections.abc import Iterator

from wb_pipeline.policy.expanded import (
    field_entries,
    format_entries,
    granted_actions,
    high_impact_fields,
    inherited,
    marked_fields,
    owners,
    picklists,
    suggestion_fields,
)
from wb_pipeline.policy.models import PolicyDocument
from wb_pipeline.policy.vocabulary import OBJECTS

Row = tuple[object, ...]


def settings(document: PolicyDocument) -> Iterator[Row]:
    """Yield the one row of settings."""
    bands, deals, limits, triggers = document.confidence, document.deals, document.limits, document.triggers
    yield (
        bands.auto_from,
        bands.suggest_from,
        float(deals.review_above),
        deals.currency,
        limits.clock_tolerance_minutes,
        limits.snapshot_max_age_hours,
        limits.human_shield_days,
        limits.flapping_window_days,
        limits.pending_expires_days,
        limits.approval_expires_days,
        limits.review_due_hours,
        limits.note_max_characters,
        triggers.max_depth,
        triggers.again_after_hours,
        deals.stages_at_once,
        triggers.writes_per_actor_per_hour,
        triggers.writes_per_actor_per_day,
        triggers.writes_per_workflow_per_hour,
        triggers.writes_per_workflow_per_day,
        triggers.writes_per_record_per_hour,
        bands.least_record,
        document.notifications.fallback,
        document.evidence.most_records_per_item,
        document.evidence.most_stage_changes_per_item,
    )


def fields(document: PolicyDocument) -> Iterator[Row]:
    """Yield (object, action, field, class, is_required, suggestion_field, is_append_only, is_high_impact)."""
    required, append_only = marked_fields(document, "required"), marked_fields(document, "append_only")
    suggestions, high_impact = suggestion_fields(document), high_impact_fields(document)
    for entry in field_entries(document):
        key = (entry.object, entry.action, entry.field)
        # A suggestion is about a value that stands: a create has no record yet whose suggested field it could fill.
        suggestion = suggestions.get((entry.object, entry.field)) if entry.action == "update" else None
        marks = (key in append_only, (entry.object, entry.field) in high_impact)
        yield (*key, entry.field_class, key in required, suggestion, *marks)


def unlocks(document: PolicyDocument) -> Iterator[Row]:
    """Yield (object, action, field, kind, class); a lead inherits the contact's."""
    for unlock in document.unlocks:
        for name in OBJECTS:
            if unlock.object in owners(document, name):
                yield (name, unlock.action, unlock.field, unlock.kind, unlock.field_class)


def field_formats(document: PolicyDocument) -> Iterator[Row]:
    """Yield (object, field, format, max_length)."""
    for entry in format_entries(document):
        yield (entry.object, entry.field, entry.format, entry.max_length)


def actions(document: PolicyDocument) -> Iterator[Row]:
    """Yield (object, action, class, is_high_impact)."""
    for (name, action), granted in granted_actions(document).items():
        yield (name, action, granted, action in document.high_impact.actions)


def picklist_values(document: PolicyDocument) -> Iterator[Row]:
    """Yield (object, field, value)."""
    for (name, field), values in picklists(document).items():
        for value in values:
            yield (name, field, value)


def picklist_mappings(document: PolicyDocument) -> Iterator[Row]:
    """Yield (object, field, word, value)."""
    section = {str(key): value for key, value in document.picklist_mappings.items()}
    for name, _, by_field in inherited(document, section):
        for field, words in by_field.items():
            for word, value in words.items():
                yield (name, field, word, value)


def field_aliases(document: PolicyDocument) -> Iterator[Row]:
    """Yield (object, alias, field)."""
    section = {str(key): value for key, value in document.aliases.items()}
    for name, _, by_field in inherited(document, section):
        for field, aliases in by_field.items():
            for alias in aliases:
                yield (name, alias, field)


def exchange_rates(document: PolicyDocument) -> Iterator[Row]:
    """Yield (currency, rate), the policy's own currency at 1."""
    yield (document.deals.currency, 1.0)
    yield from document.deals.exchange_rates.items()


def gates(document: PolicyDocument) -> Iterator[Row]:
    """Yield (gate, verdict)."""
    yield from document.gates.items()
