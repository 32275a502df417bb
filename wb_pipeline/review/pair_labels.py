"""Decisions on merges as labels for matching: the pair is one, or it is two (HYG-3). Decides nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from wb_pipeline.dedupe.judgements import SeenPair, SeenRecord, judgement
from wb_pipeline.dedupe.live_records import OBJECTS

if TYPE_CHECKING:
    from wb_pipeline.dedupe.live_records import ComparedObject
    from wb_pipeline.ledger.chain import NewEvent
    from wb_pipeline.ledger.kinds_review import ItemDecided
    from wb_pipeline.review.kept_files import KeptFiles
    from wb_pipeline.review.model import Item

_TWO_RECORDS = "wrong_record"


def pair_labels(item: Item, decided: ItemDecided, files: KeptFiles) -> Iterator[NewEvent]:
    """Yield the judgement that a final decision on a merge is, if it is one and both records are in the snapshot."""
    if item.action != "merge" or not decided.is_final:
        return
    is_same = decided.decision == "approve"
    if not is_same and decided.reason_code != _TWO_RECORDS:
        return
    name = next((name for name, objects in OBJECTS.items() if item.object in objects), None)
    pair = _pair(item, name, files) if name else None
    if pair:
        yield judgement(pair, is_same=is_same, reason=decided.words.strip() or f"the merge {item.item_id} was decided")


def _pair(item: Item, name: ComparedObject, files: KeptFiles) -> SeenPair | None:
    """Return both records as the person saw them: in the snapshot of the run."""
    ids = [str(item.payload.get(role)) for role in ("survivor", "loser")]
    compared = files.compared(item.snapshot_hash, name, item.object, ids)
    if len(set(ids)) != len(ids) or not compared.keys() >= set(ids):
        return None
    one, other = (SeenRecord(record_id, compared[record_id]) for record_id in ids)
    return SeenPair(name, one, other)
