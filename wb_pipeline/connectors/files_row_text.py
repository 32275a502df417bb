"""A CRM record as the text of its row, and back. Nothing is written that the reader would not take in again."""

from __future__ import annotations

import json
from typing import Any

from wb_pipeline.connectors.writing import Refused
from wb_pipeline.contract.crm_rows import CrmRows
from wb_pipeline.contract.json_text import JsonReader
from wb_pipeline.contract.limits import DEFAULT_LIMITS

_READER = JsonReader()

Record = dict[str, Any]
"""A row as it stands in a file, unknown keys included."""


def row_record(text: bytes) -> Record:
    """Return the record of a row that the reader took."""
    record: Record = json.loads(text.decode().strip().removeprefix("\ufeff"))
    return record


def row_text(record: Record, *, like: bytes = b"") -> bytes:
    """Return a record as the text of a row, spaced as `like`. Raises Refused for what could not be read again."""
    is_compact = bool(like) and b'": ' not in like
    try:
        text = json.dumps(
            record, ensure_ascii=False, allow_nan=False, separators=(",", ":") if is_compact else (", ", ": ")
        )
        data = text.encode()
    except UnicodeEncodeError as error:
        raise Refused("A value holds half characters that are no Unicode text.") from error
    except (ValueError, TypeError, RecursionError) as error:
        raise Refused(f"A value cannot be kept as JSON: {error}."[:300]) from error
    _refuse_unreadable(text, len(data))
    return data


def _refuse_unreadable(text: str, size: int) -> None:
    limit = DEFAULT_LIMITS.max_line_bytes
    if size > limit:
        raise Refused(f"The record would have {size:,} bytes; a row of more than {limit:,} is not read any more.")
    mapping, problem = _READER.read_object(text)
    if problem or mapping is None:
        raise Refused(problem.message if problem else "The record is no JSON object.")
    if reasons := CrmRows().check(mapping):
        raise Refused(reasons[0].message)
