"""What every test may ask for: a home of its own, the finished demo, Chromium and Postgres where they are.

Factories lie beside their tests.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from wb_pipeline.home import Home
from wb_pipeline_tests.made_once import made_once
from wb_pipeline_tests.order import long_files_first

if TYPE_CHECKING:
    from wb_pipeline_tests.postgres_server import Server

# `dev` looks for news on every run; `ci` tries the same examples each time; `deep` is for a night.
settings.register_profile("dev", max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("dev"), derandomize=True, database=None, print_blob=True)
settings.register_profile("deep", settings.get_profile("dev"), max_examples=2_000)
settings.load_profile(os.environ.get("WB_HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "dev"))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the long files first."""
    long_files_first(items)


@pytest.fixture(scope="session", autouse=True)
def _own_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep every test away from the homes and settings of whoever runs it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WB_HOME", str(tmp_path_factory.mktemp("home")))
        patch.setenv("DAGSTER_HOME", str(tmp_path_factory.mktemp("dagster")))
        patch.setenv("DAGSTER_DISABLE_TELEMETRY", "1")
        patch.setenv("COLUMNS", "120")
        patch.delenv("NO_COLOR", raising=False)
        patch.delenv("WB_LEDGER", raising=False)
        yield


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Return an empty home in a folder that does not exist yet."""
    return Home(tmp_path / "home")


@dataclass(frozen=True)
class CommandRun:
    """A `wb` that was called: exit code and what it printed."""

    exit_code: int
    out: str
    err: str


@dataclass(frozen=True)
class DemoRun:
    """The demo as a new user runs it: its home, which nobody may write to, and what the command printed."""

    home: Home
    command: CommandRun


def wb_process(*arguments: str | Path) -> list[str]:
    """Return the command line that starts `wb` in a process of its own."""
    return [sys.executable, "-m", "wb_pipeline.cli", *map(str, arguments)]


def wb_environment() -> dict[str, str]:
    """Return an environment in which `wb` keeps everything in the home that it is given."""
    return {name: value for name, value in os.environ.items() if name not in {"WB_HOME", "DAGSTER_HOME"}}


@pytest.fixture(scope="session")
def demo_run(tmp_path_factory: pytest.TempPathFactory) -> DemoRun:
    """Run `wb demo` once for the whole session, in a process of its own; each process of the tests copies its home."""
    made = made_once(tmp_path_factory, "demo", _run_demo)
    home = Home(tmp_path_factory.mktemp("demo") / "home")
    shutil.copytree(made / "home", home.root)
    out, err = ((made / name).read_text(encoding="utf-8") for name in ("out", "err"))
    return DemoRun(home, CommandRun(0, out, err))


def _run_demo(folder: Path) -> None:
    command = wb_process("demo", "--home", folder / "home")
    done = subprocess.run(command, env=wb_environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (folder / "out").write_text(done.stdout, encoding="utf-8")
    (folder / "err").write_text(done.stderr, encoding="utf-8")


@pytest.fixture(scope="session")
def demo_home(demo_run: DemoRun) -> Home:
    """Return the finished demo's home, to be read only: `demo_copy` is for tests that write."""
    return demo_run.home


@pytest.fixture
def demo_copy(demo_home: Home, home: Home) -> Home:
    """Return a copy of the finished demo's home that the test may do with as it likes."""
    shutil.copytree(demo_home.root, home.root)
    return home


@pytest.fixture
def wb(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Callable[..., CommandRun]:
    """Return a function that calls `wb` in this process, through its entry point, and returns what became of it."""
    # Both are set by a run for its own process; here they have to be gone when the test is over.
    for name in ("WB_HOME", "DAGSTER_HOME"):
        monkeypatch.delenv(name, raising=False)

    def call(*arguments: str | Path) -> CommandRun:
        from wb_pipeline.cli import main  # noqa: PLC0415 - most tests do without it

        monkeypatch.setattr(sys, "argv", ["wb", *map(str, arguments)])
        monkeypatch.delenv("DAGSTER_HOME", raising=False)
        capfd.readouterr()
        exit_code = 0
        try:
            main()
        except SystemExit as stop:
            exit_code = int(stop.code or 0)
        out, err = capfd.readouterr()
        return CommandRun(exit_code, out, err)

    return call


@pytest.fixture(scope="session")
def chromium() -> str:
    """Return the path of Chromium; skip where there is none, or fail where WB_REQUIRE_BROWSER=1 says there must be."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    if os.environ.get("WB_REQUIRE_BROWSER") == "1":
        pytest.fail("WB_REQUIRE_BROWSER=1, but there is no Chromium on the PATH")
    pytest.skip("no Chromium on the PATH")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """Return a Postgres server; skip where none is installed, or fail where WB_REQUIRE_POSTGRES=1 says there must be.

    Each process of the tests starts its own, and only if a test of it asks.
    """
    from wb_pipeline_tests.postgres_server import program, running_server  # noqa: PLC0415 - most tests do without it

    if not (program("postgres") and program("initdb")):
        if os.environ.get("WB_REQUIRE_POSTGRES") == "1":
            pytest.fail("WB_REQUIRE_POSTGRES=1, but there is no Postgres server on the PATH or in /usr/lib/postgresql")
        pytest.skip("no Postgres server on the PATH or in /usr/lib/postgresql")
    with running_server() as server:
        yield server
