"""A file of rows as raw pieces, of which single rows can be replaced and the others stay as they are, byte by byte.

Which rows there are is for the contract's readers to say; what a row means is not known here.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wb_pipeline.contract.read import FileFormat

_SPACE = re.compile(r"[ \t\r\n]*")
_PIECES_OF_TWO = 5  # before, element, between, element, behind
_TEXT = ("utf-8", "surrogateescape")


class NotRewritableError(Exception):
    """The file can be read, but no row of it replaced. The message says why, and what to do."""


class Pieces:
    """The bytes of a file, cut so that every row is one piece. Row numbers are those of the contract's readers."""

    def __init__(self, data: bytes, file_format: FileFormat) -> None:
        if file_format == "parquet":
            raise NotRewritableError("Parquet files are only read. Export it as JSON Lines to let it be written")
        self._is_array = file_format == "json"
        self._pieces = _array_pieces(data) if self._is_array else _lines(data)

    def row(self, number: int) -> bytes:
        """Return the text of a row, without the end of its line."""
        piece = self._pieces[self._place(number)]
        return piece if self._is_array else piece.rstrip(b"\r\n")

    def replace(self, number: int, text: bytes) -> None:
        """Put a text in the place of a row; the end of its line stays."""
        place = self._place(number)
        piece = self._pieces[place]
        end = b"" if self._is_array else piece[len(piece.rstrip(b"\r\n")) :]
        self._pieces[place] = text + end

    def append(self, text: bytes) -> int:
        """Put a row behind the last; return its number."""
        if self._is_array:
            return self._append_element(text)
        if self._pieces and not self._pieces[-1].endswith(b"\n"):
            self._pieces[-1] += b"\n"
        self._pieces.append(text + b"\n")
        return len(self._pieces)

    def data(self) -> bytes:
        """Return the whole file."""
        return b"".join(self._pieces)

    def _place(self, number: int) -> int:
        return 2 * number - 1 if self._is_array else number - 1

    def _append_element(self, text: bytes) -> int:
        # [before, element, between, element, ..., behind]; without elements, one piece holds both brackets.
        if len(self._pieces) == 1:
            head, bracket, tail = self._pieces[0].rpartition(b"]")
            self._pieces = [head, text, bracket + tail]
            return 1
        between = self._pieces[2] if len(self._pieces) >= _PIECES_OF_TWO else b",\n"
        self._pieces[-1:] = [between, text, self._pieces[-1]]
        return (len(self._pieces) - 1) // 2


def _lines(data: bytes) -> list[bytes]:
    """Cut at line feeds only, as the reader of JSON Lines counts its lines."""
    lines = [line + b"\n" for line in data.split(b"\n")]
    lines[-1] = lines[-1][:-1]
    return lines if lines[-1] else lines[:-1]


def _array_pieces(data: bytes) -> list[bytes]:
    """Cut an array at its elements. Raises NotRewritableError where it is not one whole array of JSON values."""
    try:
        return [piece.encode(*_TEXT) for piece in _cut(data.decode(*_TEXT))]
    except (ValueError, IndexError, RecursionError) as error:
        raise NotRewritableError("it is not one whole JSON array. Mend it, or save it as JSON Lines") from error


def _cut(text: str) -> list[str]:
    decoder = json.JSONDecoder()
    pieces, start = [], 0
    position = _behind_space(text, text.index("[") + 1)
    if text[position] == "]":
        return [text]
    while True:
        _, end = decoder.raw_decode(text, position)
        pieces += [text[start:position], text[position:end]]
        start, behind = end, _behind_space(text, end)
        if text[behind] != ",":
            break
        position = _behind_space(text, behind + 1)
    if text[behind] != "]" or text[behind + 1 :].strip():
        raise ValueError(text[behind : behind + 20])
    return [*pieces, text[start:]]


def _behind_space(text: str, position: int) -> int:
    match = _SPACE.match(text, position)
    return match.end() if match else position
