"""Rows of the policy tables about evidence, sources and people. Fields, actions and values: `table_rows`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from wb_pipeline.policy.expanded import field_entries, requirement_entries
from wb_pipeline.policy.mail_domains import disposable_domains, personal_domains
from wb_pipeline.policy.models import DomainList, PolicyDocument
from wb_pipeline.policy.models_people import Actor, Reviewer, Source
from wb_pipeline.policy.precedence import ranked_fields, steps
from wb_pipeline.policy.rights import parse_right
from wb_pipeline.policy.table_rows import Row
from wb_pipeline.policy.vocabulary import NO_KIND

COVERED = "covered_by_the_action"
LOCKED = "locked_anyway"
UNLOCKED_BY = "unlocked_by"


def evidence_kinds(document: PolicyDocument) -> Iterator[Row]:
    """Yield (kind, evidence_type, evidence_state, max_age_days)."""
    for name, kind in document.evidence.kinds.items():
        for evidence_type, states in kind.evidence.items():
            listed: list[str | None] = [*states] if isinstance(states, list) else [None]
            for state in listed:
                yield (name, evidence_type, state, kind.max_age_days)


def stage_signs(document: PolicyDocument) -> Iterator[Row]:
    """Yield (sign, stage)."""
    for sign, stages in document.evidence.stage_signs.model_dump().items():
        for stage in stages:
            yield (sign, stage)


def evidence_void_states(document: PolicyDocument) -> Iterator[Row]:
    """Yield (evidence_type, evidence_state)."""
    for evidence_type, states in document.evidence.void_states.items():
        for state in states:
            yield (evidence_type, state)


def evidence_requirements(document: PolicyDocument) -> Iterator[Row]:
    """Yield the stated requirements, then one row for each classed field that none of them names.

    So every granted row has a requirement, and a join that finds none means deny.
    """
    stated = set()
    for entry in requirement_entries(document):
        requirement = entry.requirement
        condition = next(iter(requirement.when.items()), (None, None))
        if condition[0] is None:
            stated.add(entry.key)
        for group, kinds in enumerate(requirement.needs or [[NO_KIND]], start=1):
            for kind in kinds:
                yield (
                    requirement.name,
                    entry.object,
                    requirement.action,
                    entry.field,
                    group,
                    kind,
                    *condition,
                    requirement.none,
                )
    yield from _unstated_requirements(document, stated)


def _unstated_requirements(document: PolicyDocument, stated: set[tuple[str, str, str]]) -> Iterator[Row]:
    unlocking: dict[tuple[str, str, str], list[str]] = {}
    for unlock in document.unlocks:
        unlocking.setdefault((unlock.object, unlock.action, unlock.field), []).append(unlock.kind)
    for entry in field_entries(document):
        key = (entry.object, entry.action, entry.field)
        if key in stated:
            continue
        name = UNLOCKED_BY if key in unlocking else LOCKED if entry.field_class == "locked" else COVERED
        because = (
            ""
            if key in unlocking
            else "because it is locked"
            if name == LOCKED
            else "because its action brings the evidence"
        )
        for kind in unlocking.get(key, [NO_KIND]):
            yield (name, entry.object, entry.action, entry.field, 1, kind, None, None, because)


def actors(document: PolicyDocument) -> Iterator[Row]:
    """Yield (actor_id, actor_type, status)."""
    for name, actor in document.actors.items():
        yield (name, actor.type, actor.status)


def actor_rights(document: PolicyDocument) -> Iterator[Row]:
    """Yield (actor_id, object, action, field)."""
    yield from _rights(document.actors)


def sources(document: PolicyDocument) -> Iterator[Row]:
    """Yield (source, status)."""
    for name, source in document.sources.items():
        yield (name, source.status)


def source_rights(document: PolicyDocument) -> Iterator[Row]:
    """Yield (source, object, action, field) of the active sources."""
    yield from _rights({name: source for name, source in document.sources.items() if source.status == "active"})


def reviewers(document: PolicyDocument) -> Iterator[Row]:
    """Yield (reviewer_id, deputy_id, deal_amount_up_to)."""
    for name, reviewer in document.reviewers.items():
        limit = None if reviewer.deal_amount_up_to == "any" else float(reviewer.deal_amount_up_to)
        yield (name, reviewer.deputy, limit)


def reviewer_rights(document: PolicyDocument) -> Iterator[Row]:
    """Yield (reviewer_id, object, action, field)."""
    yield from _rights(document.reviewers)


def _rights(holders: Mapping[str, Actor | Source | Reviewer]) -> Iterator[Row]:
    for name, holder in holders.items():
        for text in dict.fromkeys(holder.rights):
            if right := parse_right(text):
                yield (name, right.object, right.action, right.field)


def source_precedence(document: PolicyDocument) -> Iterator[Row]:
    """Yield (object, field, source, rank)."""
    for name, field, group in ranked_fields(document):
        for rank, step in enumerate(steps(group), start=1):
            for source in step:
                yield (name, field, source, rank)


def mail_domains(document: PolicyDocument) -> Iterator[Row]:
    """Yield (kind, domain), the built-in ones included."""
    domains = document.domains
    for domain in domains.own:
        yield ("own", domain)
    for kind, built_in, section in (
        ("personal", personal_domains(), domains.personal),
        ("disposable", disposable_domains(), domains.disposable),
    ):
        for domain in _listed(built_in, section):
            yield (kind, domain)


def _listed(built_in: frozenset[str], section: DomainList) -> Sequence[str]:
    if not (section.excepted or section.more):
        return _in_order(built_in)
    return sorted((built_in - {*section.excepted}) | {*section.more})


@cache
def _in_order(domains: frozenset[str]) -> tuple[str, ...]:
    """Return thousands of built-in domains sorted, once for all policies that leave them as they are."""
    return tuple(sorted(domains))


def domain_aliases(document: PolicyDocument) -> Iterator[Row]:
    """Yield (alias_domain, domain)."""
    yield from document.domains.aliases.items()


def notification_routes(document: PolicyDocument) -> Iterator[Row]:
    """Yield (event, route)."""
    yield from document.notifications.routes.model_dump().items()
