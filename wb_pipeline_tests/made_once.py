"""Makes what is expensive once for all processes of a test session. What is made is not to be written to."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """Return a folder that `make` has filled: the first process that asks makes it, the others wait for it.

    Nobody may write there: another process may be reading. What was left half made by one that failed is made anew.
    """
    here = factory.getbasetemp()
    # Each process has a folder of its own beside those of the others.
    shared = here.parent if "PYTEST_XDIST_WORKER" in os.environ else here
    folder, whole = shared / f"once-{name}", shared / f"once-{name}.whole"
    with FileLock(shared / f"once-{name}.lock"):
        if not whole.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            make(folder)
            whole.touch()
    return folder
