"""A card: points per category and per unit of a number, as JSON that people can read. Fitting is `scorecard.fit`'s."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from wb_pipeline.matching.models.objects import MODELS
from wb_pipeline.matching.models.term import Number

FORMAT = 1
MOST_POINTS = 12.0
"""No term decides alone: more would be a rule, and rules are gates. (e to the 12th: odds of 160,000 to one.)"""


@dataclass(frozen=True)
class Card:
    """Points in log-odds (natural logarithm). `categories`: term -> category -> points; `numbers`: term -> per unit."""

    object: str
    intercept: float
    categories: dict[str, dict[str, float]]
    numbers: dict[str, float]
    trained_on: dict[str, Any] = field(default_factory=dict)

    def logit_sql(self) -> str:
        """Return SQL for the sum of all points over matching.pair_terms."""
        return " + ".join([repr(float(self.intercept)), *(f"({sql})" for sql in self.points_sql().values())])

    def points_sql(self) -> dict[str, str]:
        """Return, per term that has points, SQL for the points of a pair."""
        found: dict[str, str] = {}
        for term in MODELS[self.object].terms:
            if isinstance(term, Number):
                if self.numbers.get(term.name):
                    found[term.name] = f'coalesce("{term.name}", 0) * ({float(self.numbers[term.name])!r})'
            elif points := self.categories.get(term.name):
                cases = " ".join(
                    f"when {_quoted(name)} then {float(value)!r}" for name, value in sorted(points.items())
                )
                found[term.name] = f'case "{term.name}" {cases} else 0.0 end'
        return found

    def to_json(self) -> str:
        """Return the card as JSON, the same text for the same card."""
        return json.dumps({"format": FORMAT, **asdict(self)}, indent=1, sort_keys=True) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Card:
        """Read a card. Raises ValueError for another format, KeyError for one that lacks a part."""
        made = json.loads(text)
        if made.pop("format") != FORMAT:
            raise ValueError(f"the card is not of format {FORMAT}")
        return cls(**made)

    @classmethod
    def read(cls, path: Path) -> Card:
        """Read a card from a file."""
        return cls.from_json(path.read_text(encoding="utf-8"))


def _quoted(text: str) -> str:
    """Return text as an SQL literal: a card is a file, and files come from anywhere."""
    return "'" + text.replace("'", "''") + "'"
