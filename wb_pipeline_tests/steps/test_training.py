"""The training job as the orchestrator runs it, on a made-up CRM with known truth; what it leaves, and what it says."""

from __future__ import annotations

import json
import math
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import dagster as dg
import pytest

from wb_pipeline.audit.verify import verify_books
from wb_pipeline.home import Home
from wb_pipeline.ledger.kinds import payload_of
from wb_pipeline.ledger.kinds_models import ModelTrained
from wb_pipeline.ledger.store import Ledger
from wb_pipeline.matching.bundle import shipped_bundle
from wb_pipeline.steps.explaining import explain_records
from wb_pipeline.steps.model_store import model_in_force
from wb_pipeline_tests.conftest import CommandRun
from wb_pipeline_tests.matching.pages.test_document import OFFLINE
from wb_pipeline_tests.steps.trained import CONTACTS, LABELS, make_crm, run_training


@dataclass(frozen=True)
class Trained:
    """A home after one run of the job, to be read only; the run, and the folder with the CRM."""

    home: Home
    result: dg.ExecuteInProcessResult
    made: Path

    @property
    def event(self) -> ModelTrained:
        """What the ledger says."""
        return payload_of(Ledger.open(self.home).events(ModelTrained.kind)[-1], ModelTrained)

    @property
    def folder(self) -> Path:
        """Where the report lies."""
        return self.home.models / Ledger.open(self.home).events(ModelTrained.kind)[-1].subject


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    """Train once for all tests of this module."""
    made = make_crm(tmp_path_factory.mktemp("made") / "sample")
    home = Home(tmp_path_factory.mktemp("job") / "home")
    return Trained(home, run_training(home, made / "crm", made / "labels.csv"), made)


def test_job_trains_what_is_large_enough_and_puts_it_in_force(trained: Trained) -> None:
    """IDN-2: contacts are trained on the CRM; its few companies keep the shipped weights; the books verify."""
    assert trained.result.success
    contact, company = (trained.event.objects[name] for name in ("contact", "company"))
    assert (contact.is_splink_trained, contact.records, contact.labels) == (True, CONTACTS, LABELS)
    assert (company.is_splink_trained, company.is_card_fitted, company.labels) == (False, False, 0)
    bundle = model_in_force(trained.home, Ledger.open(trained.home))
    shipped = shipped_bundle()
    assert bundle.model_hash == trained.folder.name != shipped.model_hash
    assert bundle.models["company"] == shipped.models["company"]
    assert bundle.models["contact"].splink != shipped.models["contact"].splink
    assert verify_books(trained.home).is_intact
    assert verify_books(trained.home).notes == ()


def test_training_again_gives_the_same_bytes(trained: Trained, tmp_path: Path) -> None:
    """IDN-2: in another home, from the same CRM and labels: model, report and pages."""
    home = Home(tmp_path / "home")
    assert run_training(home, trained.made / "crm", trained.made / "labels.csv").success
    files = {path.relative_to(trained.home.models) for path in trained.home.models.rglob("*") if path.is_file()}
    assert {path.relative_to(home.models) for path in home.models.rglob("*") if path.is_file()} == files
    for file in files:
        assert (home.models / file).read_bytes() == (trained.home.models / file).read_bytes(), file


def test_report_says_what_was_done_with_the_labels(trained: Trained) -> None:
    """IDN-2: versioned JSON; log-loss before and after, by cross-validation; too few labels are said in words."""
    report = json.loads((trained.folder / "report.json").read_text("utf-8"))
    contact, company = (report["objects"][name] for name in ("contact", "company"))
    assert (report["format"], report["model_hash"]) == (1, trained.folder.name)
    assert set(contact["card"]["log_loss_by_strength"]) == {"0.1", "0.3", "1.0"}
    assert contact["card"]["is_fitted"] == (
        min(contact["card"]["log_loss_by_strength"].values()) < contact["card"]["log_loss_before"]
    )
    assert sum(each["pairs"] for each in contact["card"]["calibration"]) == LABELS
    assert "0 labels of records told apart, 0 said same: too few" in company["card"]["said"]
    assert "live records, of 2,000 that are needed" in company["splink"]["said"]
    assert sum(each["new_pairs"] for each in contact["blocking"]) == contact["scores"]["pairs"] > 100
    assert sum(each["pairs"] for each in contact["scores"]["probability"]) == contact["scores"]["sample"]
    assert sum(each["pairs"] for each in contact["scores"]["match_weight"]) == contact["scores"]["sample"]


