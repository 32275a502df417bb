"""Which trained models are in force, and that a changed one is found."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from wb_pipeline.audit.verify import verify_books
from wb_pipeline.errors import AuditError, InputError
from wb_pipeline.home import Home
from wb_pipeline.ledger.kinds_models import ModelRegistered, ModelTrained
from wb_pipeline.ledger.store import Ledger
from wb_pipeline.matching.bundle import Bundle, shipped_bundle
from wb_pipeline.steps.model_store import bundle_path, keep_bundle, model_in_force, read_bundle, register_shipped


def other_bundle() -> Bundle:
    """Return the shipped models with another card for contacts."""
    models = dict(shipped_bundle().models)
    contact = models["contact"]
    return Bundle(models | {"contact": replace(contact, card=replace(contact.card, intercept=-1.25))})


def note(home: Home, bundle: Bundle, *, is_shipped: bool = False) -> None:
    """Put a kept bundle in force."""
    from wb_pipeline.canonical import file_hash  # noqa: PLC0415 - used once

    kept = keep_bundle(home, bundle)
    event = ModelTrained(
        path=kept.relative_to(home.root).as_posix(),
        file_hash=file_hash(kept),
        is_shipped=is_shipped,
        snapshot_hash="0" * 64,
        policy_hash="0" * 64,
        code_hash="0" * 64,
        labels_digest="0" * 64,
        objects={},
    )
    Ledger.open(home).append([event.about(bundle.model_hash)], recorded_by="test")


def test_shipped_models_are_in_force_before_the_first_training(home: Home) -> None:
    """IDN-2: and are kept when first used, noted once: a rerun finds them by the manifest's model hash."""
    ledger = Ledger.open(home)
    for _ in range(2):
        assert model_in_force(home, ledger).model_hash == shipped_bundle().model_hash
    (event,) = ledger.events(ModelRegistered.kind)
    assert event.subject == shipped_bundle().model_hash == register_shipped(home, ledger)
    assert read_bundle(home, event.subject).to_json() == shipped_bundle().to_json()
    assert verify_books(home).is_intact


def test_latest_training_is_in_force_and_earlier_models_stay(home: Home) -> None:
    """IDN-2: models are versioned; one that learned nothing leaves the choice to the release in use."""
    ledger = Ledger.open(home)
    note(home, other_bundle())
    assert model_in_force(home, ledger).models["contact"].card.intercept == -1.25
    note(home, shipped_bundle(), is_shipped=True)
    assert model_in_force(home, ledger).model_hash == shipped_bundle().model_hash
    assert read_bundle(home, other_bundle().model_hash).model_hash == other_bundle().model_hash
    assert verify_books(home).is_intact
    assert verify_books(home).notes == ()


def test_changed_model_is_found(home: Home) -> None:
    """AUD-2, IDN-2: points that somebody wrote into a kept model are never used, and the audit finds them."""
    note(home, other_bundle())
    path = bundle_path(home, other_bundle().model_hash)
    made = json.loads(path.read_text("utf-8"))
    made["models"]["contact"]["card"]["intercept"] = 9.0
    path.chmod(0o600)
    path.write_text(json.dumps(made), "utf-8")
    with pytest.raises(AuditError, match="no longer has its hash"):
        model_in_force(home, Ledger.open(home))
    with pytest.raises(AuditError, match="no longer has its hash"):
        keep_bundle(home, other_bundle())
    assert not verify_books(home).is_intact


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"models": 3}', "\x00"])
def test_rubbish_in_the_place_of_a_model_is_found(home: Home, content: str) -> None:
    """AUD-2: whatever it is."""
    path = bundle_path(home, "a" * 64)
    path.parent.mkdir(parents=True)
    path.write_text(content, "utf-8")
    with pytest.raises(AuditError, match="no longer has its hash"):
        read_bundle(home, "a" * 64)


@pytest.mark.parametrize("name", ["../ledger", "", "A" * 64, "a" * 63, "a" * 64 + "\n"])
def test_hash_is_no_path(home: Home, name: str) -> None:
    """Law 7: a model hash that is none names no file."""
    with pytest.raises(InputError, match="is no model hash"):
        read_bundle(home, name)
    with pytest.raises(InputError, match="there is no matching model"):
        read_bundle(home, "b" * 64)
