"""Slips of the hand in a policy: one place of the parsed file is dropped, misspelt, emptied ... For tests only."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

Path = tuple[str | int, ...]
Slip = Callable[[Any, Path], Any]


def places(value: Any, path: Path = ()) -> Iterator[Path]:
    """Yield the path of every key, and of the first and last entry of every list of words."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, below in items:
        if isinstance(key, int) and isinstance(below, str) and 0 < key < len(value) - 1:
            continue
        yield (*path, key)
        yield from places(below, (*path, key))


def at(value: Any, path: Path) -> Any:
    """Return what stands at a path."""
    for part in path:
        value = value[part]
    return value


def _changed(data: Any, path: Path, change: Callable[[Any, Any], None]) -> Any:
    """Return a copy along the path, changed at its end; the rest is shared."""
    changed = copy.copy(data)
    if len(path) == 1:
        change(changed, path[0])
    else:
        changed[path[0]] = _changed(changed[path[0]], path[1:], change)
    return changed


def drop(data: Any, path: Path) -> Any:
    """Return the data without the key or entry."""
    return _changed(data, path, lambda holder, key: holder.__delitem__(key))


def put(data: Any, path: Path, value: Any) -> Any:
    """Return the data with another value at the path."""
    return _changed(data, path, lambda holder, key: holder.__setitem__(key, value))


def to_null(data: Any, path: Path) -> Any:
    """Return the data with nothing at the path."""
    return put(data, path, None)


def to_empty(data: Any, path: Path) -> Any:
    """Return the data with an empty list, section or text at the path."""
    value = at(data, path)
    return put(data, path, type(value)()) if isinstance(value, list | dict | str) else None


def to_other_type(data: Any, path: Path) -> Any:
    """Return the data with a value of another type that looks alike."""
    value = at(data, path)
    if isinstance(value, dict):
        return put(data, path, [value])
    if isinstance(value, list):
        return put(data, path, value[0] if value else "")
    return put(data, path, [value] if isinstance(value, str) else str(value))


def to_share_of_one(data: Any, path: Path) -> Any:
    """Return the data with 0.8 for 80; None where there is no number, or a rate, whose size says nothing."""
    value = at(data, path)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return put(data, path, value / 100) if is_number and "exchange_rates" not in path else None


def misspell(data: Any, path: Path) -> Any:
    """Return the data with two letters of the key swapped; None for an entry of a list, or where nothing changes."""
    key = path[-1]
    if not isinstance(key, str) or len(key) < 2:
        return None
    middle = len(key) // 2
    wrong = key[: middle - 1] + key[middle] + key[middle - 1] + key[middle + 1 :]
    holder = at(data, path[:-1])
    if wrong in holder:
        return None
    renamed = {wrong if name == key else name: value for name, value in holder.items()}
    return put(data, path[:-1], renamed) if path[:-1] else renamed


def to_true(data: Any, path: Path) -> Any:
    """Return the data with a yes-or-no value at the path."""
    return put(data, path, True)


SLIPS: dict[str, Slip] = {
    slip.__name__: slip for slip in (drop, to_null, to_empty, to_other_type, to_share_of_one, misspell, to_true)
}
