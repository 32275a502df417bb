"""FLD-1, FLD-2: a broken policy is refused or stricter, never more permissive (contract, section 4)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wb_pipeline.errors import PolicyError
from wb_pipeline.policy.checks import run_checks
from wb_pipeline.policy.load import Policy, parse_policy
from wb_pipeline.policy.shape import read_document
from wb_pipeline.policy.tables import policy_tables
from wb_pipeline.policy.yaml_tree import Tree
from wb_pipeline_tests.policy.mutations import SLIPS, places
from wb_pipeline_tests.policy.permissiveness import Tables, looser


def judged(values: Any) -> Policy | None:
    """Return the policy of some values; None where it is refused."""
    document, findings = read_document(Tree(value=values))
    if document is None or findings or run_checks(document):
        return None
    return Policy("0" * 64, "mutated", document)


@pytest.mark.parametrize("slip", SLIPS)
def test_one_slip_anywhere_is_refused_or_no_looser(slip: str, default_values: Any, default_tables: Tables):
    """FLD-1, FLD-2, CNF-1, EVD-1, HIA-1: every key and entry in turn is dropped, emptied, misspelt, swapped ...

    A rate of exchange is left out of `0.8 for 80`: its size says nothing about whether it is right.
    """
    outcomes = {"refused": 0, "no looser": 0}
    for path in places(default_values):
        values = SLIPS[slip](default_values, path)
        if values is None:
            continue
        policy = judged(values)
        assert policy is None or not looser(default_tables, policy_tables(policy)), path
        outcomes["refused" if policy is None else "no looser"] += 1
    assert outcomes["refused"] > 40, outcomes


@given(data=st.data())
def test_several_slips_together_are_refused_or_no_looser(
    data: st.DataObject, default_values: Any, default_tables: Tables
):
    """FLD-1: two slips do not cover for each other, say a dropped requirement and the dropped gate line beside it."""
    values = default_values
    for _ in range(data.draw(st.integers(2, 4))):
        slip = data.draw(st.sampled_from(["drop", "drop", "to_empty", "misspell"]))
        values = SLIPS[slip](values, data.draw(st.sampled_from(list(places(values))))) or values
    policy = judged(values)
    assert policy is None or not looser(default_tables, policy_tables(policy))


def _deleted(lines: list[str], index: int) -> list[str]:
    return lines[:index] + lines[index + 1 :]


def _doubled(lines: list[str], index: int) -> list[str]:
    return lines[: index + 1] + lines[index:]


def _indented(lines: list[str], index: int) -> list[str]:
    return [*lines[:index], "  " + lines[index], *lines[index + 1 :]]


def _outdented(lines: list[str], index: int) -> list[str]:
    return [*lines[:index], lines[index].removeprefix("  "), *lines[index + 1 :]]


def _swapped(lines: list[str], index: int) -> list[str]:
    return lines[:index] + lines[index : index + 2][::-1] + lines[index + 2 :]


def _cut(lines: list[str], index: int) -> list[str]:
    return lines[:index]


@given(data=st.data())
def test_a_slip_in_the_text_is_refused_or_no_looser(data: st.DataObject, default_text: str, default_tables: Tables):
    """FLD-1: lines that are lost, doubled, swapped, indented or cut off."""
    lines = default_text.splitlines()
    change = data.draw(st.sampled_from([_deleted, _doubled, _indented, _outdented, _swapped, _cut]))
    index = data.draw(st.sampled_from([number for number, line in enumerate(lines) if line.split("#")[0].strip()]))
    try:
        policy = parse_policy("\n".join(change(lines, index)), "mutated")
    except PolicyError:
        return
    assert not looser(default_tables, policy_tables(policy))


@pytest.mark.parametrize("target", ["safe", "sensitive", "locked"])
def test_a_field_in_two_lists_is_refused(target: str, default_values: Any):
    """FLD-2: a field has one class; leads cannot class a contact's field again."""
    for name, actions in default_values["fields"].items():
        for action, lists in actions.items():
            others = [
                field
                for key in ("safe", "sensitive", "locked")
                if key != target and isinstance(lists, dict)
                for field in lists[key]
            ]
            inherited = ["title"] if name == "lead" else []
            for field in (others + inherited) if isinstance(lists, dict) else ():
                overlapping = {**lists, target: [*lists[target], field]}
                section = {**default_values["fields"], name: {**actions, action: overlapping}}
                assert judged({**default_values, "fields": section}) is None, (name, action, field)


LOOSENED = [
    ("auto_from: 80", "auto_from: 60", "setting"),
    ("review_above: 10000", "review_above: 20000", "setting"),
    ("gate_overwrite__seen_value_missing: review", "gate_overwrite__seen_value_missing: off", "gate"),
    (
        "        - [domain_match]             # ... and belongs to the company\n",
        "      loosened: because we want to\n",
        "evidence",
    ),
    ("sensitive: [tier, territory, account_owner]       # they", "sensitive: [account_owner] # they", ""),
    ("- [calendar_event]\n", "- [calendar_event, reply]\n", "evidence"),
    ("max_age_days: 90}           #", "max_age_days: 900}           #", "kind"),
    ('rights: ["update contact.*"]\n', 'rights: ["update contact.*", "create deal.*"]\n', "actor_rights"),
    ("status: suspended", "status: active", "actor"),
    ("    create:\n      safe: [company_name]", "    create:\n      safe: [company_name]", ""),
    ("[user, website, enrichment, linkedin,", "[user, website, linkedin, enrichment,", "precedence"),
    ("wrong_match: 40                  # another", "wrong_match: 30                  # another", "matching"),
    ("wrong_match: 40                  # another", "wrong_match: 90                  # another", ""),
    ("duplicate: 25                    # two owners", "duplicate: 5                     # two owners", "matching"),
    ("least_match_probability: 0.95    #", "least_match_probability: 0.9     #", "matching"),
    ("review: 1                        #", "review: 0.5                      #", ""),
    (
        "[human, source_precedence, complete, recent]                 #",
        "[source_precedence, human, complete, recent]                 #",
        "survivorship",
    ),
    ("aliases: {} ", "aliases: {a.example: b.example} ", "domain alias"),
]


@pytest.mark.parametrize(("old", "new", "word"), LOOSENED)
def test_looser_sees_what_is_loosened_on_purpose(old: str, new: str, word: str, edited, default_tables: Tables):
    """FLD-1: the measure that these tests rest on notices a looser policy, and only such a one."""
    if word == "" and "tier" in old:
        # A field that leaves every list is stricter; its evidence statement may stay.
        new = old.replace("tier, territory, ", "tier, ")
    found = looser(default_tables, policy_tables(parse_policy(edited((old, new)), "p")))
    assert bool(found) == bool(word), found
    assert all(word in line for line in found)
