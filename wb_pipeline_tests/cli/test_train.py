"""`wb train` on a CRM that is too small to learn from, and what it refuses."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from wb_pipeline.home import Home
from wb_pipeline.ledger.kinds_models import ModelTrained
from wb_pipeline.ledger.store import Ledger
from wb_pipeline.matching.bundle import shipped_bundle
from wb_pipeline.steps.model_store import model_in_force
from wb_pipeline_tests.conftest import CommandRun
from wb_pipeline_tests.dedupe.world import record

HOSTILE = "</script><img src=x onerror=alert(1)>\x1b[31m"


def write_crm(folder: Path) -> Path:
    """Write two contacts and a company."""
    folder.mkdir()
    ana = {"first_name": "Ana", "last_name": HOSTILE, "email": "ana@acme.example"}
    records = [
        record("con-1", 1, fields=ana),
        record("con-2", 2, fields=ana | {"title": "CTO"}),
        record("com-1", 1, "company"),
    ]
    (folder / "crm.jsonl").write_text("".join(json.dumps(each) + "\n" for each in records), encoding="utf-8")
    return folder


def test_small_crm_keeps_what_ships(wb: Callable[..., CommandRun], home: Home, tmp_path: Path) -> None:
    """IDN-2: nothing can be learned from three records: said in words, with the shipped models in force."""
    done = wb("train", "--crm", write_crm(tmp_path / "crm"), "--home", home.root, "--quiet")
    assert done.exit_code == 0, done.err
    assert "In force from now on: the models that ship (ledger event" in done.out
    assert "Splink's weights are the shipped ones: the CRM has 2 live records, of 2,000 that are needed." in done.out
    assert "0 labels of records told apart, 0 said same: too few" in done.out
    ledger = Ledger.open(home)
    assert ledger.events(ModelTrained.kind)[-1].payload["is_shipped"]
    assert model_in_force(home, ledger).model_hash == shipped_bundle().model_hash
    for name in ("contact", "company"):
        assert (home.models / shipped_bundle().model_hash / f"{name}.html").is_file()


def test_explain_shows_hostile_values_as_text(wb: Callable[..., CommandRun], home: Home, tmp_path: Path) -> None:
    """Law 7: neither the terminal nor the page takes a value for more than text; the page goes below published/."""
    assert wb("train", "--crm", write_crm(tmp_path / "crm"), "--home", home.root, "--quiet").exit_code == 0
    done = wb("explain", "con-1", "con-2", "--home", home.root)
    assert done.exit_code == 0, done.err
    assert "con-1 and con-2: the same with a probability of" in done.out
    assert "\x1b" not in done.out
    (page,) = (home.published / "explanations").glob("*.html")
    _, _, body = page.read_text("utf-8").rpartition("</head>")
    assert "<img" not in body
    assert body.count("</script>") == 1


def test_bad_labels_stop_it_before_anything_is_trained(
    wb: Callable[..., CommandRun], home: Home, tmp_path: Path
) -> None:
    """IDN-2: file, row and field; no event."""
    labels = tmp_path / "labels.csv"
    labels.write_text("object,left_id,right_id,is_same\ncontact,con-1,con-2,perhaps\n", encoding="utf-8")
    done = wb("train", "--crm", write_crm(tmp_path / "crm"), "--labels", labels, "--home", home.root)
    assert done.exit_code == 2
    assert "labels.csv, row 1, is_same: 'perhaps' is neither true nor false" in done.err
    assert not home.root.exists()


def test_without_a_crm_it_says_how_to_name_one(wb: Callable[..., CommandRun], home: Home) -> None:
    """OPS-1: as `wb dedupe` does."""
    done = wb("train", "--home", home.root)
    assert (done.exit_code, "name its folder with --crm" in done.err) == (2, True)
