"""The models that ship: whole, hashed, and refused where they do not fit this release."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from wb_pipeline.benchmarks.matching import ship
from wb_pipeline.errors import InputError
from wb_pipeline.matching.bundle import SHIPPED_FILE, Bundle, shipped_bundle
from wb_pipeline.matching.models.objects import MODELS
from wb_pipeline.matching.models.term import Number

Made = dict[str, Any]


@pytest.fixture
def made() -> Made:
    """The shipped file, as JSON to be changed."""
    return json.loads(SHIPPED_FILE.read_text(encoding="utf-8"))


def test_the_shipped_file_is_its_own_canonical_form() -> None:
    """Reading and writing keep every byte and the hash: a rerun finds the model by it."""
    text = SHIPPED_FILE.read_text(encoding="utf-8")
    assert shipped_bundle().to_json() == text
    assert Bundle.from_json(text).model_hash == shipped_bundle().model_hash


def test_the_hash_is_that_of_all_that_scores(made: Made) -> None:
    """IDN-2: one digit of one weight is another model; the order of a file's keys is not."""
    turned = json.dumps({key: made[key] for key in reversed(made)})
    assert Bundle.from_json(turned).model_hash == shipped_bundle().model_hash
    made["models"]["contact"]["card"]["intercept"] += 0.0001
    assert Bundle.from_json(json.dumps(made)).model_hash != shipped_bundle().model_hash


def test_shipped_models_know_every_level_and_term() -> None:
    """No level without weights, no term that the card cannot place: the file fits this release."""
    for name, model in shipped_bundle().models.items():
        assert set(MODELS) == set(shipped_bundle().models)
        for comparison in model.splink["comparisons"]:
            for level in comparison["comparison_levels"]:
                if not level.get("is_null_level"):
                    assert 0 < level["m_probability"] <= 1
                    assert 0 < level["u_probability"] <= 1
        numbers = {term.name for term in MODELS[name].terms if isinstance(term, Number)}
        assert set(model.card.numbers) == numbers
        assert set(model.card.categories) == {term.name for term in MODELS[name].terms} - numbers


def _other_condition(made: Made) -> None:
    made["models"]["contact"]["splink"]["comparisons"][0]["comparison_levels"][1]["sql_condition"] = "true"


def _level_less(made: Made) -> None:
    del made["models"]["company"]["splink"]["comparisons"][0]["comparison_levels"][3]


@pytest.mark.parametrize("change", [_other_condition, _level_less])
def test_another_releases_levels_are_refused(made: Made, change: Any) -> None:
    """A weight must not be given to what it was not learned from; the message says the way out."""
    change(made)
    with pytest.raises(InputError, match="was trained by another release") as raised:
        Bundle.from_json(json.dumps(made))
    assert "wb train" in str(raised.value.hint)


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", '{"models": 3}', '{"models": {"contact": {}}}', '{"models": {"contact": 1}}', '"x"'],
)
def test_a_broken_file_is_refused_in_words(text: str) -> None:
    """Whatever the file holds, the answer is an error for people."""
    with pytest.raises(InputError, match="model"):
        Bundle.from_json(text)


def test_another_format_is_refused(made: Made) -> None:
    """A file of a later release."""
    later = deepcopy(made)
    later["models"]["contact"]["format"] = 99
    with pytest.raises(InputError, match="another format"):
        Bundle.from_json(json.dumps(later))


def test_models_are_made_from_the_command_line_and_are_the_same_twice(
    wb: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`wb bench ship-models` on small CRMs: a file that this release reads, byte for byte the same again."""
    monkeypatch.setattr(ship, "SIZES", (1_200,))
    monkeypatch.setattr(ship, "SPLINK_CONTACTS", 2_500)
    files = [tmp_path / "one.json", tmp_path / "two.json"]
    for file in files:
        run = wb("bench", "ship-models", "--out", str(file))
        assert run.exit_code == 0, run.err
        assert Bundle.from_json(file.read_text(encoding="utf-8")).model_hash in run.out
    assert files[0].read_bytes() == files[1].read_bytes()
