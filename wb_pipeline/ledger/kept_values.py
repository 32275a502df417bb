"""Personal values that ledger events cite by a salted digest: beside the chain, erasable (AUD-6). No events here.

They lie in the ledger's own database, so that an event and the values that it cites are committed together.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, delete, insert, select

from wb_pipeline.canonical import text_hash
from wb_pipeline.errors import AuditError
from wb_pipeline.ledger import tables
from wb_pipeline.ledger.chain import storable

_SALT_BYTES = 16
_MOST_AT_ONCE = 500


def value_digest(salt: str, value: str) -> str:
    """Return the digest by which an event cites a kept value; `salt` as hex digits."""
    return text_hash(f"{salt}:{value}")


def kept_row(value: str) -> dict[str, str]:
    """Return the row by which a text is kept; its digest is another one each time."""
    salt, value = secrets.token_hex(_SALT_BYTES), storable(value)
    return {"digest": value_digest(salt, value), "salt": salt, "value": value}


def store_rows(connection: Connection, rows: Sequence[Mapping[str, str]]) -> None:
    """Store rows of `kept_row` in the current transaction, at once: a group of writes keeps hundreds."""
    if rows:
        connection.execute(insert(tables.kept_values), rows)


def kept_values(connection: Connection, digests: Iterable[str]) -> dict[str, str]:
    """Return {digest: value} of those that are kept; an erased one is missing. Raises AuditError for a changed one."""
    wanted, found = sorted(set(digests)), {}
    columns = tables.kept_values.c
    for start in range(0, len(wanted), _MOST_AT_ONCE):
        query = select(tables.kept_values).where(columns.digest.in_(wanted[start : start + _MOST_AT_ONCE]))
        for row in connection.execute(query):
            if value_digest(row.salt, row.value) != row.digest:
                message = f"the kept value {row.digest[:16]} is not the one that the ledger cites"
                raise AuditError(message, hint="run `wb audit verify`")
            found[row.digest] = row.value
    return found


def remove_values(connection: Connection, digests: Iterable[str]) -> int:
    """Remove kept values in the current transaction; return how many there were. Their tombstone is `erasures`'s."""
    wanted, removed = sorted(set(digests)), 0
    for start in range(0, len(wanted), _MOST_AT_ONCE):
        some = wanted[start : start + _MOST_AT_ONCE]
        removed += connection.execute(delete(tables.kept_values).where(tables.kept_values.c.digest.in_(some))).rowcount
    return removed
