"""Two reviewers in processes of their own who decide on the same items at once; who won is read from the ledger."""

from __future__ import annotations

import multiprocessing
import random
import time
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wb_pipeline.benchmarks.measure import BenchmarkError
from wb_pipeline.benchmarks.review.queue import CLOCK
from wb_pipeline.home import Home
from wb_pipeline.ledger.kinds_review import DecisionRefused, ItemDecided
from wb_pipeline.ledger.store import Ledger
from wb_pipeline.review.desk import Desk
from wb_pipeline.review.model import Decision, Item

if TYPE_CHECKING:
    from multiprocessing.synchronize import Barrier
    from pathlib import Path

REVIEWERS = ("u-ops-1", "u-sales-1")
_AT_ONCE = 10
_LONGEST_WAIT = 120


@dataclass(frozen=True)
class RaceOutcome:
    """What the ledger says afterwards: items with exactly one winner, with a loser on record, wins by reviewer."""

    items: int
    one_winner: int
    both_recorded: int
    wins: dict[str, int]
    seconds: float


def run_race(home: Home, item_ids: list[str]) -> RaceOutcome:
    """Let both decide on all items, each in their own order; return who won. Raises BenchmarkError if one fails."""
    context = multiprocessing.get_context("spawn")
    start = context.Barrier(len(REVIEWERS) + 1)
    runners = [
        context.Process(target=_decide_all, args=(home.root, item_ids, by, seed, start))
        for seed, by in enumerate(REVIEWERS)
    ]
    for runner in runners:
        runner.start()
    start.wait(_LONGEST_WAIT)
    started = time.perf_counter()
    for runner in runners:
        runner.join()
    seconds = time.perf_counter() - started
    codes = [runner.exitcode for runner in runners]
    for runner in runners:
        runner.close()
    if any(codes):
        raise BenchmarkError(f"a reviewer's process ended with exit code {max(map(abs, filter(None, codes)))}")
    return _outcome(home, set(item_ids), seconds)


def _decide_all(root: Path, item_ids: list[str], by: str, seed: int, start: Barrier) -> None:
    """Decide on all items as they were shown at first, a few at a time: one approves, the other rejects."""
    home = Home(root)
    desk = Desk(home, Ledger.open(home, clock=lambda: CLOCK), lambda: CLOCK)
    shown = {item.item_id: item for item in desk.items() if item.item_id in set(item_ids)}
    random.Random(seed).shuffle(item_ids)  # noqa: S311 - any order does
    approves = by == REVIEWERS[0]
    start.wait(_LONGEST_WAIT)
    for place in range(0, len(item_ids), _AT_ONCE):
        some = [shown[each] for each in item_ids[place : place + _AT_ONCE]]
        desk.decide([_decision(item, approves=approves) for item in some], by)


def _decision(item: Item, *, approves: bool) -> Decision:
    if approves:
        return Decision(item.item_id, "approve", item.binding)
    return Decision(item.item_id, "reject", item.binding, "wrong_value")


def _outcome(home: Home, item_ids: set[str], seconds: float) -> RaceOutcome:
    ledger = Ledger.open(home)
    won = [event for event in ledger.events(ItemDecided.kind) if event.subject in item_ids]
    lost = {(event.subject, event.payload["standing_sequence"]) for event in ledger.events(DecisionRefused.kind)}
    winners = Counter(event.subject for event in won)
    return RaceOutcome(
        items=len(item_ids),
        one_winner=sum(winners[each] == 1 for each in item_ids),
        both_recorded=sum((event.subject, event.sequence) in lost for event in won),
        wins=dict(Counter(event.recorded_by for event in won)),
        seconds=seconds,
    )
