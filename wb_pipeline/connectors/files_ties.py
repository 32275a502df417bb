"""Which of two rows counts that were updated at the same time: the hash that snapshots sort them by, in Python."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

from wb_pipeline.contract.crm_rows import CrmRows

_EPOCH = dt.datetime(1970, 1, 1)  # noqa: DTZ001 - times of tables are UTC without a zone
_MICROSECOND = dt.timedelta(microseconds=1)


def row_hash(record: dict[str, Any]) -> str:
    """Return what `snapshot_sql.row_hash` makes of a record that the contract takes."""
    rows = CrmRows()
    rows.take(1, record)
    values = rows.table().to_pylist()[0].values()
    return hashlib.sha256("".join(map(_part, values)).encode("utf-8", "surrogatepass")).hexdigest()


def _part(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        text = "true" if value else "false"
    elif isinstance(value, dt.datetime):
        text = str((value - _EPOCH) // _MICROSECOND)
    else:
        text = str(value)
    return f"{len(text.encode('utf-8', 'surrogatepass'))}:{text}"
