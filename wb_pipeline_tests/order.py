"""Which test files come first. A process of the tests takes a file at a time: a long one must not be the last."""

from __future__ import annotations

from pathlib import PurePath

import pytest

# The golden one makes the demo, for which other files wait; then half a minute of processor time and more, longest
# first. A file that is missing here runs in its turn.
LONG_FILES = (
    "end_to_end/test_golden.py",
    "cases/test_cases.py",
    "road/test_law_one.py",
    "end_to_end/test_killed.py",
    "road/test_likeness.py",
    "road/test_overwrites.py",
    "end_to_end/test_default_deny.py",
    "end_to_end/test_rerun.py",
    "road/test_properties.py",
    "road/test_triggers.py",
    "road/test_enrollments.py",
    "road/test_budgets.py",
    "facts/test_match_candidates.py",
    "policy/test_mutations.py",
    "benchmarks/matching/test_bench.py",
    "cases/test_laws.py",
    "end_to_end/test_pending.py",
    "road/test_identity.py",
    "facts/test_likeness.py",
    "facts/test_citation_relevance.py",
    "apply/test_kills.py",
    "test_wheel.py",
)


def long_files_first(items: list[pytest.Item]) -> None:
    """Sort tests by file, the long files first; within a file, and among the others, their order stays."""
    root = PurePath(__file__).parent
    places = {root / name: place for place, name in enumerate(LONG_FILES)}
    items.sort(key=lambda item: places.get(item.path, len(places)))
