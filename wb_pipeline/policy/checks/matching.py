"""Matching: an error always costs more than a look, and what a person wrote counts when records are merged (IDN-3)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from wb_pipeline.policy.expanded import known_fields, matching_sections, survivorship_lists
from wb_pipeline.policy.findings import Finding, KeyPath, did_you_mean
from wb_pipeline.policy.models import PolicyDocument
from wb_pipeline.policy.models_matching import MatchingOfObject
from wb_pipeline.policy.vocabulary import SurvivorshipRule

# The least number of reviews that an error costs. A wrong match worth ten needs nine chances in ten to be right, which
# is where least_match_probability begins; at two a record is made by itself only where a new one is likelier.
LEAST_COSTS = {"wrong_match": 10, "duplicate": 2}
NEVER_LEFT_OUT: SurvivorshipRule = "human"


def check_matching(document: PolicyDocument) -> list[Finding]:
    """Return costs that make errors cheap, and survivorship lists with unknown fields or without people."""
    findings: list[Finding] = []
    for owner, section in matching_sections(document):
        findings += [*_costs(("matching", owner), section), *_fields(document, owner, section)]
    for path, rules in survivorship_lists(document):
        findings += _rules(path, rules)
    return findings


def _costs(path: KeyPath, section: MatchingOfObject) -> Iterator[Finding]:
    for name, least in LEAST_COSTS.items():
        cost = getattr(section, name)
        if cost < least * section.review:
            hint = "IDN-3: where errors are cheap, nobody is asked"
            yield Finding((*path, name), f"{cost:g} is less than {least} times what a review costs", hint)


def _fields(document: PolicyDocument, owner: str, section: MatchingOfObject) -> Iterator[Finding]:
    known = known_fields(document)[owner]
    for field in section.survivorship.fields:
        if field not in known:
            path: KeyPath = ("matching", owner, "survivorship", "fields", field)
            yield Finding(path, f"{owner} has no field {field}", did_you_mean(field, known))


def _rules(path: KeyPath, rules: list[SurvivorshipRule]) -> Iterator[Finding]:
    for rule, count in Counter(rules).items():
        if count > 1:
            yield Finding(path, f"{rule} stands {count} times", "keep one")
    if NEVER_LEFT_OUT not in rules:
        yield Finding(path, f"{NEVER_LEFT_OUT} must be listed", "OVW-2: what a person wrote is not passed over")
