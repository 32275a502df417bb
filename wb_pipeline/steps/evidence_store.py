"""Which evidence a kept snapshot holds, and which of it names an address: read beside the warehouse. Judges nothing."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING

from wb_pipeline.connectors.snapshots import snapshot_path

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wb_pipeline.home import Home

MOST_FOUND = 20
"""How many items that name an address are cited with a proposal: a mailbox of years is no evidence of one thing."""

_IDS = "select distinct evidence_id from read_parquet($path)"
# As a whole JSON string, so that no address is found inside a longer one.
_NAMING = """
select distinct evidence_id from read_parquet($path)
where contains(lower(payload), $address)
order by evidence_id
"""
_EMAIL = """
select json_extract_string(fields, '$.email') from read_parquet($path) where object = $object and record_id = $record_id
"""


class EvidenceStore:
    """Kept snapshots by their hash; each is read once."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self.ids = lru_cache(maxsize=8)(self._ids)

    def naming(self, evidence_hash: str, among: Iterable[str], addresses: Iterable[str]) -> list[str]:
        """Return the ids among those given of items that name one of the addresses, MOST_FOUND at most, in order."""
        wanted, found = set(among), set()
        for address in addresses if wanted else ():
            text = json.dumps(address.strip().lower(), ensure_ascii=False)
            found |= {row[0] for row in self._rows(_NAMING, evidence_hash, address=text)} & wanted
        return sorted(found)[:MOST_FOUND]

    def address_on_record(self, snapshot_hash: str, object_name: str, record_id: str) -> str | None:
        """Return the email of a record in a CRM snapshot."""
        given = {"object": object_name, "record_id": record_id}
        rows = self._rows(_EMAIL, snapshot_hash, kind="crm", **given)
        return rows[0][0] if rows else None

    def _ids(self, evidence_hash: str) -> frozenset[str]:
        return frozenset(row[0] for row in self._rows(_IDS, evidence_hash) if row[0])

    def _rows(self, query: str, content_hash: str, kind: str = "evidence", **given: str) -> list[tuple[str, ...]]:
        import duckdb

        path = snapshot_path(self._home, "crm" if kind == "crm" else "evidence", content_hash)
        with duckdb.connect() as con:
            return con.execute(query, {"path": str(path), **given}).fetchall()
