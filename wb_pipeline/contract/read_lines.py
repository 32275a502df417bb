"""JSON Lines to rows, holding one bounded line at a time. No other format."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

from wb_pipeline.contract.reasons import Reason
from wb_pipeline.contract.rows import Row

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from wb_pipeline.contract.json_text import JsonReader

_UTF8_BOM = b"\xef\xbb\xbf"


def read_line_rows(path: Path, reader: JsonReader) -> Iterator[Row]:
    """Yield a row per non-blank physical line; a line over the limit is passed over in pieces and reported."""
    limit = reader.limits.max_line_bytes
    with path.open("rb") as stream:
        number = 0
        while line := stream.readline(limit + 1):
            number += 1
            if len(line) > limit and not line.endswith(b"\n"):
                yield _too_large(number, line, len(line) + _pass_over(stream, limit), reader)
            elif line.strip().removeprefix(_UTF8_BOM):
                yield _row(number, line, reader)


def _pass_over(stream: IO[bytes], step: int) -> int:
    """Read to the end of the current line without keeping it; return the bytes passed."""
    passed = 0
    while piece := stream.readline(step):
        passed += len(piece)
        if piece.endswith(b"\n"):
            break
    return passed


def _row(number: int, line: bytes, reader: JsonReader) -> Row:
    shown = reader.limits.raw_text_characters
    try:
        text = line.decode().strip().removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        text = line.decode("utf-8", "replace").strip()
        mapping, _ = reader.read_object(text)
        message = f"The row is not valid UTF-8 at byte {error.start + 1}. Save the file as UTF-8 and send it again."
        return Row(number, mapping, Reason("not_unicode", "", message), text[:shown], len(line))
    mapping, problem = reader.read_object(text)
    return Row(number, mapping, problem, text[:shown], len(line))


def _too_large(number: int, head: bytes, size: int, reader: JsonReader) -> Row:
    text = head[: 4 * reader.limits.raw_text_characters].decode("utf-8", "replace").strip()
    problem = too_large(size, reader.limits.max_line_bytes)
    return Row(number, None, problem, text[: reader.limits.raw_text_characters], size)


def too_large(size: int, limit: int) -> Reason:
    """Return the reason for a row over the size limit, in every format."""
    message = f"The row has {size:,} bytes; at most {limit:,} are read. Shorten its longest text, or link to it."
    return Reason("row_too_large", "", message)
