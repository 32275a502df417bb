"""How permissive policy tables are, as facts that compare, and what is looser in another policy. For tests only.

A fact is a number under a key: higher = more permissive, absent = 0. Evidence and source ranks are compared apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any, get_args

import pyarrow as pa

from wb_pipeline.policy.vocabulary import ANY, NO_KIND, SurvivorshipRule

Tables = dict[str, pa.Table]
Facts = dict[tuple[Any, ...], float]
CLASS_RANK = {"locked": 0, "sensitive": 1, "safe": 2}
VERDICT_RANK = {"quarantine": 0, "deny": 1, "review": 2, "suggest": 3, "label": 4, "shadow": 5, "off": 5}
# Of the settings that are numbers: a smaller one is more permissive.
SMALLER_IS_LOOSER = {
    "auto_confidence_from",
    "suggest_confidence_from",
    "human_shield_days",
    "flapping_window_days",
    "trigger_again_after_hours",
}


def permissiveness(tables: Tables) -> Facts:
    """Return the facts of a policy's tables."""
    return dict(_facts(tables))


def _facts(tables: Tables) -> Iterator[tuple[tuple[Any, ...], float]]:
    yield from _field_facts(tables)
    for row in tables["actions"].to_pylist():
        yield ("action", row["object"], row["action"]), CLASS_RANK[row["class"]]
        yield ("action not high-impact", row["object"], row["action"]), not row["is_high_impact"]
    for name, value in tables["settings"].to_pylist()[0].items():
        if isinstance(value, int | float):
            yield ("setting", name), 1 / value if name in SMALLER_IS_LOOSER else value
    for row in tables["gates"].to_pylist():
        yield ("gate", row["gate"]), VERDICT_RANK[row["verdict"]]
    named = {row["kind"] for table in ("evidence_requirements", "unlocks") for row in tables[table].to_pylist()}
    for row in tables["evidence_kinds"].to_pylist():
        if row["kind"] in named:
            yield ("kind", row["kind"], row["evidence_type"], row["evidence_state"]), row["max_age_days"]
    yield from _trigger_facts(tables)
    for row in tables["stage_signs"].to_pylist():
        yield ("stage sign", row["sign"], row["stage"]), 1
    # A state fewer that proves nothing is more permissive.
    yield ("void states",), -tables["evidence_void_states"].num_rows
    yield from _matching_facts(tables)
    yield from _rights_facts(tables)
    yield from _value_facts(tables)


def _trigger_facts(tables: Tables) -> Iterator[tuple[tuple[Any, ...], float]]:
    """Yield whom a sequence may reach, and which steps of a deal go unremarked."""
    for table in ("workflow_audiences", "sequence_stages", "basis_free_countries"):
        for row in tables[table].drop_columns("policy_hash").to_pylist():
            yield (table, *row.values()), 1
    stages = tables["deal_stages"].to_pylist()
    for row in stages:
        yield ("stage that may be left", row["stage"]), not row["is_closed"]
        if not row["position"]:
            yield ("stage without an order", row["stage"]), 1
        for other in stages:
            if row["position"] and other["position"] and row["position"] < other["position"]:
                yield ("next stages", row["stage"], other["stage"]), 1


def _field_facts(tables: Tables) -> Iterator[tuple[tuple[Any, ...], float]]:
    for row in tables["fields"].to_pylist():
        key = (row["object"], row["action"], row["field"])
        yield ("field", *key), CLASS_RANK[row["class"]]
        if row["class"] != "locked":
            yield ("optional", *key), not row["is_required"]
            yield ("replaceable", *key), not row["is_append_only"]
            yield ("field not high-impact", *key), not row["is_high_impact"]
            yield ("suggestion", *key, row["suggestion_field"]), row["suggestion_field"] is not None
    for row in tables["unlocks"].to_pylist():
        yield ("unlock", row["object"], row["action"], row["field"], row["kind"]), CLASS_RANK[row["class"]]


def _matching_facts(tables: Tables) -> Iterator[tuple[tuple[Any, ...], float]]:
    """Yield how little evidence a match or a new record needs, and how late a merge asks what a person wrote.

    From where a merge candidate is shown is left out: a person decides every one.
    """
    for row in tables["matching_costs"].to_pylist():
        for cost in ("wrong_match_cost", "duplicate_cost"):
            yield ("matching", row["object"], cost), row["review_cost"] / row[cost]
        yield ("matching", row["object"], "least probability"), 1 - row["least_match_probability"]
    asked_last = len(get_args(SurvivorshipRule)) + 1
    rules: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for row in tables["survivorship_rules"].to_pylist():
        rules[row["object"], row["field"]][row["rule"]] = row["position"]
    for about, positions in rules.items():
        yield ("survivorship", *about), positions.get("human", asked_last)


