"""A process that has everything loaded and from which `wb` is forked: for tests that start, kill and start it again.

Run as a module, it forks one `wb` per line on its input: JSON with the arguments and a folder for what comes of it.
What is forked is `wb` itself, in a process of its own, just without the seconds that imports take.
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path

_LOADED = (
    "wb_pipeline.definitions",
    "wb_pipeline.cli.run",
    "great_expectations",
    "splink",
    "pandas",
    "pyarrow.parquet",
)
_GLANCE_SECONDS = 0.02


class Born:
    """A `wb` that was forked: what it prints lies in files, how it ended too. Its process is nobody's child here."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def pid(self) -> int:
        """Its process, as soon as there is one."""
        return int(self._read_when_there("pid"))

    @property
    def err(self) -> str:
        """What it said on its way, so far."""
        path = self._folder / "err"
        return path.read_text(encoding="utf-8") if path.exists() else ""

    @property
    def has_ended(self) -> bool:
        """Whether it is over."""
        return (self._folder / "code").exists()

    def code(self, patience: float) -> int:
        """Wait for its end; return its exit code, or minus the signal that ended it."""
        return int(self._read_when_there("code", patience))

    def wait_for_step(self, name: str, patience: float) -> bool:
        """Wait until it names a step; return whether it did before it ended."""
        end = time.monotonic() + patience
        while time.monotonic() < end:
            is_over = self.has_ended
            if any(line.strip().startswith(name) for line in self.err.splitlines()):
                return True
            if is_over:
                return False
            time.sleep(_GLANCE_SECONDS)
        raise TimeoutError(f"no step {name} in {patience} s: {self.err}")

    def kill(self) -> None:
        """Kill -9, if it is still there."""
        if not self.has_ended:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)

    def _read_when_there(self, name: str, patience: float = 60.0) -> str:
        path, end = self._folder / name, time.monotonic() + patience
        while not path.exists():
            if time.monotonic() > end:
                raise TimeoutError(f"no {name} in {patience} s: {self.err}")
            time.sleep(_GLANCE_SECONDS)
        return path.read_text(encoding="utf-8")


class Nursery:
    """The process from outside."""

    def __init__(self, root: Path, process: subprocess.Popen[str]) -> None:
        self._root, self._process = root, process
        self._born: list[Born] = []

    def start(self, *arguments: str | Path) -> Born:
        """Start `wb` with these arguments."""
        folder = self._root / f"wb-{len(self._born)}"
        folder.mkdir(parents=True)
        assert self._process.stdin is not None
        order = {"arguments": [str(each) for each in arguments], "folder": str(folder)}
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        self._born.append(Born(folder))
        return self._born[-1]

    def kill_all(self) -> None:
        """Let nothing that was started here go on."""
        for born in self._born:
            born.kill()


@contextmanager
def nursery(root: Path, environment: dict[str, str]) -> Iterator[Nursery]:
    """Keep a nursery while the block runs; nothing from it outlives the block."""
    command = [sys.executable, "-m", __name__]
    with subprocess.Popen(command, stdin=subprocess.PIPE, env=environment, text=True) as process:
        opened = Nursery(root, process)
        try:
            yield opened
        finally:
            opened.kill_all()
            process.kill()


def main() -> None:
    """Fork on demand, and write down how each process ended, until nobody asks any more."""
    for name in _LOADED:
        import_module(name)
    folders: dict[int, Path] = {}
    asking = True
    while asking or folders:
        if asking and select.select([sys.stdin], [], [], _GLANCE_SECONDS)[0]:
            line = sys.stdin.buffer.raw.readline()  # type: ignore[attr-defined]  # unbuffered: select sees every line
            asking = bool(line)
            if line:
                order = json.loads(line)
                folders[_fork(order["arguments"], Path(order["folder"]))] = Path(order["folder"])
        _reap(folders)


def _fork(arguments: Sequence[str], folder: Path) -> int:
    pid = os.fork()
    if pid == 0:
        _be_wb(arguments, folder)
    _write(folder / "pid", str(pid))
    return pid


def _be_wb(arguments: Sequence[str], folder: Path) -> None:
    """Be `wb` until it ends."""
    code = 70
    try:
        for name, number in (("out", 1), ("err", 2)):
            os.dup2(os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_APPEND), number)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        sys.argv = ["wb", *arguments]
        import_module("wb_pipeline.cli.main").main()
        code = 0
    except SystemExit as stop:
        code = int(stop.code or 0)
    except BaseException as error:  # noqa: BLE001 - whoever waits has to see it
        print(repr(error), file=sys.stderr)  # noqa: T201 - as an interpreter would
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _reap(folders: dict[int, Path]) -> None:
    for pid in list(folders):
        found, status = os.waitpid(pid, os.WNOHANG)
        if found:
            _write(folders.pop(pid) / "code", str(os.waitstatus_to_exitcode(status)))


def _write(path: Path, text: str) -> None:
    """Write a small file at once: who waits for it sees it whole."""
    unfinished = path.with_suffix(".unfinished")
    unfinished.write_text(text, encoding="utf-8")
    unfinished.replace(path)


if __name__ == "__main__":
    main()
