"""A model's validation errors as reasons in plain words. Only translation: the models say what is wrong."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from wb_pipeline.contract.reasons import Reason

if TYPE_CHECKING:
    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

# Pydantic puts the branch of a union into the path; people look for the key.
_UNION_BRANCH = re.compile(r"constrained-\w+|bool|float|Party|list\[.*|dict\[.*|\[key\]")
_SHOWN_CHARACTERS = 40
_KINDS = {str: "text", bool: "true or false", int: "a number", float: "a number", list: "a list", dict: "an object"}

_MESSAGES: dict[str, tuple[str, str]] = {
    "missing": ("missing", "{field} is missing. Add it and send the row again."),
    "string_type": ("not_text", "{field} must be text, not {kind}. Put it in quotes."),
    "float_type": ("not_a_number", "{field} must be a number, not {kind}{shown}. Write it plainly, such as 85."),
    "int_type": ("not_a_number", "{field} must be a whole number, not {kind}{shown}. Write it plainly, such as 2."),
    "bool_type": ("not_true_or_false", "{field} must be true or false, not {kind}{shown}."),
    "finite_number": ("not_finite", "{field} must be a finite number, not NaN or infinity. Send what was measured."),
    "greater_than_equal": ("out_of_range", "{field} must be at least {ge}, not {value}. Send the true value."),
    "less_than_equal": ("out_of_range", "{field} must be at most {le}, not {value}. Send the true value."),
    "literal_error": ("not_allowed", "{field} must be one of {expected}{shown_not}. Write it exactly so."),
    "string_too_short": ("empty", "{field} is empty. Fill it in, or leave the key out where it is optional."),
    "string_pattern_mismatch": ("empty", "{field} is blank. Fill it in, or leave the key out where it is optional."),
    "string_too_long": ("too_long", "{field} is longer than {max_length} characters. Shorten it."),
    "too_long": ("too_many", "{field} has more than {max_length} entries. Split the row in several."),
    "list_type": ("not_a_list", "{field} must be a list [...], not {kind}."),
    "dict_type": ("not_an_object", "{field} must be an object {{...}}, not {kind}."),
    "model_type": ("not_an_object", "{field} must be an object {{...}}, not {kind}."),
}


def model_reasons(error: ValidationError) -> list[Reason]:
    """Return one reason per place in the row that the model refuses, in the order of the model."""
    found: dict[tuple[str, str], Reason] = {}
    for detail in error.errors(include_url=False):
        reason = _reason(detail)
        found.setdefault((reason.code, reason.field), reason)
    return list(found.values())


def _reason(detail: ErrorDetails) -> Reason:
    field = ".".join(str(part) for part in detail["loc"] if not _UNION_BRANCH.fullmatch(str(part)))
    given = detail.get("input")
    # An empty key says no more than a key that is not there.
    kind = "missing" if given is None and detail["type"].endswith("_type") else detail["type"]
    code, message = _MESSAGES.get(kind, (detail["type"], "{field}: " + detail["msg"].replace("{", "{{")))
    shown = _shown(given)
    words = dict(detail.get("ctx") or {})
    words |= {
        "field": field or "The row",
        "kind": _KINDS.get(type(given), "that"),
        "value": shown,
        "shown": f" ({shown})" if shown else "",
        "shown_not": f", not {shown}" if shown else "",
    }
    return Reason(code, field, message.format_map(words))


def _shown(value: Any) -> str:
    """Return a scalar as JSON, cut; nothing for objects and lists."""
    if not isinstance(value, str | int | float):
        return ""
    text = json.dumps(value[: _SHOWN_CHARACTERS + 1] if isinstance(value, str) else value, ensure_ascii=False)
    return text if len(text) <= _SHOWN_CHARACTERS else f"{text[:_SHOWN_CHARACTERS]}..."
