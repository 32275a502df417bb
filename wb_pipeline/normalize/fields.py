"""Is a value valid for its format, and what is its comparison form (FLD-5)? Which field has which format is policy."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from wb_pipeline.canonical import canonical_json
from wb_pipeline.normalize import dates, numbers, phones, urls
from wb_pipeline.normalize.domains import MAX_HOST, normalize_host
from wb_pipeline.normalize.emails import normalize_email
from wb_pipeline.normalize.picklists import picklist
from wb_pipeline.normalize.text import (
    MAX_EXTERNAL_ID,
    has_forbidden_characters,
    is_blank,
    normalize_external_id,
    normalize_text,
)

if TYPE_CHECKING:
    from collections.abc import Callable

DEFAULT_TEXT_LENGTH = 2_000
MAX_LIST_ITEMS = 200
_MAX_NUMBER_TEXT = 64
# JSON text without escapes stands for itself: most values, and a parser less.
_PLAIN_JSON_TEXT = re.compile(r'"[ !#-\[\]-~]*"')
_DEFAULT_LENGTHS = {
    "email": 254,
    "domain": MAX_HOST,
    "url": urls.MAX_LENGTH,
    "phone": phones.MAX_LENGTH,
    "number": _MAX_NUMBER_TEXT,
    "date": _MAX_NUMBER_TEXT,
    "datetime": _MAX_NUMBER_TEXT,
    "boolean": _MAX_NUMBER_TEXT,
    "id": MAX_EXTERNAL_ID,
}


@dataclass(frozen=True, slots=True)
class FieldRule:
    """What the policy says about a field's values.

    `format` None = the policy names none: a scalar, text within the default length. `max_length` in characters
    (of each item, for a list). `options` = the picklist; when given, the value (each item of a list) must be in it, or
    be one of the `words` (word, option) that stand for one.
    """

    format: str | None = None
    max_length: int | None = None
    options: frozenset[str] = frozenset()
    words: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Valid:
    """The value fits. `normalized` is its comparison form (JSON-able); None = the value is empty (clears the field)."""

    normalized: Any


@dataclass(frozen=True, slots=True)
class Invalid:
    """The value does not fit: a stable code, and the same in words that carry nothing of the value."""

    reason: str
    words: str


Verdict: TypeAlias = Valid | Invalid
_NESTED = Invalid("nested_value", "one plain value is expected, not a list or an object")
_CONTROL = Invalid("control_characters", "the text holds control or display-reordering characters")
_UNREADABLE = Invalid("unreadable_value", "the value is not readable JSON")


def is_empty(value: object) -> bool:
    """Say whether writing the value would clear the field: null, blank text, an empty list or object."""
    return value is None or (isinstance(value, str) and is_blank(value)) or value in ([], {})


def check_json(text: str, rule: FieldRule, *, is_append: bool = False) -> tuple[Verdict, bool]:
    """Judge a value that travels as JSON text. Returns the verdict and whether the value is empty."""
    try:
        value = text[1:-1] if _PLAIN_JSON_TEXT.fullmatch(text) else json.loads(text)
    except (ValueError, RecursionError):
        return _UNREADABLE, False
    if is_empty(value):
        return Valid(None), True
    return check_value(value, rule, is_append=is_append), False


def plain_text(normalized: Any) -> str:
    """Return a normalized value as text to compare: text as it is, anything else as canonical JSON."""
    return normalized if isinstance(normalized, str) else canonical_json(normalized)


def check_value(value: object, rule: FieldRule, *, is_append: bool = False) -> Verdict:
    """Judge one value by its field's rule. An empty value is valid: whether a field may be cleared is OVW-3's question.

    `is_append` lets one item stand for a list of one.
    """
    if is_empty(value):
        return Valid(None)
    if rule.format == "list":
        return _check_list([value] if is_append and not isinstance(value, list) else value, rule)
    return _check_scalar(value, rule)


def _check_list(value: object, rule: FieldRule) -> Verdict:
    if not isinstance(value, list):
        return Invalid("not_a_list", "a list is expected")
    if len(value) > MAX_LIST_ITEMS:
        return Invalid("too_many_items", f"the list has more than {MAX_LIST_ITEMS} items")
    item_rule = FieldRule("picklist" if rule.options else None, rule.max_length, rule.options, rule.words)
    normalized = []
    for item in value:
        verdict = (
            Invalid("empty_item", "the list has an empty item") if is_empty(item) else _check_scalar(item, item_rule)
        )
        if isinstance(verdict, Invalid):
            return verdict
        if verdict.normalized not in normalized:
            normalized.append(verdict.normalized)
    return Valid(normalized)


def _check_scalar(value: object, rule: FieldRule) -> Verdict:
    if isinstance(value, list | dict):
        return _NESTED
    if isinstance(value, str):
        limit = rule.max_length or _DEFAULT_LENGTHS.get(rule.format or "text", DEFAULT_TEXT_LENGTH)
        if len(value) > limit:
            return Invalid("too_long", f"the text is longer than {limit} characters")
        if has_forbidden_characters(value):
            return _CONTROL
    if rule.options or rule.format == "picklist":
        return _check_picklist(value, rule)
    check = _CHECKS.get(rule.format or "scalar")
    return (
        check(value) if check else Invalid("unknown_format", "the policy gives this field a format that is not known")
    )


def _check_picklist(value: object, rule: FieldRule) -> Verdict:
    options = picklist(rule.options, rule.words)
    number = numbers.normalize_number(value) if options.ranges and not isinstance(value, str) else None
    if not isinstance(value, str) and number is None:
        return Invalid("wrong_type", "text from the picklist is expected")
    # An empty list lets nothing through: a picklist that was not loaded must not become free text.
    given = str(number) if number is not None else normalize_text(str(value))
    found = options.find(given)
    return Valid(found) if found is not None else Invalid("not_in_picklist", _words_about(options.nearest(given)))


def _words_about(nearest: list[str]) -> str:
    """Name the options that look most like the value: words of the policy, nothing of the value."""
    known = f"; the nearest that it has: {', '.join(nearest)}" if nearest else ""
    return f"the value is not in the CRM's picklist{known}"


def _check_unformatted(value: object) -> Verdict:
    if isinstance(value, str):
        return Valid(normalize_text(value))
    return Valid(value) if isinstance(value, bool) else _check_number(value)


def _check_text(value: object) -> Verdict:
    return Valid(normalize_text(value)) if isinstance(value, str) else Invalid("wrong_type", "text is expected")


def _check_number(value: object) -> Verdict:
    number = numbers.normalize_number(value)
    return Invalid("not_a_number", "a finite number is expected") if number is None else Valid(number)


def _check_boolean(value: object) -> Verdict:
    if isinstance(value, str):
        value = {"true": True, "false": False}.get(value.strip().lower())
    return Valid(value) if isinstance(value, bool) else Invalid("not_a_boolean", "true or false is expected")


def _check_datetime(value: object) -> Verdict:
    if isinstance(value, str) and dates.has_time_zone(value) is False:
        return Invalid("no_time_zone", "the time has no zone")
    return _is_datetime(value)


def _check_id(value: object) -> Verdict:
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**18:
        value = str(value)
    return _is_id(value)


def _text_check(normalize: Callable[[str], str | None], reason: str, words: str) -> Callable[[object], Verdict]:
    refused = Invalid(reason, words)

    def check(value: object) -> Verdict:
        normalized = normalize(value) if isinstance(value, str) else None
        return refused if normalized is None else Valid(normalized)

    return check


_is_datetime = _text_check(dates.normalize_datetime, "not_a_datetime", "an ISO 8601 time with a zone is expected")
_is_id = _text_check(normalize_external_id, "not_an_id", "an id is expected: one line of at most 255 characters")
_CHECKS: dict[str, Callable[[object], Verdict]] = {
    "scalar": _check_unformatted,
    "text": _check_text,
    "number": _check_number,
    "boolean": _check_boolean,
    "datetime": _check_datetime,
    "id": _check_id,
    "email": _text_check(normalize_email, "not_an_email", "an email address is expected"),
    "domain": _text_check(normalize_host, "not_a_domain", "a domain name is expected, without http:// or a path"),
    "url": _text_check(urls.normalize_url, "not_a_url", "an http:// or https:// address is expected"),
    "phone": _text_check(phones.normalize_phone, "not_a_phone", "a phone number with its country code is expected"),
    "date": _text_check(dates.normalize_date, "not_a_date", "a day such as 2026-03-02 is expected"),
}
