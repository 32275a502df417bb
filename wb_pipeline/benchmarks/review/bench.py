"""`wb bench review`: how long people wait for the queue and for a bulk decision, and how a race ends."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, TypeVar

from wb_pipeline.benchmarks.measure import BenchmarkError
from wb_pipeline.benchmarks.review.queue import CLOCK, make_queue
from wb_pipeline.benchmarks.review.race import RaceOutcome, run_race
from wb_pipeline.ledger.store import Ledger
from wb_pipeline.review.approved import judge_approvals
from wb_pipeline.review.desk import Desk
from wb_pipeline.review.filters import ItemFilter
from wb_pipeline.review.model import Decision

if TYPE_CHECKING:
    from pathlib import Path

    from wb_pipeline.home import Home

_Result = TypeVar("_Result")
AIM_LIST_SECONDS = 0.3
AIM_BULK_SECONDS = 5.0


@dataclass(frozen=True)
class ReviewSize:
    """How much is measured: items that wait, items approved at once, items that two people race for."""

    items: int = 10_000
    bulk: int = 1_000
    race: int = 1_000


@dataclass(frozen=True)
class ReviewReport:
    """Seconds, on the clock: a desk opened anew, its list again, filtered, after one decision; bulk; what stands."""

    size: ReviewSize
    open_seconds: float
    list_seconds: float
    filter_seconds: float
    list_after_decision_seconds: float
    bulk_seconds: float
    judge_seconds: float
    race: RaceOutcome

    def as_json(self) -> dict[str, object]:
        """Return all figures as JSON values."""
        return asdict(self)

    def render(self) -> str:
        """Return the figures as plain text."""
        wins = ", ".join(f"{by} {count:,}" for by, count in sorted(self.race.wins.items()))
        rows = [
            ("items that wait", f"{self.size.items:,}"),
            ("open the desk, everything read anew", f"{self.open_seconds:.2f} s"),
            ("list all", f"{self.list_seconds * 1000:.0f} ms (aim: {AIM_LIST_SECONDS * 1000:.0f} ms)"),
            ("list what a filter finds", f"{self.filter_seconds * 1000:.0f} ms"),
            ("list all after somebody's decision", f"{self.list_after_decision_seconds * 1000:.0f} ms"),
            (f"approve {self.size.bulk:,} at once", f"{self.bulk_seconds:.2f} s (aim: {AIM_BULK_SECONDS:.0f} s)"),
            ("find what may be written", f"{self.judge_seconds:.2f} s"),
            (f"race of two for {self.race.items:,}", f"{self.race.seconds:.1f} s"),
            ("  with exactly one winner", f"{self.race.one_winner:,}"),
            ("  with the loser on record", f"{self.race.both_recorded:,}"),
            ("  won by", wins),
        ]
        return "\n".join(f"{what:<38}{figure}" for what, figure in rows)


def bench_review(folder: Path, size: ReviewSize, echo: Callable[[str], None]) -> ReviewReport:
    """Make a queue below `folder` and measure it. Raises BenchmarkError where it is too small for what is asked."""
    if size.bulk + size.race + 1 > size.items:
        raise BenchmarkError("fewer items wait than are decided on", hint="raise --items")
    echo(f"sealing {size.items:,} items in {folder}")
    home = make_queue(folder / "review", size.items)
    ledger = Ledger.open(home, clock=lambda: CLOCK)
    echo("listing and approving")
    open_seconds, desk = _timed(lambda: _opened(home, ledger))
    list_seconds, items = _timed(desk.items)
    filter_seconds, _ = _timed(lambda: desk.items(ItemFilter(object="deal", field="stage")))
    first, *others = items
    other_desk = _opened(home, ledger)
    other_desk.decide([Decision(first.item_id, "approve", first.binding)], "u-ops-1")
    after_seconds, _ = _timed(desk.items)
    bulk = [Decision(item.item_id, "approve", item.binding) for item in others[: size.bulk]]
    bulk_seconds, outcomes = _timed(lambda: desk.decide(bulk, "u-ops-1"))
    if not all(outcome.is_done for outcome in outcomes):
        raise BenchmarkError("something could not be approved")
    judge_seconds, _ = _timed(lambda: judge_approvals(home, ledger, CLOCK))
    echo("racing")
    # What both may decide: no deal is too large for the second one.
    contested = [item.item_id for item in desk.items(ItemFilter(object="contact"))[: size.race]]
    race = run_race(home, contested)
    return ReviewReport(
        size, open_seconds, list_seconds, filter_seconds, after_seconds, bulk_seconds, judge_seconds, race
    )


def _opened(home: Home, ledger: Ledger) -> Desk:
    desk = Desk(home, ledger, lambda: CLOCK)
    desk.refresh()
    return desk


def _timed(work: Callable[[], _Result]) -> tuple[float, _Result]:
    started = time.perf_counter()
    result = work()
    return time.perf_counter() - started, result