def _rights_facts(tables: Tables) -> Iterator[tuple[tuple[Any, ...], float]]:
    active = {row["actor_id"]: row["status"] == "active" for row in tables["actors"].to_pylist()}
    for actor, is_active in active.items():
        yield ("actor", actor), is_active
    for table, holder in (
        ("actor_rights", "actor_id"),
        ("source_rights", "source"),
        ("reviewer_rights", "reviewer_id"),
    ):
        for row in tables[table].to_pylist():
            yield (table, row[holder], row["object"], row["action"], row["field"]), 1
    for row in tables["reviewers"].to_pylist():
        limit = row["deal_amount_up_to"]
        yield ("reviewer", row["reviewer_id"]), float("inf") if limit is None else limit


def _value_facts(tables: Tables) -> Iterator[tuple[tuple[Any, ...], float]]:
    """Yield the facts about values; those of a field that nobody writes say nothing."""
    written = {(row["object"], row["field"]) for row in tables["fields"].to_pylist() if row["class"] != "locked"}
    for row in tables["field_formats"].to_pylist():
        if (row["object"], row["field"]) in written:
            yield ("format", row["object"], row["field"], row["format"]), row["max_length"] or 1
    for row in tables["picklists"].to_pylist():
        if (row["object"], row["field"]) in written:
            yield ("picklist", row["object"], row["field"], row["value"]), 1
    # Aliases and mappings only rename: what they lead to is judged by its own facts.
    for row in tables["exchange_rates"].to_pylist():
        yield ("exchange rate", row["currency"], row["rate"]), 1
    for row in tables["domain_aliases"].to_pylist():
        yield ("domain alias", row["alias_domain"], row["domain"]), 1
    # One provider fewer is more permissive: its addresses would look like a company's.
    yield ("mail domains",), -tables["mail_domains"].num_rows


def looser(before: Tables, after: Tables) -> list[str]:
    """Return, in words, what became more permissive from one policy to another; empty = nothing did.

    An actor, source or reviewer that only the second one names is left out: nobody bears a name that a slip made up.
    """
    old, new = _known(before, permissiveness), permissiveness(after)
    names = {key[1] for key in old if key[0] in HOLDERS}
    found = [
        f"{key}: {old.get(key, 0)} -> {value}"
        for key, value in new.items()
        if value > old.get(key, 0 if key != ("mail domains",) else value)
        and not (key[0] in HOLDERS and key[1] not in names)
    ]
    found += [f"{key}: not listed" for key in old if key[0] == "gate" and key not in new]
    return [*found, *_evidence_given_up(before, after, new), *_precedence_changed(before, after)]


_KNOWN: dict[tuple[int, str], tuple[Tables, Any]] = {}


def _known(tables: Tables, measure: Callable[[Tables], Any]) -> Any:
    """Return a measure of tables with which thousands are compared; it holds them, so that nobody else has their id."""
    key = (id(tables), measure.__name__)
    if key not in _KNOWN:
        _KNOWN[key] = (tables, measure(tables))
    return _KNOWN[key][1]


HOLDERS = ("actor", "actor_rights", "source_rights", "reviewer", "reviewer_rights")
Group = tuple[frozenset[str], tuple[str | None, str | None]]


def _groups(tables: Tables) -> dict[tuple[str, str, str], set[Group]]:
    collected: dict[tuple[Any, ...], set[str]] = defaultdict(set)
    for row in tables["evidence_requirements"].to_pylist():
        about = (row["object"], row["action"], row["field"])
        condition = (row["condition_field"], row["condition_value"])
        collected[about, condition, row["requirement"], row["alternative_group"]].add(row["kind"])
    groups: dict[tuple[str, str, str], set[Group]] = defaultdict(set)
    for (about, condition, *_), kinds in collected.items():
        groups[about].add((frozenset(kinds), condition))
    return groups


def _evidence_given_up(before: Tables, after: Tables, facts: Facts) -> Iterator[str]:
    """Yield each group of evidence that is asked for before and by no group at least as strict after."""
    new = _groups(after)
    writable = {key[1:] for key, value in facts.items() if key[0] == "field" and value}
    writable |= {(*key[1:], ANY) for key in facts if key[0] == "action"}
    for about, groups in _known(before, _groups).items():
        for kinds, condition in groups if about in writable else ():
            stricter = [other for other, when in new[about] if other <= kinds and when in (condition, (None, None))]
            if NO_KIND not in kinds and not stricter:
                yield f"evidence for {about}: {sorted(kinds)} is no longer asked for"


def _precedence_changed(before: Tables, after: Tables) -> Iterator[str]:
    """Yield each pair of sources whose order changed for a field that is still written by itself."""
    safe = {
        (row["object"], row["field"])
        for row in after["fields"].to_pylist()
        if row["class"] == "safe" and row["action"] == "update"
    }
    old, new = _known(before, _pairs), _pairs(after)
    for pair in old ^ new:
        if pair[:2] in safe:
            yield f"precedence of {pair}"


def _pairs(tables: Tables) -> set[tuple[str, str, str, str]]:
    ranks: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for row in tables["source_precedence"].to_pylist():
        ranks[row["object"], row["field"]][row["source"]] = row["rank"]
    return {
        (*about, strong, weak)
        for about, by_source in ranks.items()
        for strong, rank in by_source.items()
        for weak, other in by_source.items()
        if rank < other
    }