def test_asset_shows_what_was_learned(trained: Trained) -> None:
    """IDN-2, issue 3, item 7: in the UI, with bars: rules, weights, points, scores, and where the page is."""
    (event,) = [
        each
        for each in trained.result.all_events
        if each.event_type_value == "ASSET_MATERIALIZATION" and each.asset_key == dg.AssetKey("matching_model")
    ]
    metadata = event.step_materialization_data.materialization.metadata
    assert metadata["model_hash"].value == trained.folder.name
    assert Path(metadata["contact: page"].value) == trained.folder / "contact.html"
    for name in ("pairs by blocking rule", "pairs by probability", "pairs by weight"):
        assert "\u2588" in metadata[f"contact: {name}"].value
    assert "same name" in metadata["contact: weights by level"].value
    assert "a fitted card" in metadata["contact: what was trained"].value or (
        "the card is fitted" in metadata["contact: what was trained"].value
    )


@pytest.mark.browser
def test_page_of_the_model_opens_without_a_network(trained: Trained, chromium: str, tmp_path: Path) -> None:
    """Issue 3, item 7: both of Splink's charts are drawn by a browser that resolves no name."""
    command = [chromium, *OFFLINE, f"--user-data-dir={tmp_path}", (trained.folder / "contact.html").as_uri()]
    drawn = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout
    assert drawn.count("<canvas") == 2
    for words in ("Pairs per blocking rule", "The card: points of the second stage", "Do probabilities mean"):
        assert words in drawn


def test_explain_shows_a_pair_by_the_model_in_force(
    trained: Trained, wb: Callable[..., CommandRun], tmp_path: Path
) -> None:
    """IDN-2, issue 3, item 7: sentence, probability, points that add up to it, Splink's bits, a page."""
    pairs = [line.split(",") for line in (trained.made / "labels.csv").read_text("utf-8").splitlines()[1:]]
    left, right = next(pair[1:3] for pair in pairs if pair[3] == "true")
    pair, _ = explain_records(trained.home, Ledger.open(trained.home), right, left, tmp_path / "first.html")
    points = pair.intercept + sum(field.points for field in pair.fields)
    assert points == pytest.approx(math.log(pair.match_probability / (1 - pair.match_probability)), abs=0.05)
    prior = pair.waterfall["data"]["values"][0]["log2_bayes_factor"]
    assert prior + sum(field.bits for field in pair.fields) == pytest.approx(pair.match_weight, abs=0.01)
    assert (pair.fields[0].field, bool(pair.fields[0].left and pair.fields[0].right)) == ("name", True)
    page = tmp_path / "pair.html"
    done = wb("explain", right, left, "--home", trained.home.root, "--page", page)
    assert done.exit_code == 0, done.err
    assert f"{right} and {left}: the same with a probability of" in done.out
    assert "blocking rules that find the pair:" in done.out
    assert f"page: {page}" in done.out
    assert trained.folder.name in page.read_text("utf-8")


@pytest.mark.parametrize(
    ("ids", "said"),
    [(("nobody", "no-one"), "no live record 'nobody'"), (("a", "a"), "compared with itself")],
)
def test_explain_refuses_what_is_no_pair(
    trained: Trained, wb: Callable[..., CommandRun], ids: tuple[str, str], said: str
) -> None:
    """IDN-2: with the way out, and without a traceback."""
    done = wb("explain", *ids, "--home", trained.home.root)
    assert done.exit_code == 2
    assert said in done.err
