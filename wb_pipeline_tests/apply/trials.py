"""One accident each: a fault, a kill, a full disk, two at once; what came of it. Counting is `harness`."""

from __future__ import annotations

import json
import random
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from wb_pipeline.apply.report import ApplyReport
from wb_pipeline.home import Home
from wb_pipeline_tests.apply.dying import (
    apply_and_die,
    apply_now,
    apply_on_a_full_disk,
    apply_well,
    ended,
    started,
    undo_and_die,
    undo_now,
)
from wb_pipeline_tests.apply.fake_client import FakeCrm, FakeCrmProcess, fake_crm
from wb_pipeline_tests.apply.fake_faults import WRITE_FAULTS
from wb_pipeline_tests.apply.invariants import read_books, violations
from wb_pipeline_tests.apply.world import CRM, make_world
from wb_pipeline_tests.warmth import shared_duckdb

MOST_RUNS = 8
"""So many runs may it take until everything is settled: each fault happens a limited number of times."""

Records = dict[tuple[str, str], dict[str, Any]]


@dataclass(frozen=True)
class Result:
    """What came of an accident. `problems`: what does not hold, by kind. `records`: how the CRM looks afterwards."""

    name: str
    problems: dict[str, list[str]]
    records: Records = field(default_factory=dict)
    was_killed: bool = False
    steps: int = 0
    seconds: float = 0.0

    @property
    def is_well(self) -> bool:
        """Whether nothing was lost, done twice or overwritten."""
        return not any(self.problems.values())


class Laboratory:
    """A world, a fake CRM, and accidents on copies of the world."""

    def __init__(self, root: Path, server: FakeCrmProcess) -> None:
        self._root, self.server = root, server
        self._world = make_world(root / "world")
        self._written: tuple[Home, dict[str, Any]] | None = None
        self._count = 0

    def fault(self, name: str, *, reads: Sequence[str] = (), again: int = 1, place: int = 0) -> Result:
        """Apply while write requests behind the first `place` meet a fault, `again` times; then until it is done."""
        home = self._begin(writes=[*[""] * place, *[name] * again], reads=list(reads))
        return self._finished(name, home)

    def storm(self, seed: int, rate: float = 0.5) -> Result:
        """Apply while every other request meets a fault drawn at random; then in good weather."""
        home = self._begin(any=list(WRITE_FAULTS), rate=rate, seed=seed)
        until_done(lambda: apply_now(home, FakeCrm(self.server.port)), most=4)
        self.server.control("plan")
        return self._finished(f"storm {seed}", home)

    def refusal(self) -> Result:
        """Apply while one record fails its validation each time."""
        return self._finished("refused", self._begin(refused=["con-3"]))

    def undisturbed(self, *, is_every: bool = False) -> Result:
        """Apply without any accident: how it ends, how many steps it has, how long it takes."""
        ended(started(apply_well, self._begin().root, self.server.port))  # what is slow the first time only
        home = self._begin()
        begun = time.monotonic()
        assert ended(started(apply_and_die, home.root, self.server.port, 0, is_every)) == 0
        seconds, steps = time.monotonic() - begun, steps_of(home)
        return self._result("undisturbed", home, steps=steps, seconds=seconds)

    def kill_at(self, step: int, *, is_every: bool = False) -> Result:
        """Kill the applying process at a step, then apply until it is done."""
        home = self._begin()
        code = ended(started(apply_and_die, home.root, self.server.port, step, is_every))
        return self._finished(f"step {step}", home, was_killed=code == -9)

    def kill_after(self, seconds: float, *, seed: int | None = None) -> Result:
        """Kill the applying process after a while, amid faults where a seed is given; then until it is done."""
        home = self._begin(**({} if seed is None else {"any": list(WRITE_FAULTS), "rate": 0.3, "seed": seed}))
        process = started(apply_and_die, home.root, self.server.port, 0, False)
        time.sleep(seconds)
        process.kill()
        code = ended(process)
        self.server.control("plan")
        return self._finished(f"{seconds:.3f} s", home, was_killed=code == -9)

    def kill_crm_after(self, seconds: float) -> Result:
        """Kill the CRM itself while it is written to; it comes back with all that it had carried out."""
        home = self._begin()
        process = started(apply_well, home.root, self.server.port)
        time.sleep(seconds)
        self.server.kill()
        assert ended(process) == 0
        self.server.start()
        return self._finished(f"CRM after {seconds:.3f} s", home, was_killed=True)

    def full_disk(self, most_bytes: int) -> Result:
        """Apply where no file may grow beyond a size, then where there is room again."""
        home = self._begin()
        assert ended(started(apply_on_a_full_disk, home.root, self.server.port, most_bytes)) == 0
        return self._finished(f"{most_bytes} bytes", home)

    def rivals(self, count: int = 3) -> Result:
        """Apply with several processes at once."""
        home = self._begin()
        processes = [started(apply_well, home.root, self.server.port) for _ in range(count)]
        assert [ended(process) for process in processes] == [0] * count
        return self._result("rivals", home)

    def kill_undo(self, step: int, *, is_every: bool = False, fault: str = "") -> Result:
        """Take back what was applied in peace, be killed at a step of it; then take back until it is done."""
        home = self._begin_written()
        self.server.control("plan", writes=["", fault])
        code = ended(started(undo_and_die, home.root, self.server.port, step, is_every))
        steps = 0 if code else steps_of(home)
        until_done(lambda: undo_now(home, FakeCrm(self.server.port)))
        return self._result(f"undo, step {step} {fault}".strip(), home, was_killed=code == -9, steps=steps)

    def _begin(self, **plan: Any) -> Home:
        return self._copied(self._world, plan, {"records": CRM})

    def _begin_written(self) -> Home:
        """Begin where everything was applied in peace: that is done once."""
        if self._written is None:
            home = self._begin()
            until_done(lambda: apply_now(home, FakeCrm(self.server.port)))
            self._written = home, self.server.control("state")
        home, state = self._written
        return self._copied(home, {}, state)

    def _copied(self, world: Home, plan: dict[str, Any], crm: dict[str, Any]) -> Home:
        self._count += 1
        home = Home(self._root / f"home-{self._count}")
        shutil.copytree(world.root, home.root)
        self.server.control("reset", **crm)
        self.server.control("plan", **plan)
        return home

    def _finished(self, name: str, home: Home, *, was_killed: bool = False) -> Result:
        until_done(lambda: apply_now(home, FakeCrm(self.server.port)), most=MOST_RUNS)
        return self._result(name, home, was_killed=was_killed)

    def _result(self, name: str, home: Home, **more: Any) -> Result:
        books = read_books(home, self.server.control("state"))
        shutil.rmtree(home.root)
        return Result(name, violations(books), business_values(books.records), **more)


