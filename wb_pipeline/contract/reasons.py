"""Why a row from outside was refused: a stable code, the field, and plain words with the way out. No deciding here."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from wb_pipeline.canonical import canonical_json

if TYPE_CHECKING:
    from collections.abc import Iterable


class Reason(NamedTuple):
    """One thing that is wrong with a row. `field` is a dotted path ("changes.0.field"), "" for the row as a whole."""

    code: str
    field: str
    message: str


def reasons_json(reasons: Iterable[Reason], *, most: int = 50) -> str:
    """Return the first `most` reasons as the JSON text of a list of {code, field, message}."""
    listed = list(reasons)
    shown = [_clean(reason) for reason in listed[:most]]
    if len(listed) > most:
        shown.append(Reason("more_reasons", "", f"{len(listed) - most} more reasons are not shown. Mend these first."))
    return canonical_json([reason._asdict() for reason in shown])


def _clean(reason: Reason) -> Reason:
    # A key or value quoted in a message may hold lone surrogates, which no table can store.
    return Reason(*(part.encode("utf-8", "replace").decode() for part in reason))
