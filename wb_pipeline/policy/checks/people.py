"""Actors, sources, reviewers and mail domains: rights that exist, people who may decide (FLD-7, RVW-5, IDN-8)."""

from __future__ import annotations

from collections.abc import Iterator

from wb_pipeline.policy.expanded import known_fields
from wb_pipeline.policy.findings import Finding, did_you_mean
from wb_pipeline.policy.mail_domains import disposable_domains, personal_domains
from wb_pipeline.policy.models import PolicyDocument
from wb_pipeline.policy.rights import mistake_in_right


def check_people(document: PolicyDocument) -> list[Finding]:
    """Return what is wrong with who may write, feed, approve, and with mail domains."""
    return [*_rights(document), *_reviewers(document), *_second_approver(document), *_domains(document)]


def _rights(document: PolicyDocument) -> Iterator[Finding]:
    known = known_fields(document)
    holders = {"actors": document.actors, "sources": document.sources, "reviewers": document.reviewers}
    for section, entries in holders.items():
        for name, holder in entries.items():  # type: ignore[attr-defined]  # both kinds of holder are mappings
            for index, right in enumerate(holder.rights):
                if mistake := mistake_in_right(right, known):
                    yield Finding((section, name, "rights", index), *mistake)


def _reviewers(document: PolicyDocument) -> Iterator[Finding]:
    for name, reviewer in document.reviewers.items():
        actor = document.actors.get(name)
        if actor and actor.type != "user":
            yield Finding(("reviewers", name), f"{name} is no person", "RVW-5: an agent never approves anything")
        if reviewer.deputy == name or reviewer.deputy not in document.reviewers:
            hint = did_you_mean(reviewer.deputy, {*document.reviewers} - {name})
            yield Finding(("reviewers", name, "deputy"), f"{reviewer.deputy} is not another reviewer", hint)


def _second_approver(document: PolicyDocument) -> Iterator[Finding]:
    for index, gate in enumerate(document.second_approver.for_gates):
        if gate not in document.gates:
            hint = did_you_mean(gate, document.gates)
            yield Finding(("second_approver", "for_gates", index), f"{gate} is no gate", hint)


def _domains(document: PolicyDocument) -> Iterator[Finding]:
    domains = document.domains
    for key, section, built_in in (
        ("personal", domains.personal, personal_domains()),
        ("disposable", domains.disposable, disposable_domains()),
    ):
        for index, domain in enumerate(section.excepted):
            if domain not in built_in:
                hint = did_you_mean(domain, built_in)
                yield Finding(
                    ("domains", key, "except", index), f"{domain} is not one of the built-in {key} domains", hint
                )
    personal = (personal_domains() - {*domains.personal.excepted}) | {*domains.personal.more}
    shared = personal | disposable_domains() | {*domains.disposable.more}
    for alias, domain in domains.aliases.items():
        if {alias, domain} & shared:
            yield Finding(("domains", "aliases", alias), "a mail provider's domain belongs to no company")
        if domain in domains.aliases:
            yield Finding(
                ("domains", "aliases", alias), f"{domain} is itself an alias", f"point to {domains.aliases[domain]}"
            )
    for index, domain in enumerate(domains.own):
        if domain in shared:
            yield Finding(
                ("domains", "own", index), f"{domain} is a mail provider's domain", "list it under `except` first"
            )