def until_done(run: Callable[[], ApplyReport], most: int = MOST_RUNS) -> None:
    """Run until nothing waits any more; each fault happens a limited number of times."""
    for _ in range(most):
        report = run()
        if not (report.has_failed or report.waiting):
            return


def business_values(records: Records) -> Records:
    """Return the records without our marks, and with made ones known by what they hold, not by their running id."""
    shown = {}
    for (name, record_id), record in records.items():
        fields = {key: value for key, value in record["fields"].items() if not key.startswith("ai_")}
        told = {key: "(made)" if "-fake-" in str(value) else value for key, value in fields.items()}
        known = f"made {json.dumps(told, sort_keys=True)}" if "-fake-" in record_id else record_id
        shown[name, known] = told | {"(archived)": record["archived"], "(merged into)": record["merged_into"]}
    return shown


def random_moments(count: int, seconds: float, seed: int) -> Iterator[float]:
    """Yield moments within a duration, the same ones for the same seed."""
    chance = random.Random(seed)
    for _ in range(count):
        yield chance.uniform(0.0, seconds)


@contextmanager
def laboratory(root: Path) -> Iterator[Laboratory]:
    """Open a laboratory with a fake CRM of its own."""
    root.mkdir(parents=True, exist_ok=True)
    with fake_crm(root / "crm.sqlite") as server, shared_duckdb():
        yield Laboratory(root, server)


def steps_of(home: Home) -> int:
    """Return how many steps a process told that lived to its end."""
    return int((home.root / "steps").read_text(encoding="utf-8"))
