"""Labelled pairs of a claim and evidence, one JSON object a line, read and made into claims. Nothing is judged here."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wb_pipeline.errors import InputError
from wb_pipeline.evidence.support.claim import STRICTNESS, Claim
from wb_pipeline.evidence.support.judge import Item
from wb_pipeline.normalize.dates import normalize_date
from wb_pipeline.policy.tables import policy_tables

if TYPE_CHECKING:
    from pathlib import Path

    from wb_pipeline.policy.load import Policy


@dataclass(frozen=True)
class Pair:
    """A claim, the evidence that is cited for it, the words that are quoted, and what a person says of them."""

    pair_id: str
    category: str
    claim: Claim
    item: Item
    quote: str | None
    label: str
    why: str


def read_pairs(path: Path, policy: Policy) -> list[Pair]:
    """Return the pairs of a file, their formats, picklists and stages as a policy has them.

    Raises InputError, with the line, where one cannot be read.
    """
    facts = _PolicyFacts(policy)
    pairs = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            pairs.append(_pair(json.loads(line), facts))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise InputError(
                f"{path.name}, line {number}: {error!r}", hint="See docs/evidence.md for the form."
            ) from error
    return pairs


class _PolicyFacts:
    """What a policy says of fields, as a run's facts see it."""

    def __init__(self, policy: Policy) -> None:
        tables = {name: table.to_pylist() for name, table in policy_tables(policy).items()}
        self.formats = {(row["object"], row["field"]): row["format"] for row in tables["field_formats"]}
        self.synonyms: dict[tuple[str, str], dict[str, str]] = {}
        self.options: dict[tuple[str, str], set[str]] = {}
        self.stages: dict[str, frozenset[str]] = {}
        for row in tables["picklist_mappings"]:
            self.synonyms.setdefault((row["object"], row["field"]), {})[row["word"].lower()] = row["value"]
        for row in tables["picklists"]:
            self.options.setdefault((row["object"], row["field"]), set()).add(row["value"])
        for row in tables["stage_signs"]:
            self.stages[row["sign"]] = self.stages.get(row["sign"], frozenset()) | {row["stage"]}


def _pair(given: dict[str, Any], facts: _PolicyFacts) -> Pair:
    if given["label"] not in STRICTNESS:
        raise ValueError(f"{given['label']!r} is no label")
    evidence = given["evidence"]
    return Pair(
        pair_id=given["id"],
        category=given["category"],
        claim=_claim(given, facts),
        item=Item(evidence["type"], {key: value for key, value in evidence.items() if key not in ("id", "type")}),
        quote=given.get("quote"),
        label=given["label"],
        why=given.get("why", ""),
    )


def _format_of(value: Any) -> str | None:
    """Return the format of a custom field, which the policy that ships does not know, as its value shows it."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return "number"
    return "date" if isinstance(value, str) and normalize_date(value) else None


def _claim(given: dict[str, Any], facts: _PolicyFacts) -> Claim:
    key = (given["object"], given["field"])
    company, person = given.get("company") or {}, given.get("person") or {}
    return Claim(
        object=given["object"],
        field=given["field"],
        value=given["value"],
        format=facts.formats.get(key) or _format_of(given["value"]),
        company_name=company.get("name"),
        company_domain=company.get("domain"),
        person_name=person.get("name"),
        person_email=person.get("email"),
        currency=given.get("currency"),
        synonyms=facts.synonyms.get(key, {}),
        options=frozenset(facts.options.get(key, ())),
        stages=facts.stages,
    )
