"""One digest over a batch's decisions, without salts and run, by which a rerun is compared. Salted ones: `digests`.

Each column is hashed as three streams over the rows in ROW_ORDER (is it NULL, how long is its text, the texts), which
does not depend on how the rows come in pieces. Hashing row by row in SQL took two to three times as long.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from wb_pipeline.canonical import content_hash
from wb_pipeline.ledger.decision_columns import DECISION_COLUMNS

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

EMPTY_DIGEST = content_hash({})
_PIECE_ROWS = 100_000


class _ColumnDigest:
    """The digest of one column, fed piece by piece."""

    def __init__(self) -> None:
        self.streams = [hashlib.sha256() for _ in range(3)]
        self.has_values = False

    def add(self, column: pa.Array) -> None:
        """Add a piece: an Arrow array of type large_string."""
        import numpy as np

        valid = np.asarray(column.is_valid()).astype("u1")
        filled = column.fill_null("") if column.null_count else column
        _, ends, texts = filled.buffers()
        ends = np.frombuffer(ends, dtype="<i8")[filled.offset : filled.offset + len(filled) + 1]
        self.has_values = self.has_values or bool(valid.any())
        pieces: tuple[Any, ...] = (valid, np.diff(ends), _slice(texts, ends))
        for stream, piece in zip(self.streams, pieces, strict=True):
            stream.update(piece)

    def texts(self) -> list[str]:
        """Return the three hashes."""
        return [stream.hexdigest() for stream in self.streams]


def table_digest(con: duckdb.DuckDBPyConnection, source: str, parameters: dict[str, Any] | None = None) -> str:
    """Return the digest over `source` (SQL from `from` on, of the caller's own making) in the order of its rows.

    A column without any value does not count, so that a column which a later release adds keeps old digests as they
    are.
    """
    import pyarrow as pa

    columns = {name: _ColumnDigest() for name in DECISION_COLUMNS}
    texts = ", ".join(f"{name}::varchar as {name}" for name in columns)
    for piece in con.sql(f"select {texts} {source}", params=parameters or {}).to_arrow_reader(_PIECE_ROWS):
        for name, digest in columns.items():
            if len(piece):
                digest.add(piece.column(name).cast(pa.large_string()))
    return content_hash({name: digest.texts() for name, digest in columns.items() if digest.has_values})


def _slice(texts: pa.Buffer | None, ends: Any) -> memoryview:
    return memoryview(b"") if texts is None else memoryview(texts)[ends[0] : ends[-1]]
