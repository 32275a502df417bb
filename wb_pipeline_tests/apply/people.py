"""Accidents while people decide: a bulk approval that is killed. What came of it is counted in `harness`."""

from __future__ import annotations

import shutil
import time
from collections import Counter
from pathlib import Path

from wb_pipeline.home import Home
from wb_pipeline.ledger.kinds_review import DecisionRefused, ItemDecided
from wb_pipeline.ledger.store import Ledger
from wb_pipeline.review.desk import Desk
from wb_pipeline.review.model import Decision
from wb_pipeline_tests.apply.dying import Mortal, ended, started
from wb_pipeline_tests.apply.trials import Result
from wb_pipeline_tests.ledger.factories import CLOCK
from wb_pipeline_tests.review.factories import queue, update

ITEMS, AT_ONCE = 200, 25
_REVIEWER = "u-ops-1"


class PeopleLaboratory:
    """A queue of items, and bulk approvals of copies of it that are killed."""

    def __init__(self, root: Path, items: int = ITEMS, *, is_every: bool = True) -> None:
        self._root, self._items, self._is_every = root, items, is_every
        root.mkdir(parents=True)
        self._world, _ = queue(root / "world", *(update("title", f"VP {number}") for number in range(items)))
        self._count = 0

    def undisturbed(self) -> Result:
        """Approve everything in peace: how many steps it has, how long it takes."""
        home, begun = self._begin(), time.monotonic()
        assert ended(started(decide_and_die, home.root, 0, self._is_every)) == 0
        seconds, steps = time.monotonic() - begun, int((home.root / "steps").read_text())
        return self._result("undisturbed", home, 0, steps=steps, seconds=seconds)

    def kill_at(self, step: int) -> Result:
        """Kill a bulk approval at a step, then approve what still waits."""
        home = self._begin()
        code = ended(started(decide_and_die, home.root, step, self._is_every))
        return self._finished(f"approval, step {step}", home, was_killed=code == -9)

    def kill_after(self, seconds: float) -> Result:
        """Kill a bulk approval after a while, then approve what still waits."""
        home = self._begin()
        process = started(decide_and_die, home.root, 0, self._is_every)
        time.sleep(seconds)
        process.kill()
        return self._finished(f"approval, {seconds:.3f} s", home, was_killed=ended(process) == -9)

    def _begin(self) -> Home:
        self._count += 1
        home = Home(self._root / f"home-{self._count}")
        shutil.copytree(self._world.root, home.root)
        return home

    def _finished(self, name: str, home: Home, *, was_killed: bool) -> Result:
        begun = len(Ledger.open(home).events(ItemDecided.kind))
        decide_everything(home)
        return self._result(name, home, begun, was_killed=was_killed)

    def _result(
        self, name: str, home: Home, begun: int, *, was_killed: bool = False, steps: int = 0, seconds: float = 0.0
    ) -> Result:
        problems = _problems(home, begun, self._items)
        shutil.rmtree(home.root)
        return Result(name, problems, {}, was_killed, steps, seconds)


def decide_everything(home: Home) -> None:
    """Approve everything that waits, some at a time."""
    desk = Desk(home, Ledger.open(home, clock=lambda: CLOCK), lambda: CLOCK)
    waiting = desk.items()
    for start in range(0, len(waiting), AT_ONCE):
        chosen = waiting[start : start + AT_ONCE]
        desk.decide([Decision(item.item_id, "approve", item.binding) for item in chosen], _REVIEWER)


def decide_and_die(root: Path, step: int, is_every: bool) -> None:
    """Approve everything, dying at a step; tell by a file how many there were, if there are fewer."""
    mortal = Mortal(step, is_every=is_every)
    mortal.lurk()
    decide_everything(Home(root))
    (root / "steps").write_text(str(mortal.steps), encoding="utf-8")


def _problems(home: Home, begun: int, items: int) -> dict[str, list[str]]:
    """Return what does not hold. `begun`: how many decisions stood when the killed process was gone."""
    ledger = Ledger.open(home)
    decided = Counter(event.subject for event in ledger.events(ItemDecided.kind))
    refused = len(ledger.events(DecisionRefused.kind))
    waiting = len(Desk(home, ledger, lambda: CLOCK).items())
    return {
        "lost": [f"{waiting} items still wait, {items - len(decided)} were never decided"] * (len(decided) != items),
        "twice": [f"{item} was decided {count} times" for item, count in decided.items() if count > 1],
        "wrong": [f"{begun} decisions stood after the kill, {refused} were refused"] * bool(begun % AT_ONCE or refused),
    }
