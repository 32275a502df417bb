"""Values -> the typed document, or a finding per key with the wrong name, type or form. Meaning is for `checks`."""

from __future__ import annotations

import re
from types import NoneType
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from wb_pipeline.policy.findings import Finding, KeyPath, did_you_mean
from wb_pipeline.policy.models import PolicyDocument
from wb_pipeline.policy.models_fields import SuggestionField
from wb_pipeline.policy.section import FieldName
from wb_pipeline.policy.value_types import Alias, Because, Currency, Domain, Email
from wb_pipeline.policy.yaml_tree import Tree

_WORDS = {
    "int_type": "a whole number is expected",
    "int_from_float": "a whole number is expected",
    "float_type": "a number is expected",
    "string_type": "text is expected",
    "list_type": "a list is expected",
    "dict_type": "a section with keys is expected",
    "model_type": "a section with keys is expected",
    "too_short": "it is empty",
    "too_long": "it has too many entries",
    "missing": "the key is missing",
    "extra_forbidden": "there is no such key",
    "finite_number": "a finite number is expected",
    "string_pattern_mismatch": "text of another form is expected",
}
# What a pattern of `value_types` and `section` means in words.
_FORMS = {
    pattern: words
    for annotation, words in (
        (Currency, "three capital letters, as in USD"),
        (Domain, "a domain in lower case, as in northwind.example"),
        (Email, "an email address; services with secrets in their address do not belong in a policy"),
        (Alias, "lower case letters and digits"),
        (Because, 'start with "because" and give the reason'),
        (FieldName, "letters, digits and underscores"),
        (SuggestionField, "a name that starts with ai_suggested_"),
    )
    for pattern in [get_args(annotation)[1].pattern]
}
_NOTHING = object()
_QUOTED = re.compile(r"'([^']*)'")


def read_document(tree: Tree) -> tuple[PolicyDocument | None, list[Finding]]:
    """Return the document, or None and a finding per mistake."""
    if not isinstance(tree.value, dict):
        return None, [Finding((), "sections with keys are expected", "start from the default policy")]
    try:
        return PolicyDocument.model_validate(tree.value), []
    except ValidationError as error:
        return None, _merged(error.errors(include_url=False), tree)


def _merged(errors: list[ErrorDetails], tree: Tree) -> list[Finding]:
    """Return one finding per key: the branches of an "either or" tell of one mistake."""
    by_path: dict[KeyPath, list[Finding]] = {}
    for error in errors:
        finding = _finding(error, tree)
        by_path.setdefault(finding.path, []).append(finding)
    return [_either(findings) for findings in by_path.values()]


def _either(findings: list[Finding]) -> Finding:
    messages = list(dict.fromkeys(item.message for item in findings))
    hints = list(dict.fromkeys(item.hint for item in findings if item.hint))
    return Finding(findings[0].path, ", or ".join(messages), "; ".join(hints))


def _finding(error: ErrorDetails, tree: Tree) -> Finding:
    given, kind = error["input"], error["type"]
    path = _path_in_file(error["loc"], tree.value)
    if kind == "extra_forbidden":
        return Finding(path, _WORDS[kind], did_you_mean(str(path[-1]), _keys_at(path[:-1])))
    if kind == "missing":
        return Finding(
            (*path, str(error["loc"][-1])), _WORDS[kind], "every key is stated, also when its list is empty: []"
        )
    if kind == "literal_error":
        return _literal(path, error)
    message = _WORDS.get(kind) or error["msg"].removeprefix("Value error, ")
    if isinstance(given, str | int | float | bool | NoneType):
        message += f", not {_shown(given)}"
    hint = _FORMS.get(str(error.get("ctx", {}).get("pattern", "")), "") or _number_hint(kind, given)
    return Finding(path, message, hint)


def _literal(path: KeyPath, error: ErrorDetails) -> Finding:
    expected = str(error.get("ctx", {}).get("expected", ""))
    hint = did_you_mean(error["input"], _QUOTED.findall(expected)) if isinstance(error["input"], str) else ""
    return Finding(path, f"{_shown(error['input'])} is not one of {expected}", hint)


def _shown(value: object) -> str:
    if value is None:
        return "nothing"
    return "a list" if isinstance(value, list) else "a section" if isinstance(value, dict) else repr(value)[:80]


def _number_hint(kind: str, given: object) -> str:
    if kind in ("int_type", "float_type") and isinstance(given, str):
        return "write the number without quotes and without separators"
    return "quote it" if kind == "string_type" and isinstance(given, int | float | bool) else ""


def _path_in_file(location: tuple[str | int, ...], value: object) -> KeyPath:
    """Return the part of pydantic's location that the file has: without the names of an "either or"'s branches."""
    path: list[str | int] = []
    for part in location:
        below = _entry(value, part)
        if below is _NOTHING:
            break
        path.append(part)
        value = below
    return tuple(path)


def _entry(value: object, part: str | int) -> object:
    if isinstance(value, dict):
        return value.get(part, _NOTHING)
    if isinstance(value, list) and isinstance(part, int) and part < len(value):
        return value[part]
    return _NOTHING


def _keys_at(path: KeyPath) -> set[str]:
    """Return the keys that the section at `path` may have; empty where they are free."""
    annotation: Any = PolicyDocument
    for part in path:
        annotation = _below(annotation, part)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return {info.alias or name for name, info in annotation.model_fields.items()}
    return set()


def _below(annotation: Any, part: str | int) -> Any:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        named = {info.alias or name: info.annotation for name, info in annotation.model_fields.items()}
        return named.get(str(part))
    return get_args(annotation)[-1] if get_origin(annotation) in (dict, list) else None
