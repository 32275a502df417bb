"""Matching models as books of record: each version kept once under its hash, the latest training in force (IDN-2).

How models are trained is `steps.training`'s; what they hold is `matching.bundle`'s.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from wb_pipeline.canonical import content_hash, file_hash
from wb_pipeline.errors import AuditError, InputError
from wb_pipeline.ledger.durable import TEMPORARY_SUFFIX, flush_file, move_into_place
from wb_pipeline.ledger.kinds import payload_of
from wb_pipeline.ledger.kinds_models import ModelRegistered, ModelTrained
from wb_pipeline.matching.bundle import Bundle, shipped_bundle

if TYPE_CHECKING:
    from wb_pipeline.home import Home
    from wb_pipeline.ledger.store import Ledger

_HASH = re.compile(r"[0-9a-f]{64}")


def model_in_force(home: Home, ledger: Ledger) -> Bundle:
    """Return the models of the latest training; before the first one, those that ship, which are then kept too.

    Raises InputError if the latest ones were trained by a release that compares otherwise, AuditError if the kept
    file was changed.
    """
    trained = ledger.events(ModelTrained.kind)
    if trained and not payload_of(trained[-1], ModelTrained).is_shipped:
        return read_bundle(home, trained[-1].subject)
    register_shipped(home, ledger)
    return shipped_bundle()


def register_shipped(home: Home, ledger: Ledger) -> str:
    """Keep the models that ship, note them once, and return their hash: a rerun finds them after an upgrade too."""
    bundle = shipped_bundle()
    kept = keep_bundle(home, bundle)
    event = ModelRegistered(path=kept.relative_to(home.root).as_posix(), file_hash=file_hash(kept))
    ledger.append_unless_exists(event.about(bundle.model_hash), recorded_by="pipeline")
    return bundle.model_hash


def keep_bundle(home: Home, bundle: Bundle) -> Path:
    """Write a bundle under its hash, whole or not at all, and return the file. Keeping it again changes nothing."""
    kept = bundle_path(home, bundle.model_hash)
    if kept.exists():
        _verified(kept, bundle.model_hash)
    else:
        _write_once(kept, bundle.to_json())
    return kept


def read_bundle(home: Home, model_hash: str) -> Bundle:
    """Return kept models.

    Raises InputError if there are none of that hash, or they are of a release that compares otherwise; AuditError if
    their content lost its hash.
    """
    kept = bundle_path(home, model_hash)
    if not kept.is_file():
        raise InputError(f"there is no matching model {model_hash} in {home.models}", hint="restore it from a backup")
    return Bundle.from_json(_verified(kept, model_hash))


def bundle_path(home: Home, model_hash: str) -> Path:
    """Return where a bundle lies. Raises InputError for anything but 64 hex digits: a hash is also a file name."""
    if not _HASH.fullmatch(model_hash):
        raise InputError(f"{model_hash[:80]!r} is no model hash", hint="a hash has 64 hex digits")
    return home.models / f"{model_hash}.json"


def _verified(kept: Path, model_hash: str) -> str:
    """Return the file's text. The hash covers what scores, not the spacing: it is computed as `Bundle` does."""
    text = kept.read_text("utf-8", errors="replace")
    try:
        found = content_hash(json.loads(text)["models"])
    except (ValueError, KeyError, TypeError, RecursionError):
        found = ""
    if found != model_hash:
        raise AuditError(f"{kept} was changed: its content no longer has its hash", hint="restore it from a backup")
    return text


def _write_once(kept: Path, text: str) -> None:
    kept.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=kept.parent, prefix=".model-", suffix=TEMPORARY_SUFFIX)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
        flush_file(temporary)
        move_into_place(temporary, kept)
    finally:
        temporary.unlink(missing_ok=True)
