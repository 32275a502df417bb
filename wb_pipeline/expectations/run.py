"""Runs one suite over one frame so that nothing passes in silence. What is expected, and of what, stands elsewhere.

Great Expectations passes NULLs and empty batches without a word, and a missing column fails without naming a row. So
every tested column is also expected to be not null, the rows are counted against a number from elsewhere, and whatever
raised, went missing or was not fully looked at is a broken gate (EXC-3), never a pass.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from wb_pipeline.errors import GateBrokenError
from wb_pipeline.expectations import gx_border
from wb_pipeline.expectations.model import Expectation, ExpectationOutcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

    from wb_pipeline.expectations.gx_border import Answer

__all__ = ["ExpectationOutcome", "questions", "run_suite"]


def run_suite(
    frame: pd.DataFrame,
    *,
    suite: str,
    grain: str,
    id_column: str,
    expectations: Sequence[Expectation],
    expected_rows: int,
) -> list[ExpectationOutcome]:
    """Return what each expectation, and each of its companions, found in the frame.

    `expected_rows` is counted by the caller, by another way than the frame was made. A frame without rows where none
    are expected is answered without Great Expectations: every expectation looked at 0 rows. A NULL in a column of a
    gate breaks the gate; in a blocking suite it is an outcome that fails.

    Raises GateBrokenError naming gate and column: a missing column, missing rows, rows not looked at, whatever raised.
    """
    asked = questions(grain, expectations)
    _require_columns(frame, suite, id_column, asked)
    if expected_rows == 0 and frame.empty:
        return [_outcome(suite, each, success=True) for each in asked]
    if frame.empty:
        raise _broken(suite, asked[-1], f"no {grain} arrived, {expected_rows} expected")
    columns = sorted({column for each in asked for column in (each.column, each.only_where) if column})
    try:
        answers = gx_border.ask(frame[columns], asked, expected_rows=expected_rows)
    except Exception as error:
        message = f"suite {suite} could not be run: {type(error).__name__}: {error}"
        raise GateBrokenError(message, hint="Nothing was approved. This is a fault of the pipeline.") from error
    ids = frame[id_column].to_numpy()
    outcomes = []
    for each, answer in zip(asked, answers, strict=True):
        _require_sound(suite, each, answer, _rows_asked(frame, each))
        failing = tuple(str(ids[position]) for position in answer.positions)
        outcomes.append(_outcome(suite, each, success=answer.success, evaluated=answer.evaluated, failing=failing))
    return outcomes


def questions(grain: str, expectations: Sequence[Expectation]) -> list[Expectation]:
    """Return all that is asked for these expectations: the row count, the companions, and they themselves."""
    return [Expectation(name=f"every_{grain}_arrived", kind="row_count"), *_companions(expectations), *expectations]


def _companions(expectations: Iterable[Expectation]) -> list[Expectation]:
    """Return a not-null question for each tested column and each condition, once, naming the gate that it guards."""
    companions: dict[str, Expectation] = {}
    for each in expectations:
        wanted = [(each.column, each.only_where)] + ([(each.only_where, "")] if each.only_where else [])
        for column, only_where in wanted:
            name = f"{column}_is_never_null" + (f"_where_{only_where}" if only_where else "")
            known = companions.get(name)
            guards = each.gate or (known.guards if known else None)
            companions[name] = Expectation(name, "not_null", column, only_where=only_where, guards=guards)
    return list(companions.values())


def _require_columns(frame: pd.DataFrame, suite: str, id_column: str, asked: Iterable[Expectation]) -> None:
    for each in asked:
        for column in (each.column, each.only_where, id_column):
            if column and column not in frame.columns:
                raise _broken(suite, each, f"column {column} is missing")


def _rows_asked(frame: pd.DataFrame, expectation: Expectation) -> int:
    """Return how many rows the expectation has to look at."""
    if not expectation.only_where:
        return len(frame)
    return sum(1 for value in frame[expectation.only_where].tolist() if value is True)


def _require_sound(suite: str, expectation: Expectation, answer: Answer, rows_asked: int) -> None:
    """Raise GateBrokenError unless the answer covers every row it should and hangs together."""
    if answer.problem:
        raise _broken(suite, expectation, f"it raised: {answer.problem}")
    if expectation.kind == "row_count" and not answer.success:
        raise _broken(suite, expectation, f"{answer.evaluated} rows arrived, which is not the number expected")
    if answer.evaluated != rows_asked:
        raise _broken(suite, expectation, f"{answer.evaluated} of {rows_asked} rows were looked at")
    if answer.unexpected != len(answer.positions) or answer.success != (answer.unexpected == 0):
        raise _broken(suite, expectation, "its answer contradicts itself")
    if expectation.guards and not answer.success:
        raise _broken(suite, expectation, f"{answer.unexpected} rows have no value")


def _outcome(
    suite: str, expectation: Expectation, *, success: bool, evaluated: int = 0, failing: tuple[str, ...] = ()
) -> ExpectationOutcome:
    return ExpectationOutcome(
        suite=suite,
        expectation=expectation.name,
        column_name=expectation.column,
        success=success,
        evaluated=evaluated,
        unexpected=len(failing),
        unexpected_ids=failing,
        gate=expectation.gate,
    )


def _broken(suite: str, expectation: Expectation, problem: str) -> GateBrokenError:
    gate = expectation.gate or expectation.guards or f"suite {suite}"
    where = f", column {expectation.column}" if expectation.column else ""
    message = f"{gate} is broken: expectation {expectation.name}{where}: {problem}"
    return GateBrokenError(message, hint="Nothing was approved. This is a fault of the pipeline, not of the batch.")
