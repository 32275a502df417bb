"""The policy's section about matching, and its rows."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from wb_pipeline.policy.load import parse_policy
from wb_pipeline.policy.tables import policy_tables
from wb_pipeline_tests.policy.permissiveness import Tables

REVIEW = "    review: 1                        # the unit"
WRONG_MATCH = "    wrong_match: 40                  # another"
DUPLICATE = "    duplicate: 25                    # two people"
LEAST = "    least_match_probability: 0.95    # no score"
CANDIDATE = "    merge_candidate_from: 0.8        # from here"
DEFAULT = "      default: [human, source_precedence, complete, recent]                 # what"
TOUCH = "        last_outbound_touch: [recent, human, source_precedence, complete]   #"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            WRONG_MATCH,
            "    wrong_match: 9  #",
            "matching.contact.wrong_match: 9 is less than 10 times what a review costs",
        ),
        (DUPLICATE, "    duplicate: 1  #", "matching.contact.duplicate: 1 is less than 2 times what a review costs"),
        (REVIEW, "    review: 20  #", "matching.contact.wrong_match: 40 is less than 10 times what a review costs"),
        (REVIEW, "    review: 0  #", "matching.contact.review: Input should be greater than 0"),
        (WRONG_MATCH, "    wrong_match: 100000  #", "less than or equal to 10000"),
        (LEAST, "    least_match_probability: 0.89  #", "greater than or equal to 0.9"),
        (LEAST, "    least_match_probability: 95  #", "less than or equal to 1"),
        (CANDIDATE, "    merge_candidate_from: 0.4  #", "greater than or equal to 0.5"),
        (DEFAULT, "      default: [source_precedence, complete]  #", "human must be listed (OVW-2"),
        (DEFAULT, "      default: []  #", "default: it is empty"),
        (DEFAULT, "      default: [human, recent, recent]  #", "recent stands 2 times"),
        (DEFAULT, "      default: [human, newest]  #", "'newest' is not one of 'human', 'source_precedence'"),
        (TOUCH, "        last_touch: [human]  #", "contact has no field last_touch"),
        (TOUCH, "        employee_range: [human]  #", "contact has no field employee_range"),
        (TOUCH, "        last_outbound_touch: [recent]  #", "human must be listed"),
        (LEAST, "    # ", "least_match_probability: the key is missing"),
        (LEAST, "    leest_match_probability: 0.95  #", "did you mean least_match_probability?"),
    ],
)
def test_check_matching_refuses(old: str, new: str, message: str, refusal: Callable[..., str]):
    """IDN-2, IDN-3: costs that make errors cheap, probabilities out of bounds and rules that pass people over."""
    assert message in refusal((old, new))


def test_policy_tables_match_leads_as_contacts(default_tables: Tables):
    """IDN-2: leads are matched with contacts and leads, so that what an error costs is the same."""
    costs = {row.pop("object"): row for row in default_tables["matching_costs"].to_pylist()}
    assert set(costs) == {"contact", "lead", "company"}
    assert costs["lead"] == costs["contact"]
    rules = default_tables["survivorship_rules"].to_pylist()
    by_object = {name: [row | {"object": ""} for row in rules if row["object"] == name] for name in costs}
    assert by_object["lead"] == by_object["contact"] != by_object["company"]


def test_policy_tables_number_survivorship_rules_as_listed(edited: Callable[..., str]):
    """IDN-10: the order of a list is the order in which its rules are asked."""
    tables = policy_tables(parse_policy(edited((TOUCH, "        city: [recent, human]  #")), "p"))
    found = [
        (row["field"], row["position"], row["rule"])
        for row in tables["survivorship_rules"].to_pylist()
        if row["object"] == "lead"
    ]
    defaults = [("*", 1, "human"), ("*", 2, "source_precedence"), ("*", 3, "complete"), ("*", 4, "recent")]
    assert found == [*defaults, ("city", 1, "recent"), ("city", 2, "human")]
