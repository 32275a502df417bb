"""The row of an input file, as every reader yields it. No reading here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from wb_pipeline.contract.reasons import Reason


class Row(NamedTuple):
    """One non-blank row. It is accepted only if `problem` is None; then `mapping` is a bounded JSON object.

    With a problem, `mapping` is a careless reading (or None) that only serves to name the row and its other faults:
    it may hold NaN, lone surrogates and repeated keys.
    """

    number: int
    """1-based: physical line, array element or Parquet row."""

    mapping: dict[str, Any] | None
    problem: Reason | None
    text: str
    """The row's first characters as valid Unicode, for people."""

    size: int
    """Bytes of the whole row (characters in a JSON array)."""
