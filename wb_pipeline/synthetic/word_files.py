"""Reads the word lists that lie in `words/`. What is made of them stands in names, places and company_names."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

_FOLDER = files("wb_pipeline.synthetic") / "words"
_PLACES = ("places_anglo", "places_europe", "places_world")
_SPACE = "_"


@cache
def word_file(name: str) -> dict[str, Any]:
    """Return the content of `words/<name>.json`."""
    content = json.loads((_FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    if not isinstance(content, dict):
        raise TypeError(f"words/{name}.json is not an object")
    return content


@cache
def place_words() -> dict[str, dict[str, Any]]:
    """Return what is known of each country, by its two letters."""
    return {code: words for name in _PLACES for code, words in word_file(name).items()}


def culture_names() -> list[str]:
    """Return the names of all naming cultures, sorted."""
    return sorted(item.name.removesuffix(".json") for item in (_FOLDER / "people").iterdir())


def split_words(lines: list[str] | str) -> list[str]:
    """Return the words of one or more lines. Words are parted by spaces; `_` stands for a space inside a word."""
    joined = lines if isinstance(lines, str) else " ".join(lines)
    return [word.replace(_SPACE, " ") for word in joined.split()]
