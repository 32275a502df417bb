"""Work for the tests' own processes: it must be importable there. No assertions here."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Sequence
from multiprocessing.context import ForkServerContext
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

from wb_pipeline.home import Home
from wb_pipeline.ledger.chain import NewEvent
from wb_pipeline.ledger.manifests import Manifest
from wb_pipeline.ledger.store import Ledger
from wb_pipeline_tests.ledger.factories import decisions, seal


def context() -> ForkServerContext:
    """Return a context whose processes start fast and share no thread or connection with the tests.

    There is one fork server per process: whoever asks first starts it for all tests, with what any of them needs.
    """
    made = multiprocessing.get_context("forkserver")
    made.set_forkserver_preload([__name__, "wb_pipeline_tests.warmth", "wb_pipeline_tests.apply.people"])
    return made


def append_many(root: Path, url: str | None, name: str, count: int) -> None:
    """Append events one by one; every second one only if no process did so before."""
    ledger = Ledger.open(Home(root), url=url)
    for number in range(count):
        ledger.append([NewEvent("test", f"{name}-{number}")], recorded_by=name)
        ledger.append_unless_exists(NewEvent("once", str(number)), recorded_by=name)


def append_and_hang(root: Path, url: str | None, has_appended: Event) -> None:
    """Append an event and a value, and never come to the commit."""
    with Ledger.open(Home(root), url=url).writing("hanging") as book:
        book.append([NewEvent("test", book.keep("lost"))])
        has_appended.set()
        signal.pause()


def seal_and_die(root: Path, manifest: Manifest, rows: int, step: int) -> None:
    """Seal, but kill this process with SIGKILL before its n-th durable operation; exit 0 if there are fewer."""
    left = [step]

    def dying(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*given: Any, **named: Any) -> Any:
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*given, **named)

        return call

    home = Home(root)
    ledger = Ledger.open(home)
    for name in ("fsync", "replace", "chmod"):
        setattr(os, name, dying(getattr(os, name)))
    tables = [decisions(manifest, key, rows) for key in manifest.batches]
    seal(home, ledger, manifest, concat(tables))


def concat(tables: Sequence[Any]) -> Any:
    """Return Arrow tables as one."""
    import pyarrow as pa  # noqa: PLC0415

    return pa.concat_tables(tables)
