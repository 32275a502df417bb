"""The border to Great Expectations: the only module that imports it. What crosses is plain data. No rule here."""

from __future__ import annotations

import importlib
import os
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from wb_pipeline.expectations.model import Expectation

_PLACE = "place"
_ASKED = True  # a row whose condition holds

# Without `unexpected_index_column_names` the failing rows come back as positions in the frame, at once; with it, Great
# Expectations looks every id up by itself, at 15 microseconds a row (300,000 changes: 7 s instead of 0.7 s).
_RESULT_FORMAT = {
    "result_format": "COMPLETE",
    "exclude_unexpected_values": True,
    "include_unexpected_rows": False,
    "return_unexpected_index_query": False,
}


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: `positions` are the failing rows' places in the frame; `problem` is '' unless it raised."""

    success: bool
    evaluated: int
    unexpected: int
    positions: tuple[int, ...]
    problem: str


def ask(frame: pd.DataFrame, expectations: Sequence[Expectation], *, expected_rows: int) -> list[Answer]:
    """Return one answer per expectation, in their order. Nothing is written, shown or sent.

    Raises RuntimeError when an answer is missing.
    """
    # The version in use sends nothing; earlier and later ones read this.
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    gx = _import_quietly()
    plain_index = frame.reset_index(drop=True)
    suite = gx.ExpectationSuite(
        name="suite",
        expectations=[_question(gx, each, place, expected_rows) for place, each in enumerate(expectations)],
    )
    source = _quiet_context(gx).data_sources.add_pandas("frame")
    batch = (
        source.add_dataframe_asset("frame")
        .add_batch_definition_whole_dataframe("frame")
        .get_batch({"dataframe": plain_index})
    )
    results = batch.validate(suite, result_format=_RESULT_FORMAT).results
    # Results come back in another order than they were asked in.
    answers = {result.expectation_config.meta[_PLACE]: _answer(result) for result in results}
    if sorted(answers) != list(range(len(expectations))) or len(results) != len(expectations):
        message = f"Great Expectations answered {len(results)} of {len(expectations)} questions"
        raise RuntimeError(message)
    return [answers[place] for place in range(len(expectations))]


def _import_quietly() -> Any:
    """Import Great Expectations (3 s the first time) without the deprecation warnings of its own dependencies."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        gx = importlib.import_module("great_expectations")
        engine: Any = importlib.import_module("great_expectations.execution_engine.pandas_execution_engine")
    # It would hash every frame twice, for a fingerprint that nobody reads (300,000 changes: 2 s).
    engine.HASH_THRESHOLD = 0
    return gx


def _quiet_context(gx: Any) -> Any:
    """Return a context that lives in memory, draws no progress bar and sends nothing.

    The stores are named here because the default ones make a folder for documentation pages among the temporary files.
    """
    types = importlib.import_module("great_expectations.data_context.types.base")
    config = types.DataContextConfig(
        store_backend_defaults=types.InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
        progress_bars=types.ProgressBarsConfig(globally=False),
        analytics_enabled=False,
    )
    return gx.get_context(mode="ephemeral", project_config=config)


def _question(gx: Any, expectation: Expectation, place: int, expected_rows: int) -> Any:
    kinds = gx.expectations
    common: dict[str, Any] = {"meta": {_PLACE: place}}
    if expectation.kind == "row_count":
        return kinds.ExpectTableRowCountToEqual(value=expected_rows, **common)
    common["column"] = expectation.column
    if expectation.only_where:
        conditions = importlib.import_module("great_expectations.expectations.row_conditions")
        common["row_condition"] = conditions.Column(expectation.only_where) == _ASKED
    if expectation.kind == "between":
        return kinds.ExpectColumnValuesToBeBetween(
            min_value=expectation.minimum, max_value=expectation.maximum, **common
        )
    if expectation.kind == "in_set":
        return kinds.ExpectColumnValuesToBeInSet(value_set=list(expectation.allowed), **common)
    if expectation.kind == "unique":
        return kinds.ExpectColumnValuesToBeUnique(**common)
    return kinds.ExpectColumnValuesToNotBeNull(**common)


def _answer(result: Any) -> Answer:
    found = result.result or {}
    return Answer(
        success=result.success is True,
        evaluated=int(found.get("element_count", found.get("observed_value", 0)) or 0),
        unexpected=int(found.get("unexpected_count", 0) or 0),
        positions=tuple(found.get("unexpected_index_list") or ()),
        problem=_problem(result.exception_info or {}),
    )


def _problem(exception_info: dict[str, Any]) -> str:
    """Return what was raised, or ''. The information is flat for one expectation and nested per metric otherwise."""
    entries = [exception_info] if "raised_exception" in exception_info else list(exception_info.values())
    messages = {
        str(entry.get("exception_message") or "no message") for entry in entries if entry.get("raised_exception")
    }
    return "; ".join(sorted(messages))[:2000]
