"""Evidence items of one file, collected into the table of contract/tables.py. No reading of files, no judging."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from pydantic import ValidationError

from wb_pipeline.canonical import canonical_json
from wb_pipeline.contract.evidence_keys import STATE_KEYS, TIME_KEYS
from wb_pipeline.contract.model_reasons import model_reasons
from wb_pipeline.contract.models_evidence import EVIDENCE_MODELS, EvidenceItem
from wb_pipeline.contract.tables import EVIDENCE_ITEMS, TableBuilder
from wb_pipeline.contract.times import read_time

if TYPE_CHECKING:
    from datetime import datetime

    from wb_pipeline.contract.reasons import Reason

_COLUMNS_BUT_FLAG = pa.schema([field for field in EVIDENCE_ITEMS if field.name != "is_duplicated_id"])


class EvidenceRows:
    """Takes one item after another. An id that stands twice is flagged on both: nobody can say which is meant."""

    def __init__(self) -> None:
        self.notices: Counter[str] = Counter()
        self._rows = TableBuilder(_COLUMNS_BUT_FLAG)
        self._ids: list[str] = []

    def check(self, mapping: dict[str, Any]) -> list[Reason]:
        """Return what is wrong with an item that is refused already."""
        try:
            _model_of(mapping).model_validate(mapping)
        except ValidationError as error:
            return model_reasons(error)
        return []

    def take(self, number: int, mapping: dict[str, Any]) -> list[Reason]:  # noqa: ARG002  (the same call as for CRM records)
        """Keep the item of a row, or return why not."""
        try:
            item = _model_of(mapping).model_validate(mapping)
        except ValidationError as error:
            return model_reasons(error)
        if item.type not in EVIDENCE_MODELS:
            self.notices[f"items of a type that the contract does not know: {item.type}"] += 1
        payload = canonical_json({key: value for key, value in mapping.items() if key not in {"id", "type"}})
        state = mapping.get(STATE_KEYS.get(item.type, "")) or ""
        row = (item.id, item.type, state.strip().lower(), self._happened_at(item.type, mapping), payload)
        self._rows.add(row, size=len(payload))
        self._ids.append(item.id)
        return []

    def superseded(self) -> list[tuple[int, list[Reason]]]:
        """Return nothing: no item replaces another."""
        return []

    def table(self) -> pa.Table:
        """Return the kept items."""
        counts = Counter(self._ids)
        flags = pa.array([counts[evidence_id] > 1 for evidence_id in self._ids], type=pa.bool_())
        return self._rows.table().append_column(EVIDENCE_ITEMS.field("is_duplicated_id"), flags)

    def _happened_at(self, kind: str, mapping: dict[str, Any]) -> datetime | None:
        """Return when the item happened: as its type says; None if it states no time with a zone."""
        texts = [mapping[key] for key in TIME_KEYS.get(kind, ()) if mapping.get(key)][:1]
        if kind == "order_form":
            signatures = mapping.get("signatures") or []
            texts = [signature["signed_at"] for signature in signatures if signature.get("signed_at")]
        times = [read_time(text) for text in texts]
        if any(time.at is None for time in times):
            self.notices[f"{kind} items whose time has no zone or cannot be read, left out"] += 1
            return None
        return max((time.at for time in times if time.at), default=None)


def _model_of(mapping: dict[str, Any]) -> type[EvidenceItem]:
    kind = mapping.get("type")
    return EVIDENCE_MODELS.get(kind, EvidenceItem) if isinstance(kind, str) else EvidenceItem
