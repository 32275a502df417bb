"""A share of counted cases with its 95 % interval, so that few cases look like few. No matching terms here."""

from __future__ import annotations

import math
from dataclasses import dataclass

_Z_95 = 1.959963984540054
"""The normal distribution's 97.5 % quantile."""


@dataclass(frozen=True)
class Rate:
    """`hits` of `cases`; a share of no cases is unknown (None), neither 0 nor 1."""

    hits: int
    cases: int

    def __post_init__(self) -> None:
        if not 0 <= self.hits <= self.cases:
            raise ValueError(f"{self.hits} of {self.cases} is no share")

    @property
    def value(self) -> float | None:
        """The share, 0 to 1."""
        return self.hits / self.cases if self.cases else None

    @property
    def interval(self) -> tuple[float, float]:
        """The Wilson score interval (Wilson 1927) at 95 %; (0, 1) when there are no cases.

        It takes the cases to be independent. Pairs of one cluster are not, so for pairs the truth is somewhat wider.
        """
        if not self.cases:
            return 0.0, 1.0
        share, weight = self.hits / self.cases, _Z_95**2 / self.cases
        middle = (share + weight / 2) / (1 + weight)
        half = _Z_95 * math.sqrt(share * (1 - share) / self.cases + weight / (4 * self.cases)) / (1 + weight)
        # At the ends the exact bound is the share itself; rounding must not leave it out.
        low = 0.0 if self.hits == 0 else max(0.0, middle - half)
        high = 1.0 if self.hits == self.cases else min(1.0, middle + half)
        return low, high

    def as_json(self) -> dict[str, object]:
        """Return share, bounds and counts for the JSON report."""
        low, high = self.interval
        return {"value": self.value, "low": low, "high": high, "hits": self.hits, "cases": self.cases}
