"""The policy tables: columns and types. No rows here.

Every table starts with `policy_hash`; its grain is that and what the comment names first.
"""

from __future__ import annotations

TEXT, NUMBER, WHOLE, FLAG = "string", "double", "int64", "bool"
Columns = tuple[tuple[str, str], ...]

TABLE_COLUMNS: dict[str, Columns] = {
    # One row. Durations in the unit of the name; deal_threshold in deal_currency.
    "settings": (
        ("auto_confidence_from", NUMBER),
        ("suggest_confidence_from", NUMBER),
        ("deal_threshold", NUMBER),
        ("deal_currency", TEXT),
        ("clock_tolerance_minutes", WHOLE),
        ("snapshot_max_age_hours", WHOLE),
        ("human_shield_days", WHOLE),
        ("flapping_window_days", WHOLE),
        ("pending_expires_days", WHOLE),
        ("approval_expires_days", WHOLE),
        ("review_due_hours", WHOLE),
        ("note_max_characters", WHOLE),
        ("trigger_max_depth", WHOLE),
        ("trigger_again_after_hours", WHOLE),
        ("stages_at_once", WHOLE),
        ("writes_per_actor_per_hour", WHOLE),
        ("writes_per_actor_per_day", WHOLE),
        ("writes_per_workflow_per_hour", WHOLE),
        ("writes_per_workflow_per_day", WHOLE),
        ("writes_per_record_per_hour", WHOLE),
        ("least_confidence_record", WHOLE),
        ("fallback_route", TEXT),
        ("most_records_per_item", WHOLE),
        ("most_stage_changes_per_item", WHOLE),
    ),
    # object, action, field. Only classed fields; suggestion_field NULL = none.
    "fields": (
        ("object", TEXT),
        ("action", TEXT),
        ("field", TEXT),
        ("class", TEXT),
        ("is_required", FLAG),
        ("suggestion_field", TEXT),
        ("is_append_only", FLAG),
        ("is_high_impact", FLAG),
    ),
    # object, action, field, kind: the class while evidence of the kind is held.
    "unlocks": (("object", TEXT), ("action", TEXT), ("field", TEXT), ("kind", TEXT), ("class", TEXT)),
    # object, field: every known field. max_length in characters (of a list's item); NULL = the format's own limit.
    "field_formats": (("object", TEXT), ("field", TEXT), ("format", TEXT), ("max_length", WHOLE)),
    # object, action: only what is granted.
    "actions": (("object", TEXT), ("action", TEXT), ("class", TEXT), ("is_high_impact", FLAG)),
    # actor.
    "actors": (("actor_id", TEXT), ("actor_type", TEXT), ("status", TEXT)),
    # actor, object, action, field; '*' = any.
    "actor_rights": (("actor_id", TEXT), ("object", TEXT), ("action", TEXT), ("field", TEXT)),
    # source.
    "sources": (("source", TEXT), ("status", TEXT)),
    # source, object, action, field; '*' = any. A suspended source has none.
    "source_rights": (("source", TEXT), ("object", TEXT), ("action", TEXT), ("field", TEXT)),
    # object, field, source; rank 1 = strongest, equal ranks do not beat each other.
    "source_precedence": (("object", TEXT), ("field", TEXT), ("source", TEXT), ("rank", WHOLE)),
    # gate.
    "gates": (("gate", TEXT), ("verdict", TEXT)),
    # kind, evidence_type, evidence_state; NULL = any state. Derived kinds are not listed.
    "evidence_kinds": (("kind", TEXT), ("evidence_type", TEXT), ("evidence_state", TEXT), ("max_age_days", WHOLE)),
    # sign (of a buyer or in a deal's papers), stage that it is enough for.
    "stage_signs": (("sign", TEXT), ("stage", TEXT)),
    # evidence_type, evidence_state: proves nothing.
    "evidence_void_states": (("evidence_type", TEXT), ("evidence_state", TEXT)),
    # requirement, object, action, field ('*' = the action row), alternative_group, kind ('none' = always held).
    # condition_field NULL = always asked, else only where the proposal's field has condition_value.
    # because = why nothing is needed.
    "evidence_requirements": (
        ("requirement", TEXT),
        ("object", TEXT),
        ("action", TEXT),
        ("field", TEXT),
        ("alternative_group", WHOLE),
        ("kind", TEXT),
        ("condition_field", TEXT),
        ("condition_value", TEXT),
        ("because", TEXT),
    ),
    # object, field, value.
    "picklists": (("object", TEXT), ("field", TEXT), ("value", TEXT)),
    # object, field, word.
    "picklist_mappings": (("object", TEXT), ("field", TEXT), ("word", TEXT), ("value", TEXT)),
    # stage; position from 1, 0 = outside the order.
    "deal_stages": (("stage", TEXT), ("position", WHOLE), ("is_closed", FLAG)),
    # workflow ('*' = any), kind ('persona', 'stage'), value ('*' = those on the workflow's record, for a persona).
    "workflow_audiences": (("workflow_id", TEXT), ("kind", TEXT), ("value", TEXT)),
    # object, stage; 'none' = the record says nothing.
    "sequence_stages": (("object", TEXT), ("stage", TEXT)),
    # country (two letters; 'none' = unknown) in which no lawful basis is needed.
    "basis_free_countries": (("country", TEXT),),
    # currency; units of deal_currency for one unit; deal_currency itself is 1.
    "exchange_rates": (("currency", TEXT), ("rate", NUMBER)),
    # object, alias.
    "field_aliases": (("object", TEXT), ("alias", TEXT), ("field", TEXT)),
    # kind ('own', 'personal', 'disposable'), domain; built-in ones included.
    "mail_domains": (("kind", TEXT), ("domain", TEXT)),
    # alias_domain.
    "domain_aliases": (("alias_domain", TEXT), ("domain", TEXT)),
    # object (contact, lead, company). Costs in one unit; probabilities from 0 to 1.
    "matching_costs": (
        ("object", TEXT),
        ("review_cost", NUMBER),
        ("wrong_match_cost", NUMBER),
        ("duplicate_cost", NUMBER),
        ("least_match_probability", NUMBER),
        ("merge_candidate_from", NUMBER),
    ),
    # object, field ('*' = every field without rows of its own), position (1 = asked first).
    "survivorship_rules": (("object", TEXT), ("field", TEXT), ("position", WHOLE), ("rule", TEXT)),
    # reviewer; deal_amount_up_to in deal_currency, NULL = any.
    "reviewers": (("reviewer_id", TEXT), ("deputy_id", TEXT), ("deal_amount_up_to", NUMBER)),
    # reviewer, object, action, field; '*' = any.
    "reviewer_rights": (("reviewer_id", TEXT), ("object", TEXT), ("action", TEXT), ("field", TEXT)),
    # event; route = 'owner', 'fallback' or an email address.
    "notification_routes": (("event", TEXT), ("route", TEXT)),
}
