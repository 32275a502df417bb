"""The section about the names of a CRM's database: it may be missing, and what the documentation shows is one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from wb_pipeline.errors import PolicyError
from wb_pipeline.paths import default_policy_file
from wb_pipeline.policy.load import parse_policy
from wb_pipeline.policy.models_crm import CONTRACT_NAMES

DEFAULT = default_policy_file().read_text(encoding="utf-8")
PAGE = Path(__file__).parents[2] / "docs" / "postgres.md"


def test_policy_without_the_section_means_the_contracts_names() -> None:
    """OPS-6: policies from before the section was there are whole."""
    assert "\ncrm:" not in DEFAULT
    assert parse_policy(DEFAULT, "policy.yaml").document.crm == CONTRACT_NAMES


def test_section_of_the_documentation_is_read() -> None:
    """SYN-1: tables and columns by object and field."""
    (section,) = re.findall(r"```yaml\n(crm:.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    crm = parse_policy(f"{DEFAULT}\n{section}", "policy.yaml").document.crm
    assert crm.tables == {"contact": "sales.people", "company": "sales.firms"}
    assert crm.columns["contact"]["title"] == "job_title"


@pytest.mark.parametrize(
    ("section", "place"),
    [
        ("crm: {tables: {}}", "crm.columns: the key is missing"),
        ("crm: {tables: {spaceship: x}, columns: {}}", "crm.tables.spaceship"),
        ('crm: {tables: {contact: "a\\tb"}, columns: {}}', "crm.tables.contact"),
        ("crm: {tables: {}, columns: {contact: {}}}", "crm.columns.contact: it is empty"),
        ("crm: {tables: {}, columns: {}, url: x}", "crm.url: there is no such key"),
    ],
)
def test_mistake_in_the_section_is_named(section: str, place: str) -> None:
    """FLD-1, CON-7: unknown objects, control characters and lost keys are mistakes, never defaults."""
    with pytest.raises(PolicyError, match=re.escape(place)):
        parse_policy(f"{DEFAULT}\n{section}\n", "policy.yaml")
