"""The case set itself: how many there are, over what, and what the documentation says of it. Runs no case."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from wb_pipeline_tests.cases.read import read_cases

ROOT = Path(__file__).resolve().parents[2]
CASES = read_cases()
LEAST_CASES = 300
LEAST_OF_A_GUARDRAIL = 3
FAMILIES = ("CON", "IDN", "FLD", "EVD", "CNF", "HIA", "OVW", "LOG", "TRG")
# What no single proposal can show, and where it is proved instead.
NOT_ON_A_PROPOSAL = {
    "IDN-10": "the CRM's own duplicates: wb_pipeline_tests/dbt_like_sql/test_dedupe_models.py",
    "IDN-11": "ids from run to run: wb_pipeline_tests/dbt_like_sql/test_dedupe_models.py",
    "IDN-12": "two numbers that are shown: wb_pipeline_tests/road/test_likeness.py",
    "CNF-2": "what a write carries with it: dbt_like_sql/models/marts/approved_writes.yml",
    "OVW-7": "the age of the snapshot, not of a proposal: the gate's own cases",
}

_GUARDRAILS = ROOT / "docs" / "guardrails.md"


def test_at_least_three_hundred_cases_stand() -> None:
    """Issue 4: at least 300 cases."""
    assert len(CASES) >= LEAST_CASES


def test_every_case_has_a_twin_of_its_own() -> None:
    """Issue 4: a case that is its own twin proves nothing."""
    assert [case.name for case in CASES if case.bad == case.twin] == []


def test_every_guardrail_has_its_cases() -> None:
    """Issue 4: cases over all guardrails that a proposal can break, several for each."""
    listed = re.findall(r"^- \*\*([A-Z]+-\d+)\*\*", _GUARDRAILS.read_text(encoding="utf-8"), re.MULTILINE)
    wanted = {each for each in listed if each.split("-")[0] in FAMILIES} - set(NOT_ON_A_PROPOSAL)
    counted = Counter(guardrail for case in CASES for guardrail in case.guardrails)
    assert {each: counted[each] for each in wanted if counted[each] < LEAST_OF_A_GUARDRAIL} == {}


def test_cases_name_guardrails_that_exist() -> None:
    """A misspelt id would prove nothing."""
    listed = set(re.findall(r"\*\*([A-Z]+-\d+)\*\*", _GUARDRAILS.read_text(encoding="utf-8")))
    assert {guardrail for case in CASES for guardrail in case.guardrails} - listed == set()


def test_documentation_counts_the_cases() -> None:
    """What docs/guardrails.md says of the set is so."""
    counted = Counter(case.guardrails[0].split("-")[0] for case in CASES)
    rows = re.findall(r"^\| ([A-Z]{3}) \| (\d+) \|$", _GUARDRAILS.read_text(encoding="utf-8"), re.MULTILINE)
    assert {family: int(count) for family, count in rows} == counted
