"""Lets Great Expectations answer equal questions about equal frames once in a session.

Its border gets no ids, only the columns that are tested: most small runs ask the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from wb_pipeline.expectations.gx_border import Answer
    from wb_pipeline.expectations.model import Expectation

Ask = Callable[..., list["Answer"]]


class AskedOnce:
    """Stands in for `gx_border.ask`; `ask` is the one that ships, asked for what was never asked."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._known: dict[str, list[Answer]] = {}
        self.hits = self.misses = 0

    def forget(self) -> None:
        """Ask everything anew from here on."""
        self._known.clear()

    def __call__(self, frame: pd.DataFrame, expectations: Sequence[Expectation], *, expected_rows: int) -> list[Answer]:
        """Return one answer per expectation."""
        columns = [(name, str(frame[name].dtype), frame[name].tolist()) for name in frame.columns]
        key = repr((columns, list(expectations), expected_rows))
        if key in self._known:
            self.hits += 1
        else:
            self.misses += 1
            self._known[key] = self._ask(frame, expectations, expected_rows=expected_rows)
        return list(self._known[key])
