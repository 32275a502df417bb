"""A moving window over a long JSON array: find elements and their ends in bounded memory. No parsing of values."""

from __future__ import annotations

import re
from typing import IO, NamedTuple

_SPACE = re.compile(r"[ \t\r\n]*")
_OUTSIDE_STRING = re.compile(r'["\[\]{},]')
_INSIDE_STRING = re.compile(r'\\.|"', re.DOTALL)
_READ_CHARACTERS = 1 << 22


class Element(NamedTuple):
    """The text between two commas of an array. `text` is cut at the window's limit, `size` is not."""

    text: str
    size: int
    ended_by: str
    """`,` or `]`, or nothing where the file ends first."""


class Window:
    """A piece of text that moves along a stream; at least `limit` characters are ahead, unless the stream ends."""

    def __init__(self, stream: IO[str], limit: int) -> None:
        self._stream = stream
        self._limit = limit
        self._is_at_end = False
        self.text = ""
        self.position = 0

    def fill(self) -> None:
        """Read on until `limit` characters (and two to look ahead) lie before the position, dropping what is behind."""
        wanted = self._limit + 2
        while len(self.text) - self.position < wanted and not self._is_at_end:
            piece = self._stream.read(_READ_CHARACTERS)
            self._is_at_end = not piece
            self.text = self.text[self.position :] + piece
            self.position = 0

    def after_space(self, position: int) -> int:
        """Return the first position from `position` on that holds no white space."""
        match = _SPACE.match(self.text, position)
        return match.end() if match else position

    def skip_space(self) -> None:
        """Move to the next character that is not white space."""
        self.fill()
        while (position := self.after_space(self.position)) == len(self.text) and not self._is_at_end:
            self.position = position
            self.fill()
        self.position = position

    def peek(self, position: int | None = None) -> str:
        """Return the character at a position, or nothing at the end."""
        start = self.position if position is None else position
        return self.text[start : start + 1]

    def take_element(self) -> Element:
        """Move behind the element at the position and the comma or bracket that ends it, whatever is in between.

        Brackets are only counted, not matched, so that a broken element costs one row and not the file.
        """
        head, size, depth, is_in_string = "", 0, 0, False
        while True:
            ended_by, depth, is_in_string, end = self._scan(depth, is_in_string)
            size += end - self.position
            if len(head) <= self._limit:
                head += self.text[self.position : end][: self._limit + 1]
            self.position = end + len(ended_by)
            if ended_by or (self._is_at_end and end == len(self.text)):
                return Element(head, size, ended_by)
            self.fill()

    def take_rest(self) -> Element:
        """Move to the end of the stream."""
        head, size = self.text[self.position :][: self._limit + 1], 0
        while self.position < len(self.text):
            size += len(self.text) - self.position
            self.position = len(self.text)
            self.fill()
        return Element(head, size, "")

    def _scan(self, depth: int, is_in_string: bool) -> tuple[str, int, bool, int]:  # noqa: FBT001  (a state, not an option)
        """Return what ends the element in this window ("" if nothing), the state there, and the position."""
        position = self.position
        while match := (_INSIDE_STRING if is_in_string else _OUTSIDE_STRING).search(self.text, position):
            mark, position = match.group(), match.end()
            if is_in_string:
                is_in_string = mark != '"'
            elif mark == '"':
                is_in_string = True
            elif mark in "[{":
                depth += 1
            elif depth == 0 and mark in ",]":
                return mark, depth, is_in_string, match.start()
            elif mark in "]}":
                depth = max(depth - 1, 0)
        is_cut_escape = is_in_string and self.text.endswith("\\") and position < len(self.text) and not self._is_at_end
        return "", depth, is_in_string, len(self.text) - is_cut_escape
