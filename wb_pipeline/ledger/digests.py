"""Digests of personal values and of change ids as DuckDB expressions. Whole decisions are in `decisions_digest`.

Only fixed column names of `decision_columns` are put into SQL here, never text from outside.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from wb_pipeline.canonical import text_hash
from wb_pipeline.ledger.decision_columns import DECISION_COLUMNS, PERSONAL_COLUMNS, digest_column

if TYPE_CHECKING:
    from collections.abc import Iterable

SALT_BYTES = 16
SEED_BYTES = 32

# 16 bytes that nobody can guess without the seed, which is random for each seal and kept nowhere.
SALT_EXPRESSION = f"unhex(substr(sha256($seed::blob || encode(change_id)), 1, {2 * SALT_BYTES}))"


def value_digest(column: str, source: str = "") -> str:
    """Return the digest of a personal column: sha256(salt, column name, value); NULL for NULL.

    The column's name keeps equal values of two columns from having equal digests. That a value is NULL is not hidden.
    """
    prefix = f"{source}." if source else ""
    return f"sha256({prefix}salt || encode('{column}:') || encode({prefix}{column}))"


def segment_select() -> str:
    """Return the select list of a segment: personal columns replaced by their digests."""
    return ", ".join(
        f"{value_digest(column)} as {digest_column(column)}" if column in PERSONAL_COLUMNS else column
        for column in DECISION_COLUMNS
    )


def change_ids_digest_sql(condition: str) -> str:
    """Return the aggregate over the change ids for which a fixed condition holds."""
    return f"sha256(coalesce(string_agg(change_id, chr(10) order by change_id) filter (where {condition}), ''))"


def change_ids_digest(change_ids: Iterable[str]) -> str:
    """Return the same digest for change ids at hand."""
    return text_hash("\n".join(sorted(change_ids)))
