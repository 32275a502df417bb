"""A matching model as one file per object: Splink's settings, the second stage's card, and how both were trained.

Models are versioned by the hash of what they hold; the ones in `shipped/` serve CRMs that are too small to train on.
"""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wb_pipeline.canonical import content_hash
from wb_pipeline.errors import InputError
from wb_pipeline.matching.models.objects import MODELS
from wb_pipeline.matching.scorecard.card import Card

FORMAT = 1
SHIPPED_FILE = Path(__file__).parent / "shipped" / "models.json"
"""The models that travel with the package; `wb bench ship-models` makes them."""


@dataclass(frozen=True)
class ObjectModel:
    """The model of one object. `report` says what it was trained on and what was seen."""

    object: str
    splink: dict[str, Any]
    card: Card
    report: dict[str, Any]

    def as_json(self) -> dict[str, Any]:
        """Return the model as it is kept."""
        card = json.loads(self.card.to_json())
        return {"format": FORMAT, "object": self.object, "splink": self.splink, "card": card, "report": self.report}

    @classmethod
    def from_json(cls, made: dict[str, Any]) -> ObjectModel:
        """Read a kept model. Raises InputError for a file of another format or for another set of levels."""
        if made.get("format") != FORMAT or made.get("object") not in MODELS:
            raise InputError("the matching model is of another format", hint="train it again with `wb train`")
        found = cls(made["object"], made["splink"], Card.from_json(json.dumps(made["card"])), made["report"])
        found.check_levels()
        return found

    def check_levels(self) -> None:
        """Raise InputError unless the model was trained on the comparison levels that this release compares by."""
        now = [
            (c["output_column_name"], [level["sql_condition"] for level in c["comparison_levels"]])
            for c in MODELS[self.object].settings()["comparisons"]
        ]
        then = [
            (c["output_column_name"], [level["sql_condition"] for level in c["comparison_levels"]])
            for c in self.splink["comparisons"]
        ]
        if now != then:
            raise InputError(
                f"the matching model of {self.object} was trained by another release",
                hint="train it again with `wb train`",
            )


@dataclass(frozen=True)
class Bundle:
    """The models of all objects, as one version."""

    models: dict[str, ObjectModel]

    @property
    def model_hash(self) -> str:
        """64 hex digits over everything that scores a pair."""
        return content_hash({name: model.as_json() for name, model in sorted(self.models.items())})

    def to_json(self) -> str:
        """Return the bundle as JSON, the same text for the same models."""
        models = {name: model.as_json() for name, model in sorted(self.models.items())}
        return json.dumps({"format": FORMAT, "models": models}, indent=1, sort_keys=True) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Bundle:
        """Read a bundle. Raises InputError when it cannot be used."""
        try:
            made = json.loads(text)
            return cls({name: ObjectModel.from_json(model) for name, model in made["models"].items()})
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise InputError(
                f"the matching model cannot be read: {error}", hint="train it again with `wb train`"
            ) from error


@functools.cache
def shipped_bundle() -> Bundle:
    """Return the models that travel with the package."""
    return Bundle.from_json(SHIPPED_FILE.read_text(encoding="utf-8"))
