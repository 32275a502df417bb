"""Kinds of evidence and requirements: known names, one statement each (EVD-1). Who is covered: `evidence_coverage`."""

from __future__ import annotations

from collections.abc import Iterator

from wb_pipeline.policy.expanded import known_fields, picklists
from wb_pipeline.policy.findings import Finding, KeyPath, did_you_mean
from wb_pipeline.policy.models import PolicyDocument
from wb_pipeline.policy.models_evidence import Requirement
from wb_pipeline.policy.vocabulary import ACTION_ROW, EVIDENCE_STATES, NO_KIND, EvidenceType

VOID_STATES: dict[EvidenceType, frozenset[str]] = {
    "email": frozenset({"draft", "bounced", "forged"}),
    "calendar_event": frozenset({"cancelled", "no_show", "tentative", "unattended"}),
    "call_recording": frozenset({"no_answer", "voicemail", "busy", "failed", "missed", "no_show", "cancelled"}),
    "email_verification": frozenset({"invalid"}),
    "proposal_document": frozenset({"draft"}),
    "order_form": frozenset({"voided"}),
    "mutual_action_plan": frozenset({"template", "draft"}),
}
"""States in which evidence proves nothing, whatever the policy says (EVD-4)."""


def check_evidence(document: PolicyDocument) -> list[Finding]:
    """Return what is wrong inside `evidence`."""
    known, lists = known_fields(document), picklists(document)
    findings = [*_kinds(document), *_void_states(document), *_stage_signs(document, lists)]
    names: set[str] = set()
    for index, requirement in enumerate(document.evidence.requirements):
        path: KeyPath = ("evidence", "requirements", index)
        if requirement.name in names:
            findings.append(Finding((*path, "name"), f"{requirement.name} stands twice"))
        names.add(requirement.name)
        findings += [
            *_one_statement(path, requirement),
            *_needs(document, path, requirement),
            *_fields(known, path, requirement),
        ]
        findings += _when(known, lists, path, requirement)
    return findings


def _kinds(document: PolicyDocument) -> Iterator[Finding]:
    derived = document.evidence.derived_kinds
    for name, kind in document.evidence.kinds.items():
        path: KeyPath = ("evidence", "kinds", name)
        if name == NO_KIND or name in derived:
            yield Finding(path, f"{name} is taken", "give the kind another name")
        for evidence_type, states in kind.evidence.items():
            yield from _states((*path, "evidence", evidence_type), states, EVIDENCE_STATES[evidence_type])


def _void_states(document: PolicyDocument) -> Iterator[Finding]:
    """Yield what is wrong with `void_states`: less than EVD-4 asks for, unknown states, states that a kind accepts."""
    path: KeyPath = ("evidence", "void_states")
    void = document.evidence.void_states
    for evidence_type, states in void.items():
        yield from _states((*path, evidence_type), states, EVIDENCE_STATES[evidence_type])
    for evidence_type, least in VOID_STATES.items():
        missing = sorted(least - set(void.get(evidence_type, ())))
        if missing:
            yield Finding((*path, evidence_type), f"{', '.join(missing)} must be listed", "EVD-4: it proves nothing")
    for name, kind in document.evidence.kinds.items():
        for evidence_type, accepted in kind.evidence.items():
            both = sorted(set(void.get(evidence_type, ())) & set(accepted if isinstance(accepted, list) else ()))
            if both:
                yield Finding(
                    ("evidence", "kinds", name, "evidence", evidence_type),
                    f"{', '.join(both)} proves nothing (void_states)",
                    "take it out of one of the two",
                )


def _states(path: KeyPath, states: list[str] | str, known: frozenset[str] | None) -> Iterator[Finding]:
    for index, state in enumerate(states if known is not None and isinstance(states, list) else ()):
        if state not in (known or ()):
            hint = did_you_mean(state, known or ()) or (f"one of {', '.join(sorted(known))}" if known else "write any")
            yield Finding((*path, index), f"{path[-1]} has no state {state!r}", hint)


def _stage_signs(document: PolicyDocument, lists: dict[tuple[str, str], list[str]]) -> Iterator[Finding]:
    """Yield stages that no deal can be in, and a stage that stands twice on a line."""
    known = lists.get(("deal", "stage"), [])
    for sign, stages in document.evidence.stage_signs.model_dump().items():
        for index, stage in enumerate(stages):
            path: KeyPath = ("evidence", "stage_signs", sign, index)
            if stage not in known:
                yield Finding(path, f"{stage!r} is no stage of a deal", did_you_mean(stage, known))
            if stage in stages[:index]:
                yield Finding(path, f"{stage} stands twice")


def _one_statement(path: KeyPath, requirement: Requirement) -> Iterator[Finding]:
    if bool(requirement.needs) == bool(requirement.none):
        yield Finding(
            path, "it says either what it needs, or `none: because ...`", "nothing is exempt by being forgotten"
        )
    if requirement.loosened and not requirement.needs:
        yield Finding((*path, "loosened"), "only needs can be loosened")


def _needs(document: PolicyDocument, path: KeyPath, requirement: Requirement) -> Iterator[Finding]:
    known = {*document.evidence.kinds, *document.evidence.derived_kinds}
    for line, kinds in enumerate(requirement.needs):
        if kinds in requirement.needs[:line]:
            yield Finding((*path, "needs", line), "this line stands twice")
        for index, kind in enumerate(kinds):
            if kind not in known:
                yield Finding(
                    (*path, "needs", line, index), f"there is no kind of evidence {kind!r}", did_you_mean(kind, known)
                )


def _fields(known: dict[str, set[str]], path: KeyPath, requirement: Requirement) -> Iterator[Finding]:
    for name in requirement.objects:
        for index, field in enumerate(requirement.fields):
            if field != ACTION_ROW and field not in known[name]:
                yield Finding(
                    (*path, "fields", index), f"{name} has no field {field}", did_you_mean(field, known[name])
                )


def _when(
    known: dict[str, set[str]], lists: dict[tuple[str, str], list[str]], path: KeyPath, requirement: Requirement
) -> Iterator[Finding]:
    for field, value in requirement.when.items():
        for name in requirement.objects:
            values = lists.get((name, field))
            if field not in known[name]:
                yield Finding((*path, "when", field), f"{name} has no field {field}", did_you_mean(field, known[name]))
            elif values is not None and value not in values:
                yield Finding((*path, "when", field), f"{value!r} is not in the picklist", did_you_mean(value, values))
