"""The training of matching models as one step: load, train, keep, note, report (IDN-2). How it is done: `matching`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from wb_pipeline.canonical import content_hash, file_hash
from wb_pipeline.code_version import code_hash
from wb_pipeline.dedupe.judgements import judged_pairs
from wb_pipeline.errors import InputError
from wb_pipeline.ledger.durable import replace_text
from wb_pipeline.ledger.kinds_models import ModelTrained, TrainedObject
from wb_pipeline.matching.bundle import Bundle, shipped_bundle
from wb_pipeline.matching.inputs import ObjectName
from wb_pipeline.matching.pages.model_page import model_charts, model_page
from wb_pipeline.matching.renewal import Renewed, renew_model
from wb_pipeline.matching.standing import stand_ready
from wb_pipeline.steps.intake import note_policy, require_latest_snapshot
from wb_pipeline.steps.label_files import Label, read_labels
from wb_pipeline.steps.model_store import keep_bundle, model_in_force
from wb_pipeline.steps.pictures import load_picture

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb

    from wb_pipeline.home import Home
    from wb_pipeline.ledger.store import Ledger

OBJECTS: tuple[ObjectName, ...] = ("contact", "company")
REPORT_FORMAT = 1
_LABELS = pa.schema(
    [("object", pa.string()), ("left_id", pa.string()), ("right_id", pa.string()), ("is_same", pa.bool_())]
)


@dataclass(frozen=True)
class Training:
    """What a training ended in: the models now in force, what was said of each object, where the report lies."""

    bundle: Bundle
    renewed: dict[ObjectName, Renewed]
    is_shipped: bool
    folder: Path

    @property
    def pages(self) -> dict[ObjectName, Path]:
        """The page of each object's model."""
        return {name: self.folder / f"{name}.html" for name in self.renewed}


def train_on_latest(
    con: duckdb.DuckDBPyConnection, home: Home, ledger: Ledger, policy_path: Path, labels_path: Path | None = None
) -> Training:
    """Load the latest snapshot and the policy, then train. Raises InputError before the first snapshot."""
    labels = read_labels(labels_path) if labels_path else []
    snapshot_hash = require_latest_snapshot(ledger, "crm")
    policy_hash = note_policy(home, ledger, policy_path)
    load_picture(con, home, snapshot_hash, policy_hash)
    return train_models(con, home, ledger, snapshot_hash, policy_hash, labels)


def train_models(
    con: duckdb.DuckDBPyConnection,
    home: Home,
    ledger: Ledger,
    snapshot_hash: str,
    policy_hash: str,
    labels: list[Label],
) -> Training:
    """Train the models of all objects on a snapshot in raw.crm_records, keep them, and put them in force.

    Labels are what people judged (`wb dedupe judge`) and those handed in; a person's judgement wins. The ledger event
    is the commit point: killed before it, the models that were in force stay. The same snapshot, labels, release and
    models in force give the same bytes.
    """
    stand_ready(con, snapshot_hash, policy_hash)
    used = _all_labels(ledger, labels)
    _write_labels(con, used)
    shipped, in_force = shipped_bundle(), _readable_in_force(home, ledger)
    renewed, charts = {}, {}
    for name in OBJECTS:
        renewed[name] = renew_model(
            con, name, shipped=shipped.models[name], in_force=in_force.models[name], snapshot_hash=snapshot_hash
        )
        charts[name] = model_charts(con, renewed[name].model)
    bundle = Bundle({name: each.model for name, each in renewed.items()})
    done = Training(bundle, renewed, bundle.model_hash == shipped.model_hash, home.models / bundle.model_hash)
    kept = keep_bundle(home, bundle)
    event = ModelTrained(
        path=kept.relative_to(home.root).as_posix(),
        file_hash=file_hash(kept),
        is_shipped=done.is_shipped,
        snapshot_hash=snapshot_hash,
        policy_hash=policy_hash,
        code_hash=code_hash(),
        labels_digest=content_hash(used),
        objects={name: _trained(each) for name, each in renewed.items()},
    )
    _write_reports(done, charts, event.model_dump(mode="json"))
    ledger.append([event.about(bundle.model_hash)], recorded_by="pipeline")
    return done


def _readable_in_force(home: Home, ledger: Ledger) -> Bundle:
    """Return the models in force; those that ship, where the ones in force are of a release that compares otherwise."""
    try:
        return model_in_force(home, ledger)
    except InputError:
        return shipped_bundle()


def _all_labels(ledger: Ledger, handed_in: list[Label]) -> list[Label]:
    known = {label[:3]: label[3] for label in handed_in}
    for row in judged_pairs(ledger).select(["object", "left_id", "right_id", "is_same"]).to_pylist():
        known[row["object"], row["left_id"], row["right_id"]] = row["is_same"]
    return [(*key, is_same) for key, is_same in sorted(known.items())]


def _write_labels(con: duckdb.DuckDBPyConnection, labels: list[Label]) -> None:
    """Replace matching.labels (grain: judged pair)."""
    rows = [dict(zip(_LABELS.names, label, strict=True)) for label in labels]
    con.register("label_rows", pa.Table.from_pylist(rows, schema=_LABELS))
    con.execute("create or replace table matching.labels as from label_rows")
    con.unregister("label_rows")


def _trained(renewed: Renewed) -> TrainedObject:
    card = renewed.report["card"]
    return TrainedObject(
        is_splink_trained=renewed.is_splink_trained,
        is_card_fitted=renewed.is_card_fitted,
        records=renewed.report["records"],
        labels=card["labels"],
        same=card["same"],
    )


def _write_reports(done: Training, charts: dict[ObjectName, dict[str, Any]], event: dict[str, Any]) -> None:
    """Write report.json and a page per object beside the model."""
    model_hash = done.bundle.model_hash
    objects = {name: each.report for name, each in done.renewed.items()}
    report = {"format": REPORT_FORMAT, "model_hash": model_hash, "training": event, "objects": objects}
    replace_text(done.folder / "report.json", json.dumps(report, indent=1, sort_keys=True) + "\n")
    for name, path in done.pages.items():
        page = model_page(done.bundle.models[name], model_hash, objects[name], charts[name])
        replace_text(path, page)
