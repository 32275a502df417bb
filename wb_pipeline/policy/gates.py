"""Every gate with the verdicts a policy may give it. What a gate looks for stands in dbt_like_sql, not here.

A verdict is allowed where it keeps the guardrail's "must": stricter as one likes, weaker only where no guardrail minds.
"""

from __future__ import annotations

from dataclasses import dataclass

from wb_pipeline.policy.vocabulary import Verdict


@dataclass(frozen=True, slots=True)
class GateRule:
    """A gate's default verdict, the verdicts it may have, and why no others."""

    gate: str
    default: Verdict
    allowed: tuple[Verdict, ...]
    reason: str


_DENY: tuple[Verdict, ...] = ("deny",)
_STOP: tuple[Verdict, ...] = ("deny", "review")


def _deny(gate: str, reason: str) -> GateRule:
    return GateRule(gate, "deny", _DENY, reason)


def _deny_or_review(gate: str, default: Verdict, reason: str) -> GateRule:
    return GateRule(gate, default, _STOP, reason)


GATES: tuple[GateRule, ...] = (
    GateRule(
        "gate_contract__proposal_id_reused", "quarantine", ("quarantine",), "CON-4 quarantines a conflicting replay"
    ),
    _deny_or_review(
        "gate_contract__time_without_zone", "deny", "CON-8 objects: it is stopped, by denial or by a person"
    ),
    _deny_or_review("gate_contract__time_unreadable", "deny", "CON-8 objects: it is stopped, by denial or by a person"),
    _deny_or_review("gate_contract__time_in_future", "deny", "CON-8 objects: it is stopped, by denial or by a person"),
    _deny("gate_contract__unknown_object", "CON-6 denies it"),
    _deny("gate_contract__unknown_action", "CON-6 denies it"),
    _deny("gate_contract__field_unknown", "CON-5 denies it"),
    _deny("gate_contract__operation_unfit", "CON-6: a write that no rule looks at"),
    _deny_or_review(
        "gate_contract__value_invalid", "deny", "FLD-5: an invalid value is never written; a person may correct it"
    ),
    _deny("gate_identity__target_not_found", "IDN-9: there is nothing to write to"),
    _deny("gate_identity__target_archived", "IDN-9: there is nothing to write to"),
    _deny_or_review("gate_identity__target_merged", "review", "IDN-9: re-pointed and reviewed, or denied"),
    _deny_or_review("gate_identity__target_ambiguous", "review", "IDN-1: a person picks the record"),
    _deny_or_review(
        "gate_identity__create_differs_from_record", "deny", "IDN-3: a create never changes what stands there"
    ),
    _deny_or_review("gate_identity__shared_key", "review", "IDN-1: a shared key identifies nobody"),
    _deny_or_review("gate_identity__target_contradicted", "review", "IDN-1: a wrong id is caught"),
    _deny_or_review("gate_identity__lookalike_domain", "review", "IDN-5: never matched or made without a person"),
    _deny_or_review("gate_identity__company_domain_differs", "review", "IDN-7: a person looks"),
    _deny_or_review("gate_identity__address_not_personal", "review", "IDN-8: never on its own"),
    _deny_or_review("gate_identity__address_disposable", "deny", "IDN-8: never on its own"),
    _deny_or_review(
        "gate_identity__reference_not_found", "deny", "IDN-9: a reference to nothing is not written by itself"
    ),
    _deny("gate_policy__action_not_granted", "FLD-1: deny by default"),
    _deny("gate_policy__field_not_granted", "FLD-1: deny by default"),
    _deny("gate_policy__field_locked", "FLD-2: locked means never"),
    _deny_or_review("gate_policy__field_needs_approval", "review", "HIA-1: always a person"),
    _deny_or_review("gate_policy__action_needs_approval", "review", "HIA-1: always a person"),
    _deny_or_review("gate_policy__deal_above_threshold", "review", "HIA-1: always a person"),
    _deny_or_review("gate_policy__stage_out_of_order", "review", "HIA-1: always a person"),
    _deny_or_review("gate_policy__trigger_has_high_impact_effect", "review", "HIA-3: always a person"),
    _deny("gate_policy__opt_out_undone", "HIA-2: an opt-out is never undone by an agent"),
    _deny("gate_policy__person_suppressed", "HIA-2: nobody is created against their wish"),
    _deny("gate_trigger__person_opted_out", "TRG-1: never for do-not-contact"),
    _deny_or_review("gate_trigger__audience_not_allowed", "deny", "TRG-1: only for whom the policy allows"),
    _deny_or_review("gate_trigger__no_basis_to_write", "deny", "TRG-1: not by itself without a lawful basis"),
    _deny_or_review("gate_trigger__already_enrolled", "deny", "TRG-1: nobody is put twice into one sequence by itself"),
    _deny_or_review("gate_trigger__workflow_not_active", "deny", "TRG-1: who switched it off is asked first"),
    _deny("gate_trigger__chain_loops", "TRG-2 denies it"),
    _deny("gate_trigger__chain_too_deep", "TRG-2 denies it"),
    _deny_or_review("gate_trigger__started_again", "review", "TRG-2: loops are cut, with or without an honest cause"),
    _deny("gate_trigger__effect_not_allowed", "TRG-4: judged as if it were proposed directly"),
    _deny("gate_policy__append_only_field_replaced", "FLD-4: never replaced"),
    _deny_or_review(
        "gate_policy__required_field_missing", "deny", "a person may add what is missing; nothing is made without it"
    ),
    _deny("gate_policy__actor_unknown", "FLD-7: unknown actors write nothing"),
    _deny("gate_policy__actor_switched_off", "FLD-7: the kill switch is no request"),
    _deny("gate_policy__actor_without_right", "FLD-7: rights are limits"),
    _deny_or_review(
        "gate_policy__source_without_right", "deny", "FLD-7: a source without the right is not trusted by itself"
    ),
    _deny("gate_policy__actor_impersonates", "FLD-7: who passes for another is unknown, and writes nothing"),
    _deny_or_review("gate_trigger__budget_spent", "review", "TRG-3: what is over the budget waits for a person"),
    _deny_or_review("gate_trigger__breaker_open", "review", "TRG-3: open until a person resets it"),
    _deny_or_review("gate_overwrite__value_changed_since_read", "review", "OVW-1: stale is reviewed"),
    GateRule(
        "gate_overwrite__seen_value_missing",
        "review",
        ("deny", "review", "label", "shadow", "off"),
        "no guardrail asks for the seen value, and each write compares with the CRM once more (SYN-3)",
    ),
    _deny_or_review("gate_overwrite__blank_over_value", "review", "OVW-3: never emptied automatically"),
    _deny_or_review("gate_overwrite__written_by_person", "review", "OVW-2: a person decides about a person's edit"),
    _deny_or_review("gate_overwrite__source_outranked", "review", "OVW-4: the weaker source does not win by itself"),
    _deny_or_review("gate_overwrite__field_flapping", "review", "OVW-5: frozen until a person settles it"),
    _deny_or_review("gate_overwrite__snapshot_too_old", "review", "OVW-7: nothing automatic on an old picture"),
    _deny_or_review("gate_conflict__values_disagree", "review", "OVW-6: neither is written by itself"),
    _deny_or_review("gate_conflict__outranked_by_source", "deny", "OVW-4: the weaker source does not win"),
    _deny_or_review("gate_activity__already_logged", "deny", "LOG-1: logged once; a person may say that it is another"),
    _deny_or_review("gate_activity__contact_took_no_part", "deny", "LOG-2: never on the wrong person by itself"),
    _deny_or_review("gate_activity__about_nobody", "review", "LOG-2: a person says whose it is"),
    _deny_or_review("gate_activity__named_item_unknown", "review", "LOG-2: nobody can tell who took part"),
    _deny_or_review("gate_activity__named_record_unrelated", "review", "LOG-2: a person says whose it is"),
    _deny_or_review("gate_activity__not_held", "deny", "LOG-3: not held is not logged as held"),
    _deny_or_review("gate_conflict__open_change_disagrees", "review", "OVW-6: one case, for one person"),
    _deny("gate_confidence__below_suggest_band", "CNF-1 denies it"),
    _deny_or_review("gate_confidence__below_auto_band", "review", "CNF-1: not without a person"),
    GateRule(
        "gate_confidence__suggestion_only",
        "suggest",
        ("deny", "review", "suggest"),
        "CNF-1: never into the real field by itself",
    ),
    _deny_or_review("gate_evidence__cited_evidence_missing", "deny", "EVD-2: what is cited must exist"),
    _deny_or_review("gate_evidence__not_about_record", "deny", "EVD-3: it must concern this record"),
    _deny_or_review("gate_evidence__void_state", "deny", "EVD-4: it must be of the right state"),
    _deny_or_review("gate_evidence__after_proposal", "deny", "EVD-5: it must be older than the proposal"),
    _deny_or_review("gate_evidence__too_old", "deny", "EVD-5: it must be younger than the limit"),
    _deny_or_review("gate_evidence__older_than_human_edit", "review", "EVD-5: a person wrote the value since"),
    _deny_or_review("gate_evidence__quote_not_found", "deny", "EVD-6: what is quoted must have been said"),
    _deny_or_review("gate_evidence__used_too_often", "review", "EVD-9: it cannot justify more than the policy says"),
    _deny_or_review("gate_evidence__required_kind_missing", "deny", "EVD-1: no automatic write without it"),
    _deny_or_review(
        "gate_evidence__value_contradicted", "review", "EVD-7: not written by itself against its own evidence"
    ),
    _deny_or_review("gate_evidence__value_unsupported", "review", "EVD-7: a passage must say what is written"),
    _deny_or_review("gate_evidence__intent_not_explicit", "review", "EVD-7: a stage needs a plain sign"),
    GateRule(
        "gate_evidence__activity_unverified",
        "label",
        ("deny", "review", "suggest", "label"),
        "EVD-8: never presented as fact, so the label is the least",
    ),
)
RULES: dict[str, GateRule] = {rule.gate: rule for rule in GATES}
