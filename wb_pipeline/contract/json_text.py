"""One JSON text to one bounded Python object, or the reason why not. No files, no meaning of keys."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from wb_pipeline.contract.limits import DEFAULT_LIMITS
from wb_pipeline.contract.reasons import Reason

if TYPE_CHECKING:
    from wb_pipeline.contract.limits import Limits


_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")  # an escape in the surrogate range
_INT64_DIGITS = 18


class Parsed(NamedTuple):
    """A JSON text as read. With a problem, `value` is a lenient reading (or None) that only serves to name the row."""

    value: Any
    problem: Reason | None


class _RefusedError(ValueError):
    """Valid JSON in the wide sense, but something we do not accept."""

    def __init__(self, code: str, message: str, field: str = "") -> None:
        super().__init__(message)
        self.reason = Reason(code, field, message)


class JsonReader:
    """Reads JSON strictly: no repeated keys, no NaN or infinity, bounded numbers, keys and depth, only real Unicode."""

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        self.limits = limits
        self._known_keys: set[str] = set()
        self._decoder = json.JSONDecoder(
            object_pairs_hook=self._object,
            parse_int=self._whole_number,
            parse_float=self._real_number,
            parse_constant=_refuse_constant,
        )

    def read(self, text: str) -> Parsed:
        """Return the value of one complete JSON text."""
        text = text.removeprefix("\ufeff")
        try:
            value = self._decoder.decode(text)
            self._check_whole(text, value)
        except _RefusedError as refused:
            return Parsed(_read_leniently(text), refused.reason)
        except json.JSONDecodeError as error:
            return Parsed(None, Reason("not_json", "", _syntax_message(error)))
        except RecursionError:
            return Parsed(None, self._too_deep())
        return Parsed(value, None)

    def read_object(self, text: str) -> tuple[dict[str, Any] | None, Reason | None]:
        """Return the object of one complete JSON text, or the reason why it is none (with what could be read)."""
        value, problem = self.read(text)
        if isinstance(value, dict):
            return value, problem
        return None, problem or Reason("not_an_object", "", "The row is not a JSON object. Write {...} with its keys.")

    def read_at(self, text: str, position: int) -> tuple[Any, int]:
        """Return the value that starts at `position` and where it ends.

        Raises ValueError or RecursionError when there is none that we accept; `read` of its text tells the reason.
        """
        value, end = self._decoder.raw_decode(text, position)
        self._check_whole(text[position:end], value)
        return value, end

    def _check_whole(self, text: str, value: Any) -> None:
        """Check what cannot be seen while decoding; the cheap test of the text comes first."""
        if not text.isascii() or _SURROGATE.search(text):
            _check_unicode(text, value)
        if text.count("{") + text.count("[") > self.limits.max_depth and depth(value) > self.limits.max_depth:
            reason = self._too_deep()
            raise _RefusedError(reason.code, reason.message)

    def _too_deep(self) -> Reason:
        return Reason("too_deep", "", f"The row nests deeper than {self.limits.max_depth} levels. Send flatter values.")

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) < len(pairs):
            key = Counter(name for name, _ in pairs).most_common(1)[0][0]
            message = f"The key {key[:80]!r} stands twice in one object: which value counts is unclear. Send it once."
            raise _RefusedError("repeated_key", message, key[:80])
        # Files repeat their keys: most objects cost one look into a set.
        if not made.keys() <= self._known_keys:
            self._check_keys(made)
        return made

    def _check_keys(self, made: dict[str, Any]) -> None:
        if len(made) > self.limits.max_keys:
            message = f"An object has {len(made)} keys; at most {self.limits.max_keys} are read. Send fewer."
            raise _RefusedError("too_many_keys", message)
        if len(max(made, key=len)) > self.limits.max_key_characters:
            message = f"A key is longer than {self.limits.max_key_characters} characters. Shorten it."
            raise _RefusedError("key_too_long", message)
        if len(self._known_keys) + len(made) <= self.limits.max_keys:
            self._known_keys.update(made)

    def _whole_number(self, digits: str) -> int:
        self._check_digits(digits)
        return int(digits)

    def _real_number(self, digits: str) -> float:
        self._check_digits(digits)
        number = float(digits)
        if math.isinf(number):
            message = f"The number {digits[:40]} is larger than a computer's numbers. Send a finite number."
            raise _RefusedError("number_too_large", message)
        return number

    def _check_digits(self, digits: str) -> None:
        if len(digits) > self.limits.max_number_characters:
            message = f"A number has {len(digits)} digits. Send it as text if all of them matter."
            raise _RefusedError("number_too_long", message)


def _refuse_constant(name: str) -> float:
    raise _RefusedError("not_finite", f"{name} is not a JSON number. Send a finite number, or leave the key out.")


def _syntax_message(error: json.JSONDecodeError) -> str:
    return (
        f"The row is not valid JSON: {error.msg} at character {error.pos + 1}. "
        "Write one complete JSON object per line, or one JSON array per file."
    )


def _check_unicode(text: str, value: Any) -> None:
    try:
        text.encode()
        if _SURROGATE.search(text):
            json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        message = "The row holds bytes or half characters that are not valid Unicode text. Save it as UTF-8."
        raise _RefusedError("not_unicode", message) from error


def depth(value: Any) -> int:
    """Return how many objects and lists stand inside each other, without recursion."""
    level, depth = [value], 0
    while level := [item for item in level if isinstance(item, dict | list)]:
        depth += 1
        level = [child for item in level for child in (item.values() if isinstance(item, dict) else item)]
    return depth


def _read_leniently(text: str) -> Any:
    """Return what a careless reader would see: enough to name a refused row and to find its further faults."""
    try:
        return json.loads(text, parse_int=_any_number)
    except (ValueError, RecursionError):
        return None


def _any_number(digits: str) -> float:
    return int(digits) if len(digits) <= _INT64_DIGITS else float(digits[:400])
