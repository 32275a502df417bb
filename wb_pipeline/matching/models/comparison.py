"""How two records may compare in one source of evidence: named levels, most telling first. No data is read here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Meaning = Literal["agrees", "weak", "differs", "conflicts"]
"""What a level says: they agree, hardly anything, they differ, or they differ as only two different entities do."""


@dataclass(frozen=True, slots=True)
class Level:
    """One way to compare. `when` is SQL over columns with `_l` and `_r`; the first level that holds counts.

    `words` say it to people ("same mobile"). `frequency_of` names the column whose term frequency weighs an agreement.
    """

    name: str
    when: str
    words: str
    meaning: Meaning = "agrees"
    frequency_of: str | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """One source of evidence. `unknown` is the SQL that tells when it says nothing; `otherwise` is the last level."""

    name: str
    unknown: str
    levels: tuple[Level, ...]
    otherwise: Level

    @property
    def gamma_column(self) -> str:
        """The column in which Splink puts the level that a pair fell on."""
        return f"gamma_{self.name}"

    def gammas(self) -> dict[int, Level]:
        """Return the level of each value of `gamma_column`; -1, nothing known, is none of them."""
        return {len(self.levels) - place: level for place, level in enumerate((*self.levels, self.otherwise))}

    def level_sql(self) -> str:
        """Return SQL for the name of the level that a pair fell on; `unknown` where nothing is known."""
        cases = " ".join(f"when {gamma} then '{level.name}'" for gamma, level in self.gammas().items())
        return f"case {self.gamma_column} {cases} else 'unknown' end"

    def to_splink(self) -> dict[str, Any]:
        """Return the comparison in Splink's settings form, untrained."""
        unknown = {"sql_condition": self.unknown, "label_for_charts": "unknown", "is_null_level": True}
        otherwise = {"sql_condition": "ELSE", "label_for_charts": self.otherwise.name}
        return {
            "output_column_name": self.name,
            "comparison_description": self.name.replace("_", " "),
            "comparison_levels": [unknown, *map(_splink_level, self.levels), otherwise],
        }


def _splink_level(level: Level) -> dict[str, Any]:
    made: dict[str, Any] = {"sql_condition": level.when, "label_for_charts": level.name}
    if level.frequency_of:
        # The level's own u is the one to correct: an agreement after a typo is as telling as the name is rare.
        made |= {
            "tf_adjustment_column": level.frequency_of,
            "tf_adjustment_weight": 1.0,
            "disable_tf_exact_match_detection": True,
        }
    return made


def either_null(*columns: str) -> str:
    """Return SQL that holds when one of the records lacks each of the columns."""
    sides = [" and ".join(f"{column}_{side} is null" for column in columns) for side in "lr"]
    return " or ".join(f"({side})" for side in sides)
