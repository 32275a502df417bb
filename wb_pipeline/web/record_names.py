"""What people call a record: a person's name, a firm's, a deal's; from the CRM as it was when the item was judged."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from wb_pipeline.connectors.snapshots import snapshot_path

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wb_pipeline.home import Home

_NAMES = """
select object, record_id, coalesce(
    nullif(trim(concat_ws(
        ' ', json_extract_string(fields, '$.first_name'), json_extract_string(fields, '$.last_name')
    )), ''),
    json_extract_string(fields, '$.name'),
    ''
)
from read_parquet($path)
where list_contains($ids, record_id)
"""
_MOST_KEPT = 100_000

Asked = tuple[str, str, str]
"""Hash of the CRM snapshot, object, record id."""


class RecordNames:
    """Names by snapshot, object and record. Each is looked up once."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._known: dict[Asked, str] = {}

    def names(self, asked: Iterable[Asked]) -> dict[Asked, str]:
        """Return the names of records; "" where a record or its name is not known."""
        wanted = set(asked)
        missing: dict[str, set[str]] = defaultdict(set)
        for snapshot_hash, object_name, record_id in wanted:
            if (snapshot_hash, object_name, record_id) not in self._known:
                missing[snapshot_hash].add(record_id)
        if len(self._known) > _MOST_KEPT:
            self._known.clear()
        for snapshot_hash, ids in missing.items():
            self._look_up(snapshot_hash, ids)
        return {each: self._known.setdefault(each, "") for each in wanted}

    def _look_up(self, snapshot_hash: str, ids: set[str]) -> None:
        path = snapshot_path(self._home, "crm", snapshot_hash)
        if not path.is_file():
            return
        import duckdb

        with duckdb.connect() as con:
            for object_name, record_id, name in con.execute(_NAMES, {"path": str(path), "ids": sorted(ids)}).fetchall():
                self._known[snapshot_hash, object_name, record_id] = name
