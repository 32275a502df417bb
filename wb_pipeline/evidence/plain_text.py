"""HTML as what a reader sees: text, line ends, quoted parts behind `>`. Any other text stays as it is."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

from wb_pipeline.normalize.word_tables import word_set

MAX_HTML = 200_000
"""Characters of an HTML body that are read, about 80 pages. What comes later is not there: nothing is found in it."""
MAX_NESTING = 200

# A tag that mail programs write; `<ana@acme.example>` and `a < b` in plain text are none.
_LOOKS_LIKE_HTML = re.compile(
    r"<(?:!doctype html|/?(?:html|body|div|p|br|span|table|tr|td|ul|ol|li|b|i|strong|em|a|font|blockquote|h[1-6])"
    r"(?:\s[^<>]{0,2000})?/?)>",
    re.IGNORECASE,
)
_BREAKS = word_set("address article blockquote body br dd div dl dt h1 h2 h3 h4 h5 h6 hr li ol p pre table tr ul")
_VOID = word_set("area base br col embed hr img input link meta source track wbr")
_UNSEEN = word_set("script style head title template noscript")
_HIDDEN = re.compile(
    r"display\s{0,9}:\s{0,9}none|visibility\s{0,9}:\s{0,9}hidden|"
    r"font-size\s{0,9}:\s{0,9}0(?:px|pt|em|%)?\s{0,9}(?:;|$)",
    re.IGNORECASE,
)
_MAX_STYLE = 2_000


def plain_text(body: Any) -> str:
    """Return a body as plain text; empty where it is none. Bounded in time and never raises."""
    if not isinstance(body, str):
        return ""
    if "<" not in body or not _LOOKS_LIKE_HTML.search(body[:MAX_HTML]):
        return body
    reader = _Reader()
    reader.feed(_without_open_tag(body[:MAX_HTML]))
    return reader.text()


def _without_open_tag(html: str) -> str:
    """Cut a tag at the end that nothing closes: the parser would look for its end again and again."""
    end = html.rfind(">") + 1
    start = html.find("<", end)
    return html if start < 0 else html[:start]


class _Reader(HTMLParser):
    """Collects seen text line by line, each with the depth of its quotation."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[tuple[str, bool, bool]] = []
        self._lines: list[tuple[int, list[str]]] = [(0, [])]
        self._hidden = 0
        self._quoted = 0

    def text(self) -> str:
        self.close()
        lines = [(depth, " ".join("".join(parts).split())) for depth, parts in self._lines]
        return "\n".join(">" * depth + (" " if depth else "") + line for depth, line in lines if line)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what an element opens: something unseen, a quotation, a new line."""
        given = dict(attrs)
        is_hidden = tag in _UNSEEN or "hidden" in given or bool(_HIDDEN.search((given.get("style") or "")[:_MAX_STYLE]))
        is_quote = tag == "blockquote" or "gmail_quote" in (given.get("class") or "")
        if tag not in _VOID and len(self._open) < MAX_NESTING:
            self._open.append((tag, is_hidden, is_quote))
            self._hidden += is_hidden
            self._quoted += is_quote
        if tag in _BREAKS or is_quote:
            self._new_line()

    def handle_endtag(self, tag: str) -> None:
        if any(name == tag for name, _, _ in self._open):
            self._close_down_to(tag)
        if tag in _BREAKS:
            self._new_line()

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self._lines[-1][1].append(data)

    def _close_down_to(self, tag: str) -> None:
        name = ""
        while name != tag:
            name, was_hidden, was_quote = self._open.pop()
            self._hidden -= was_hidden
            self._quoted -= was_quote
            if was_quote:
                self._new_line()

    def _new_line(self) -> None:
        self._lines.append((self._quoted, []))
