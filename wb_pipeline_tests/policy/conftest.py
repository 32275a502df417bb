"""The default policy: as text, as parsed values, as a policy, and one slip away from itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from wb_pipeline.errors import PolicyError
from wb_pipeline.paths import default_policy_file
from wb_pipeline.policy.load import Policy, parse_policy
from wb_pipeline.policy.tables import policy_tables
from wb_pipeline.policy.yaml_tree import read_tree
from wb_pipeline_tests.policy.permissiveness import Tables


@pytest.fixture(scope="session")
def default_text() -> str:
    """Return the text of the default policy."""
    return default_policy_file().read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def default_values(default_text: str) -> Any:
    """Return the default policy's parsed values; never change them in place."""
    return read_tree(default_text).value


@pytest.fixture(scope="session")
def default_policy(default_text: str) -> Policy:
    """Return the default policy."""
    return parse_policy(default_text, "policy.yaml")


@pytest.fixture(scope="session")
def default_tables(default_policy: Policy) -> Tables:
    """Return the default policy's tables."""
    return policy_tables(default_policy)


@pytest.fixture(scope="session")
def edited(default_text: str) -> Callable[..., str]:
    """Return a function that replaces pieces of the default policy's text; each piece must stand there exactly once."""

    def edit(*pieces: tuple[str, str]) -> str:
        text = default_text
        for old, new in pieces:
            assert text.count(old) == 1, f"{text.count(old)} times in the default policy: {old}"
            text = text.replace(old, new)
        return text

    return edit


@pytest.fixture(scope="session")
def refusal(edited: Callable[..., str]) -> Callable[..., str]:
    """Return a function that edits the default policy and returns the message with which it is refused."""

    def refuse(*pieces: tuple[str, str]) -> str:
        with pytest.raises(PolicyError) as caught:
            parse_policy(edited(*pieces), "policy.yaml")
        return caught.value.message

    return refuse
