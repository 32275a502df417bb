"""A process that lets accidents happen, one after the other, in laboratories of its own. Counts nothing."""

from __future__ import annotations

import os
import signal
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wb_pipeline_tests.apply.files_trials import FilesLaboratory
from wb_pipeline_tests.apply.people import PeopleLaboratory
from wb_pipeline_tests.apply.sweep import Accident, Steps
from wb_pipeline_tests.apply.trials import Laboratory, Result, laboratory

# What lies here is given back when the process ends: the fake CRM ends with it, the folder is the sweep's.
_KEPT = ExitStack()


@dataclass(frozen=True)
class Happened:
    """What came of an accident, as small as it can be told to another process."""

    kind: str
    problems: dict[str, list[str]]
    was_killed: bool
    seconds: float


class Workbench:
    """Laboratories of each kind, and how long their deeds take in peace here."""

    def __init__(self, root: Path) -> None:
        self.crm: Laboratory = _KEPT.enter_context(laboratory(root / "crm"))
        self.files, self.people = FilesLaboratory(root / "files"), PeopleLaboratory(root / "people")
        self.seconds = {"crm": self.crm.undisturbed().seconds, "people": self.people.undisturbed().seconds}

    def steps(self) -> Steps:
        """Count the steps of everything that is killed."""
        results: dict[str, Result] = {
            "apply": self.crm.undisturbed(is_every=True),
            "files": self.files.kill_at(0, is_every=True),
            "undo": self.crm.kill_undo(0, is_every=True),
            "approval": self.people.undisturbed(),
        }
        unwell = [f"{name}: {result.problems}" for name, result in results.items() if not result.is_well]
        assert not unwell, unwell
        return {name: result.steps for name, result in results.items()}

    def let_happen(self, accident: Accident) -> Result:
        """Let one accident happen."""
        given: dict[str, Any] = accident.given
        if accident.moment is not None:
            given = given | {"seconds": accident.moment * self.seconds[accident.where]}
        found: Result = getattr(getattr(self, accident.where), accident.deed)(**given)
        return found


_BENCHES: list[Workbench] = []


def open_bench(root: Path) -> None:
    """Set up this process's workbench. Whoever interrupts the sweep interrupts its head, which lets us finish."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _BENCHES.append(Workbench(root / str(os.getpid())))


def count_steps() -> Steps:
    """Count steps on this process's workbench."""
    return _BENCHES[0].steps()


def happen(accident: Accident) -> Happened:
    """Let an accident happen on this process's workbench; one that cannot be judged is a wrong one."""
    begun = time.monotonic()
    try:
        result = _BENCHES[0].let_happen(accident)
        problems, killed = _named(result), result.was_killed
    except Exception as error:  # noqa: BLE001 - a sweep goes on, and says so
        problems, killed = {"wrong": [f"{accident}: {type(error).__name__}: {error}"]}, False
    return Happened(accident.kind, problems, killed, time.monotonic() - begun)


def _named(result: Result) -> dict[str, list[str]]:
    return {kind: [f"{result.name}: {kind}: {each}" for each in found] for kind, found in result.problems.items()}
