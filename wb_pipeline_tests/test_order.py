"""The long test files come first, and nothing else moves."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

from wb_pipeline_tests.order import LONG_FILES, long_files_first

TESTS = Path(__file__).parent


def test_long_files_are_there() -> None:
    """A file that was renamed would run last, unnoticed."""
    assert [name for name in LONG_FILES if not (TESTS / name).is_file()] == []


def test_long_files_come_first_and_nothing_else_moves() -> None:
    """The tests of a file stay in their order: they share what is made for them."""
    paths = [TESTS / "a.py", TESTS / LONG_FILES[1], TESTS / "b.py", TESTS / LONG_FILES[0], TESTS / LONG_FILES[1]]
    items = [SimpleNamespace(path=path, number=number) for number, path in enumerate(paths)]
    long_files_first(items)
    assert [item.number for item in items] == [3, 1, 4, 0, 2]
