"""The kinds of ledger events about matching models. All other kinds, and the list of them, are in `kinds`."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from wb_pipeline.ledger.payload import Count, Payload, RelativePath, Sha256


class ModelRegistered(Payload):
    """A matching model that ships was used for the first time. Subject: model hash."""

    kind = "model_registered"
    path: RelativePath
    file_hash: Sha256


class TrainedObject(BaseModel):
    """How the model of one object came about. `labels`: pairs that people judged, `same` of them as one."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)
    is_splink_trained: bool
    is_card_fitted: bool
    records: Count
    labels: Count
    same: Count


class ModelTrained(Payload):
    """Matching models were trained; from now on they are the ones in force. Subject: model hash.

    `is_shipped`: nothing could be learned, and whatever ships with the release in use is in force. `labels_digest`
    covers the labels as they were used.
    """

    kind = "model_trained"
    path: RelativePath
    file_hash: Sha256
    is_shipped: bool
    snapshot_hash: Sha256
    policy_hash: Sha256
    code_hash: Sha256
    labels_digest: Sha256
    objects: dict[str, TrainedObject]
