"""Processes that apply, and die at a given step: work for the tests' own processes. No assertions here.

A step is a point at which a kill may leave something half done: before and behind each request to the CRM, before and
behind each commit of the ledger, before each file that is flushed or renamed. The product knows nothing of this.
"""

from __future__ import annotations

import contextlib
import os
import resource
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

from wb_pipeline.apply.limits import Limits
from wb_pipeline.apply.report import ApplyReport
from wb_pipeline.apply.run import apply_approved
from wb_pipeline.apply.undo import undo
from wb_pipeline.apply.undo_selection import Selection
from wb_pipeline.connectors.files_writing import WritableFiles
from wb_pipeline.errors import WbError
from wb_pipeline.home import Home
from wb_pipeline.ledger.store import Ledger
from wb_pipeline_tests.apply.fake_client import FakeCrm
from wb_pipeline_tests.ledger.factories import CLOCK
from wb_pipeline_tests.ledger.processes import context
from wb_pipeline_tests.warmth import shared_duckdb

Crm = FakeCrm | WritableFiles

FAST = Limits(group=5, tries=4, first_pause=0.01, longest_pause=0.05, group_seconds=0.4)
"""The limits of a run that is in a hurry: many groups, short pauses."""


class Mortal:
    """Counts steps, and kills this process with SIGKILL at the one given; 0 = never.

    The decisive ones are writes to the CRM and commits of the ledger; unless `is_every`, only they are counted.
    """

    def __init__(self, step: int, *, is_every: bool = False) -> None:
        self._step, self._is_every = step, is_every
        self.steps = 0

    def pass_by(self) -> None:
        """Take a step."""
        self.steps += 1
        if self.steps == self._step:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(self, real: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function with a step before it and one behind it."""

        def call(*given: Any, **named: Any) -> Any:
            self.pass_by()
            result = real(*given, **named)
            self.pass_by()
            return result

        return call

    def lurk(self) -> None:
        """Wait for this process at every commit, flush and rename."""
        real = Ledger.writing

        @contextmanager
        def writing(ledger: Ledger, recorded_by: str) -> Iterator[Any]:
            with real(ledger, recorded_by) as book:
                yield book
                self.pass_by()
            self.pass_by()

        Ledger.writing = writing  # type: ignore[method-assign]  # in a process of its own, which dies of it
        for name in ("fsync", "replace") if self._is_every else ():
            setattr(os, name, self.around(getattr(os, name)))

    def mortal(self, crm: Crm) -> Crm:
        """Wait for this process at every request to a CRM too."""
        for name in ("read", "find_by_key", "find_by_fields", "write_many") if self._is_every else ("write_many",):
            setattr(crm, name, self.around(getattr(crm, name)))
        return crm


def apply_now(home: Home, crm: Crm, limits: Limits = FAST) -> ApplyReport:
    """Apply what is approved; what the CRM is told is told by the real clock."""
    return apply_approved(home, Ledger.open(home), crm, CLOCK, limits=limits)


def apply_and_die(root: Path, port: int, step: int, is_every: bool) -> None:
    """Apply to the fake CRM, dying at a step; tell by a file how many there were, if there are fewer."""
    _apply_mortally(root, FakeCrm(port), Mortal(step, is_every=is_every))


def apply_to_files_and_die(root: Path, folder: Path, step: int, is_every: bool) -> None:
    """Apply to a folder of files, dying at a step."""
    _apply_mortally(root, WritableFiles(folder), Mortal(step, is_every=is_every))


def undo_now(home: Home, crm: Crm) -> ApplyReport:
    """Take back everything that the agent wrote."""
    selection = Selection(actor_id="agent-enrich-1")
    return undo(home, Ledger.open(home), crm, selection, by="u-ops-1", reason="it went wrong", limits=FAST).report


def undo_and_die(root: Path, port: int, step: int, is_every: bool) -> None:
    """Take everything back, dying at a step; tell by a file how many there were, if there are fewer."""
    mortal = Mortal(step, is_every=is_every)
    crm = mortal.mortal(FakeCrm(port))
    mortal.lurk()
    undo_now(Home(root), crm)
    (root / "steps").write_text(str(mortal.steps), encoding="utf-8")


def apply_on_a_full_disk(root: Path, port: int, most_bytes: int) -> None:
    """Apply where no file may grow beyond a size: the operating system refuses to write more, as on a full disk."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))
    with contextlib.suppress(WbError, OSError):
        apply_now(Home(root), FakeCrm(port))


def apply_well(root: Path, port: int) -> None:
    """Apply, and fail where that fails."""
    apply_now(Home(root), FakeCrm(port))


def _apply_mortally(root: Path, crm: Crm, mortal: Mortal) -> None:
    mortal.mortal(crm)
    mortal.lurk()
    apply_now(Home(root), crm)
    (root / "steps").write_text(str(mortal.steps), encoding="utf-8")


def started(work: Callable[..., None], *given: Any) -> ForkServerProcess:
    """Start some work in a process of its own."""
    process = context().Process(target=_live, args=(work, *given), daemon=True)
    process.start()
    return process


def _live(work: Callable[..., None], *given: Any) -> None:
    with shared_duckdb():
        work(*given)


def ended(process: ForkServerProcess, seconds: float = 120.0) -> int:
    """Wait for a process; return how it ended (-9: killed)."""
    process.join(seconds)
    code = process.exitcode
    process.kill()
    process.join()
    process.close()
    assert code is not None, "the process did not end"
    return code
