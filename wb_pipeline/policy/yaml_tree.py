"""YAML text -> plain values and the line of every key. Refuses what a policy does not need; knows nothing of policies.

Anchors and aliases are refused, so nothing can expand; tags too, so nothing is built but text, numbers and lists.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from ruamel.yaml.nodes import ScalarNode

from wb_pipeline.policy.findings import Finding, KeyPath, key_path

MAX_CHARACTERS = 1_000_000
MAX_DEPTH = 20
_TAG = "tag:yaml.org,2002:"


@dataclass(slots=True)
class Tree:
    """A file's values, the 1-based line of every path, and what is wrong with it as YAML."""

    value: Any = None
    lines: dict[KeyPath, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


class _TooDeepError(Exception):
    """The file is nested too deeply to go on."""


def read_tree(text: str) -> Tree:
    """Return the tree of a YAML text. Where it cannot be read, `value` is None and the findings say why."""
    tree = Tree()
    if len(text) > MAX_CHARACTERS:
        tree.findings.append(Finding((), f"the file is longer than {MAX_CHARACTERS:,} characters"))
        return tree
    try:
        tree.value = _Reader(text, tree).document()
    except _TooDeepError:
        tree.value = None
    except YAMLError as error:
        tree.value = None
        tree.findings.append(_unreadable(error))
    return tree


def _unreadable(error: YAMLError) -> Finding:
    if isinstance(error, MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        problem = " ".join(part for part in (error.context, error.problem) if part)
        line = mark.line + 1 if mark else 1
        return Finding((), f"this is not readable YAML: {problem}", "look at the indent and the colons", line)
    return Finding((), "this is not readable YAML: it holds characters that text does not have", line=1)


class _Reader:
    """Builds the values of one document from the parser's events, in one pass."""

    def __init__(self, text: str, tree: Tree) -> None:
        yaml = YAML(typ="safe", pure=True)
        self.resolve = yaml.resolver.resolve
        self.tree = tree
        self.is_plain = True
        self.events = self._watched(yaml.parse(text))

    def document(self) -> Any:
        """Return the one document's values; None with a finding when there is none, or more than one."""
        values: list[Any] = []
        for event in self.events:
            if isinstance(event, DocumentStartEvent):
                if values:
                    self._object(event, (), "a second document starts here", "take the line --- out")
                values.append(self._value(next(self.events), ()))
        if not values:
            self.tree.findings.append(Finding((), "the file is empty", "start from the default policy", 1))
        return values[0] if len(values) == 1 and self.is_plain else None

    def _watched(self, events: Iterator[Event]) -> Iterator[Event]:
        """Yield the events, with a finding for each that a policy does not need."""
        depth = 0
        for event in events:
            depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
            if depth > MAX_DEPTH:
                self._refuse(event, f"this is nested deeper than {MAX_DEPTH} levels")
                raise _TooDeepError
            if isinstance(event, AliasEvent) or (isinstance(event, NodeEvent) and event.anchor):
                hint = "write the value out; quote a text that starts so"
                self._refuse(event, "anchors and aliases (& and *) are not read", hint)
            elif isinstance(event, DocumentStartEvent) and (event.version or event.tags):
                # Under %YAML 1.1 the word off would be a boolean.
                self._refuse(event, "directives (%) are not read", "take the line out")
            elif getattr(event, "tag", None):
                self._refuse(event, "tags (!) are not read", "quote a text that starts with !")
            yield event

    def _refuse(self, event: Event, message: str, hint: str = "") -> None:
        """Object to the file's form: its values would not be what they seem."""
        self.is_plain = False
        self._object(event, (), message, hint)

    def _object(self, event: Event, path: KeyPath, message: str, hint: str = "") -> None:
        self.tree.findings.append(Finding(path, message, hint, event.start_mark.line + 1))

    def _value(self, event: Event, path: KeyPath) -> Any:
        self.tree.lines.setdefault(path, event.start_mark.line + 1)
        if isinstance(event, MappingStartEvent):
            return self._mapping(path)
        if isinstance(event, SequenceStartEvent):
            return self._sequence(path)
        return self._scalar(event, path) if isinstance(event, ScalarEvent) else None

    def _sequence(self, path: KeyPath) -> list[Any]:
        values: list[Any] = []
        while not isinstance(event := next(self.events), SequenceEndEvent):
            values.append(self._value(event, (*path, len(values))))
        return values

    def _mapping(self, path: KeyPath) -> dict[str, Any]:
        values: dict[str, Any] = {}
        while not isinstance(event := next(self.events), MappingEndEvent):
            key = event.value if isinstance(event, ScalarEvent) and self._kind(event) == "str" else None
            if key is None:
                self._object(event, path, "a key must be text", "put it in quotes")
                self._value(event, (*path, "?"))
                self._value(next(self.events), (*path, "?"))
            elif key in values:
                first = self.tree.lines[*path, key]
                self._object(event, (*path, key), f"the key stands twice, first in line {first}", "keep one of the two")
                self._value(next(self.events), (*path, key))
            else:
                self.tree.lines[*path, key] = event.start_mark.line + 1
                values[key] = self._value(next(self.events), (*path, key))
        return values

    def _kind(self, event: ScalarEvent) -> str:
        return str(self.resolve(ScalarNode, event.value, event.implicit)).removeprefix(_TAG)

    def _scalar(self, event: ScalarEvent, path: KeyPath) -> str | int | float | bool | None:
        kind, text = self._kind(event), str(event.value)
        if kind == "str":
            return text
        if kind == "null":
            return None
        if kind == "bool":
            return text.lower() == "true"
        try:
            if kind in ("int", "float"):
                return int(text) if kind == "int" else float(text)
        except ValueError:
            pass
        hint = f"quote {key_path(path) or 'it'} if it is text"
        self._object(event, path, f"{text[:40]!r} is not read as a value here", hint)
        return None
