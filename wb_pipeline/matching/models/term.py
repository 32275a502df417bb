"""What the second stage looks at: terms over the levels of a compared pair, and over counts. No weights here."""

from __future__ import annotations

from dataclasses import dataclass

from wb_pipeline.matching.models.comparison import Comparison


@dataclass(frozen=True, slots=True)
class Levels:
    """The level of one comparison, each level with points of its own."""

    comparison: str

    @property
    def name(self) -> str:
        """The term's name in a saved card."""
        return self.comparison

    @property
    def comparisons(self) -> tuple[str, ...]:
        """The sources of evidence that the points belong to."""
        return (self.comparison,)

    @property
    def sql(self) -> str:
        """SQL for the category, over the columns `<comparison>_level`."""
        return f"{self.comparison}_level"


@dataclass(frozen=True, slots=True)
class Together:
    """Two comparisons at once: evidence that means more, or less, beside other evidence.

    `coarse` takes the first one's meaning (agrees, weak, differs, conflicts, unknown) instead of its level.
    """

    first: str
    second: str
    coarse: bool = False

    @property
    def name(self) -> str:
        """The term's name in a saved card."""
        return f"{self.first}{'~' if self.coarse else ''}+{self.second}"

    @property
    def comparisons(self) -> tuple[str, ...]:
        """The sources of evidence that the points belong to, half each."""
        return (self.first, self.second)

    @property
    def sql(self) -> str:
        """SQL for the category, over the columns `<comparison>_level` and `<comparison>_meaning`."""
        first = f"{self.first}_meaning" if self.coarse else f"{self.first}_level"
        return f"{first} || '+' || {self.second}_level"


@dataclass(frozen=True, slots=True)
class Number:
    """A number, zero where it says nothing. `sql` is over the inputs' columns with `_l` and `_r`, and the levels."""

    name: str
    sql: str
    belongs_to: str
    words: str

    @property
    def comparisons(self) -> tuple[str, ...]:
        """The source of evidence that the points belong to."""
        return (self.belongs_to,)


Category = Levels | Together
Term = Category | Number


def meaning_sql(comparison: Comparison) -> str:
    """Return SQL for what a pair's level means: agrees, weak, differs, conflicts; unknown where nothing is known."""
    cases = " ".join(f"when {gamma} then '{level.meaning}'" for gamma, level in comparison.gammas().items())
    return f"case {comparison.gamma_column} {cases} else 'unknown' end"
