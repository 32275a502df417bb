"""A JSON array to rows, element by element; a broken element does not take the others along. No other format."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wb_pipeline.contract.read_lines import too_large
from wb_pipeline.contract.reasons import Reason
from wb_pipeline.contract.rows import Row
from wb_pipeline.contract.window import Window

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from wb_pipeline.contract.json_text import JsonReader
    from wb_pipeline.contract.window import Element


def read_array_rows(path: Path, reader: JsonReader) -> Iterator[Row]:
    """Yield a row per element of the array in `path`.

    An array that is cut off, and text behind it, give one more row with a problem each: nothing is lost unseen.
    """
    with path.open("r", encoding="utf-8-sig", errors="surrogateescape", newline="") as stream:
        window = Window(stream, reader.limits.max_line_bytes)
        window.skip_space()
        window.position += 1
        number = 0
        for row in _elements(window, reader):
            number = row.number
            yield row
        window.skip_space()
        if rest := window.take_rest().text:
            yield _problem_row(number + 1, rest, len(rest), reader, _TEXT_BEHIND)


def _elements(window: Window, reader: JsonReader) -> Iterator[Row]:
    number, ended_by = 0, ","
    while ended_by == ",":
        number += 1
        window.skip_space()
        if number == 1 and window.peek() == "]":
            window.position += 1
            return
        if row := _plain_row(number, window, reader):
            yield row
            ended_by = window.peek(window.position - 1)
            continue
        element = window.take_element()
        ended_by = element.ended_by
        yield from _careful_rows(number, element, reader)


def _plain_row(number: int, window: Window, reader: JsonReader) -> Row | None:
    """Return the element as a row if nothing is wrong with it, moving behind its comma; else nothing, not moving."""
    start = window.position
    try:
        value, end = reader.read_at(window.text, start)
    except (ValueError, RecursionError):
        return None
    behind = window.after_space(end)
    is_plain = isinstance(value, dict) and end - start <= reader.limits.max_line_bytes
    if not is_plain or window.peek(behind) not in {",", "]"}:
        return None
    window.position = behind + 1
    shown = window.text[start : min(end, start + reader.limits.raw_text_characters)]
    return Row(number, value, None, shown, end - start)


def _careful_rows(number: int, element: Element, reader: JsonReader) -> Iterator[Row]:
    """Yield the element as a row with its problem, and a second row where the array breaks off behind it."""
    if element.size > reader.limits.max_line_bytes:
        problem = too_large(element.size, reader.limits.max_line_bytes)
        yield _problem_row(number, element.text, element.size, reader, problem)
        return
    mapping, found = reader.read_object(element.text)
    if found and not element.ended_by:
        found = _CUT_OFF
    text = _shown(element.text, reader)
    yield Row(number, mapping, found, text, element.size)
    if not found and not element.ended_by:
        yield Row(number + 1, None, _CUT_OFF, "", 0)


def _problem_row(number: int, text: str, size: int, reader: JsonReader, problem: Reason) -> Row:
    return Row(number, None, problem, _shown(text, reader), size)


def _shown(text: str, reader: JsonReader) -> str:
    start = text[: reader.limits.raw_text_characters]
    return start.encode("utf-8", "surrogateescape").decode("utf-8", "replace").strip()


_CUT_OFF = Reason(
    "cut_off",
    "",
    "The file ends in the middle of its JSON array; what stood before is read. Send the whole file again.",
)
_TEXT_BEHIND = Reason("text_behind_array", "", "Text follows behind the JSON array. Send one array per file.")
