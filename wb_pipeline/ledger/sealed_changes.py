"""Sealed decisions as rows, read beside the warehouse, only from files that the ledger cites. Judges nothing.

For whoever works on decisions after the seal: review, writing, undoing. `loading` brings them into SQL.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from wb_pipeline.canonical import file_hash
from wb_pipeline.errors import AuditError
from wb_pipeline.home import Home
from wb_pipeline.ledger.decision_columns import DECISION_COLUMNS, PERSONAL_COLUMNS, ROW_ORDER
from wb_pipeline.ledger.erasures import latest_values_hashes
from wb_pipeline.ledger.manifests import SealedBatch, sealed_batches
from wb_pipeline.ledger.segment_files import segment_path, values_path
from wb_pipeline.ledger.store import Ledger

if TYPE_CHECKING:
    from pathlib import Path

_OPTIONAL_IN_OLD_FILES = "union_by_name = true"


@dataclass(frozen=True, slots=True)
class SealedChange:
    """One sealed decision. `row`: DECISION_COLUMNS, JSON as text, times UTC without zone; values None where erased."""

    row: Mapping[str, Any]
    segment: str
    sealed_sequence: int
    sealed_at: str
    is_erased: bool

    @property
    def change_id(self) -> str:
        """The change's id."""
        return str(self.row["change_id"])

    @property
    def proposal_key(self) -> str:
        """The key of the line that proposed it."""
        return str(self.row["proposal_key"])

    @property
    def lane(self) -> str:
        """Where it ended."""
        return str(self.row["lane"])

    @property
    def is_action_row(self) -> bool:
        """Whether it stands for the action as a whole."""
        return bool(self.row["is_action_row"])


def sealed_changes(  # noqa: PLR0913 - where from, and what narrows it down
    home: Home,
    ledger: Ledger,
    *,
    lanes: Collection[str] | None = None,
    change_ids: Collection[str] | None = None,
    objects: Collection[str] | None = None,
    after_sequence: int = 0,
    whole_proposals: bool = False,
) -> list[SealedChange]:
    """Return sealed decisions in the order of sealing and of lines; of some lanes, ids, objects, where given.

    `after_sequence`: only batches sealed behind that ledger event. `whole_proposals`: also all other changes of the
    proposals found. Raises AuditError for a file that is missing or not the one that the ledger cites.
    """
    wanted = _Wanted(_listed(lanes), _listed(change_ids), _listed(objects), whole_proposals)
    values_hashes = latest_values_hashes(ledger)
    found: list[SealedChange] = []
    for batch in sealed_batches(ledger):
        if batch.sealed_sequence > after_sequence and batch.seal.rows:
            found += _of_batch(home, batch, values_hashes[batch.name], wanted)
    return found


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Which rows are asked for: of some lanes, ids, objects (None: of any), alone or with their whole proposals."""

    lanes: list[str] | None
    change_ids: list[str] | None
    objects: list[str] | None
    whole_proposals: bool

    @property
    def condition(self) -> str:
        """The condition on the rows of a segment `s`."""
        picked = (
            "($lanes is null or list_contains($lanes, lane)) and ($ids is null or list_contains($ids, change_id))"
            " and ($objects is null or list_contains($objects, object))"
        )
        if not self.whole_proposals:
            return picked
        return f"s.proposal_key in (select proposal_key from read_parquet($segment) where {picked})"  # noqa: S608 - our own names; values are parameters


def _of_batch(home: Home, batch: SealedBatch, values_hash: str, wanted: _Wanted) -> list[SealedChange]:
    import duckdb

    if wanted.lanes is not None and not any(batch.seal.lanes.get(lane) for lane in wanted.lanes):
        return []
    segment, values = segment_path(home, batch.name), values_path(home, batch.name)
    _require(segment, batch.seal.segment_hash)
    _require(values, values_hash)
    columns = ", ".join(f"{'v' if name in PERSONAL_COLUMNS else 's'}.{name}" for name in DECISION_COLUMNS)
    query = (
        f"select {columns}, v.erased_sequence is not null from read_parquet($segment, {_OPTIONAL_IN_OLD_FILES}) s "  # noqa: S608 - our own names; values are parameters
        "join read_parquet($values) v using (change_id) "
        f"where {wanted.condition} order by {ROW_ORDER}"
    )
    given = {"segment": str(segment), "values": str(values)}
    with duckdb.connect() as con:
        rows = con.execute(
            query, given | {"lanes": wanted.lanes, "ids": wanted.change_ids, "objects": wanted.objects}
        ).fetchall()
    place = (batch.name, batch.sealed_sequence, batch.sealed_at)
    return [SealedChange(dict(zip(DECISION_COLUMNS, row[:-1], strict=True)), *place, row[-1]) for row in rows]


def _listed(given: Collection[str] | None) -> list[str] | None:
    return None if given is None else sorted(given)


def _require(path: Path, cited: str) -> None:
    state = path.stat() if path.is_file() else None
    if state is None or _hash_of(path, state.st_size, state.st_mtime_ns, state.st_ino) != cited:
        message = f"{path.parent.name}/{path.name} is missing or not the file that the ledger cites"
        raise AuditError(message, hint="run `wb audit verify`; restore it from a backup")


@lru_cache(maxsize=4_096)
def _hash_of(path: Path, _size: int, _modified: int, _inode: int) -> str:
    """Return a file's hash, once for as long as the file looks the same: sealed files never change."""
    return file_hash(path)
