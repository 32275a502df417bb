"""One accident each: a fault, a kill, a full disk, two at once; what came of it. Counting is `harness`."""

from __future__ import annotations

import json
import random
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from wb_pipeline.apply.report import ApplyReport
from wb_pipeline.connectors.files_writing import WritableFiles
from wb_pipeline.home import Home
from wb_pipeline_tests.apply.dying import (
    apply_and_die,
    apply_now,
    apply_on_a_full_disk,
    apply_to_files_and_die,
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
        self._count = 0

    def fault(self, name: str, *, reads: Sequence[str] = (), again: int = 1, place: int = 0) -> Result:
        """Apply while write requests behind the first `place` meet a fault, `again` times; then until it is done."""
        home = self._begin(writes=[*[""] * place, *[name] * again], reads=list(reads))
        return self._finished(name, home)

    def storm(self, seed: int, rate: float = 0.5) -> Result:
        """Apply while every other request meets a fault drawn at random; then in good weather."""
        home = self._begin(any=list(WRITE_FAULTS), rate=rate, seed=seed)
        self._until_done(lambda: apply_now(home, FakeCrm(self.server.port)), most=4)
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
        seconds, steps = time.monotonic() - begun, _steps(home)
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
        """Apply in peace, take everything back, be killed at a step of that; then take back until it is done."""
        home = self._begin()
        self._until_done(lambda: apply_now(home, FakeCrm(self.server.port)))
        self.server.control("plan", writes=["", fault])
        code = ended(started(undo_and_die, home.root, self.server.port, step, is_every))
        steps = 0 if code else _steps(home)
        self._until_done(lambda: undo_now(home, FakeCrm(self.server.port)))
        return self._result(f"undo, step {step} {fault}".strip(), home, was_killed=code == -9, steps=steps)

    def kill_on_files(self, step: int, *, is_every: bool = False) -> Result:
        """Kill a process that applies to a folder of files, then apply until it is done."""
        home = self._begin()
        folder = _crm_folder(home.root / "crm")
        code = ended(started(apply_to_files_and_die, home.root, folder, step, is_every))
        steps = 0 if code else _steps(home)
        self._until_done(lambda: apply_now(home, WritableFiles(folder)))
        rows, problems = _rows(folder), _problems_of_files(folder)
        shutil.rmtree(home.root)
        return Result(f"files, step {step}", problems, rows, code == -9, steps)

    def _begin(self, **plan: Any) -> Home:
        self._count += 1
        home = Home(self._root / f"home-{self._count}")
        shutil.copytree(self._world.root, home.root)
        self.server.control("reset", records=CRM)
        self.server.control("plan", **plan)
        return home

    def _finished(self, name: str, home: Home, *, was_killed: bool = False) -> Result:
        self._until_done(lambda: apply_now(home, FakeCrm(self.server.port)), most=MOST_RUNS)
        return self._result(name, home, was_killed=was_killed)

    def _until_done(self, run: Callable[[], ApplyReport], most: int = MOST_RUNS) -> None:
        for _ in range(most):
            report = run()
            if not (report.has_failed or report.waiting):
                return

    def _result(self, name: str, home: Home, **more: Any) -> Result:
        books = read_books(home, self.server.control("state"))
        shutil.rmtree(home.root)
        return Result(name, violations(books), business_values(books.records), **more)


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
    with fake_crm(root / "crm.sqlite") as server:
        yield Laboratory(root, server)


def _steps(home: Home) -> int:
    return int((home.root / "steps").read_text(encoding="utf-8"))


def _crm_folder(folder: Path) -> Path:
    """Write the CRM as one file per object."""
    folder.mkdir()
    for name in {record["object"] for record in CRM}:
        rows = [json.dumps(record) for record in CRM if record["object"] == name]
        (folder / f"{name}.jsonl").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return folder


def _all_rows(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for path in sorted(folder.glob("*.jsonl")) for line in path.read_text().splitlines()]


def _rows(folder: Path) -> Records:
    """Return what stands in the files, without marks and times; ids of made records come from their keys."""
    return {
        (row["object"], row["id"]): {
            **{name: value for name, value in row["fields"].items() if not name.startswith("ai_")},
            "(merged into)": row.get("merged_into"),
        }
        for row in _all_rows(folder)
    }


def _problems_of_files(folder: Path) -> dict[str, list[str]]:
    """Return what was done twice: a field's history, or a record, that is there more often than once."""
    rows = _all_rows(folder)
    ids = Counter((row["object"], row["id"]) for row in rows)
    changes = Counter((row["id"], entry["field"]) for row in rows for entry in row.get("history", []))
    changes = Counter({key: count for key, count in changes.items() if not key[1].startswith("ai_")})
    left = [path.name for path in folder.glob(".*") if not path.name.endswith(".lock")]
    return {
        "twice": [f"{what} is there {count} times" for what, count in (ids + changes).items() if count > 1],
        "wrong": [f"{name} was left behind" for name in left],
    }
