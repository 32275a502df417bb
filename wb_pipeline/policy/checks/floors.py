"""What no policy may loosen: people decide high-impact changes (HIA-1); identity and origin stay (FLD-3, FLD-4)."""

from __future__ import annotations

from wb_pipeline.policy.expanded import (
    FieldEntry,
    field_entries,
    granted_actions,
    high_impact_fields,
    known_fields,
    marked_fields,
    owners,
)
from wb_pipeline.policy.findings import Finding, KeyPath
from wb_pipeline.policy.models import PolicyDocument

HIGH_IMPACT_FIELDS = frozenset(
    {
        "owner",
        "account_owner",
        "stage",
        "forecast_category",
        "do_not_contact",
        "email_opt_out",
        "lawful_basis",
        "consent_at",
    }
)
HIGH_IMPACT_ACTIONS = ("merge",)
IDENTIFIERS = frozenset({"email", "domain", "additional_domains", "external_id"})
APPEND_ONLY = frozenset({"lead_source"})
COMPUTED = frozenset({"amount"})
# Without these a record can neither be told from another nor filed where it belongs.
REQUIRED: dict[tuple[str, str], tuple[str, ...]] = {
    ("contact", "create"): ("email",),
    ("lead", "create"): ("email",),
    ("company", "create"): ("name", "domain"),
    ("deal", "create"): ("name", "company_id"),
    ("activity", "log"): ("activity_type",),
}


def check_floors(document: PolicyDocument) -> list[Finding]:
    """Return where the policy asks for less than the guardrails do."""
    per_field = [finding for entry in field_entries(document) for finding in _field(document, entry)]
    return [*_listed(document), *_actions(document), *per_field, *_required(document), *_identifiers_opened(document)]


def _listed(document: PolicyDocument) -> list[Finding]:
    """Every known field of HIA-1 stands in high_impact.fields."""
    listed = high_impact_fields(document)
    findings = []
    for name, fields in known_fields(document).items():
        missing = sorted(field for field in fields & HIGH_IMPACT_FIELDS if (name, field) not in listed)
        if missing:
            path: KeyPath = ("high_impact", "fields", owners(document, name)[-1])
            findings.append(
                Finding(path, f"{', '.join(missing)} of {name} must be listed", "HIA-1: a person always approves it")
            )
    return findings


def _actions(document: PolicyDocument) -> list[Finding]:
    findings = [
        Finding(("high_impact", "actions"), f"{action} must be listed", "HIA-1: a person always approves it")
        for action in HIGH_IMPACT_ACTIONS
        if action not in document.high_impact.actions
    ]
    for (name, action), granted in granted_actions(document).items():
        if granted == "safe" and action in (*HIGH_IMPACT_ACTIONS, *document.high_impact.actions):
            findings.append(
                Finding(
                    ("actions", action, name), f"{action} is high-impact and cannot be safe", "write sensitive (HIA-1)"
                )
            )
    return findings


def _field(document: PolicyDocument, entry: FieldEntry) -> list[Finding]:
    where = f"{entry.field} for {entry.action} {entry.object}"
    open_for_update = entry.action == "update" and entry.field_class != "locked"
    if entry.field_class == "safe" and (entry.object, entry.field) in high_impact_fields(document):
        return [Finding(entry.path, f"{where} is high-impact and cannot be safe", "move it to sensitive (HIA-1)")]
    if open_for_update and entry.field in IDENTIFIERS:
        return [
            Finding(entry.path, f"{where} is a unique identifier and must be locked", "FLD-3: only a create sets it")
        ]
    if open_for_update and entry.field in COMPUTED:
        return [Finding(entry.path, f"{where} must be locked", "FLD-4: `unlocks` opens it for evidence")]
    if entry.field_class != "locked" and entry.field in APPEND_ONLY:
        key = (entry.object, entry.action, entry.field)
        if key not in marked_fields(document, "append_only"):
            return [Finding((*entry.path[:3], "append_only"), f"{where} must be listed", "FLD-4: it is never replaced")]
    return []


def _required(document: PolicyDocument) -> list[Finding]:
    required = marked_fields(document, "required")
    return [
        Finding(
            ("fields", owners(document, name)[-1], action, "required"),
            f"{field} must be listed",
            "no record is made without it",
        )
        for (name, action), fields in REQUIRED.items()
        for field in fields
        if (name, action, field) not in required
    ]


def _identifiers_opened(document: PolicyDocument) -> list[Finding]:
    return [
        Finding(("unlocks", index, "field"), f"{unlock.field} is a unique identifier and stays locked", "FLD-3")
        for index, unlock in enumerate(document.unlocks)
        if unlock.field in IDENTIFIERS | APPEND_ONLY
    ]
