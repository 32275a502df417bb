"""The Dagster UI over a finished demo, as an operator sees it: a real server, a real browser."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from wb_pipeline.home import Home
from wb_pipeline_tests.conftest import wb_environment, wb_process

_START_SECONDS = 120
_END_SECONDS = 60
# Background jobs of a script start with Ctrl-C ignored.
_IN_BACKGROUND = ("sh", "-c", 'trap "" INT TERM; exec "$@"', "sh")
_BROWSER_OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--virtual-time-budget=20000",
)


@pytest.fixture(scope="module")
def ui(demo_home: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the UI over the demo's home, as a script does in its background, and return its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = tmp_path_factory.mktemp("ui") / "log"
    with log.open("w") as stream:
        server = subprocess.Popen(
            [*_IN_BACKGROUND, *wb_process("ui", "--home", demo_home.root, "--port", str(port))],
            env=wb_environment(),
            stdout=stream,
            stderr=stream,
            start_new_session=True,
        )
        try:
            yield _when_ready(f"http://127.0.0.1:{port}", server, log)
        finally:
            _end(server)


def _end(server: subprocess.Popen[bytes]) -> None:
    """Tell `wb ui`, and nobody else, to end; what it started ends with it. Whatever did not is killed, and tells."""
    server.terminate()
    try:
        server.wait(_END_SECONDS)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGKILL)
            server.wait(_END_SECONDS)


def _when_ready(address: str, server: subprocess.Popen[bytes], log: Path) -> str:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/server_info", timeout=5):  # noqa: S310 - our own loopback address
                return address
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            time.sleep(0.5)
    pytest.fail(f"the UI did not come up: {log.read_text()[-2000:]}")


def _ask(address: str, query: str) -> dict[str, object]:
    request = urllib.request.Request(  # noqa: S310 - our own loopback address
        f"{address}/graphql",
        data=json.dumps({"query": query}).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - our own loopback address
        return json.load(answer)["data"]


def test_ui_loads_every_asset_when_the_workspace_is_opened(ui):
    """OPS-1: the code location loads; assets, jobs, schedule and sensor are there."""
    data = _ask(
        ui,
        "{workspaceOrError{... on Workspace{locationEntries{locationOrLoadError{__typename ... on RepositoryLocation"
        "{repositories{jobs{name} schedules{name} sensors{name} assetNodes{assetKey{path}}}}}}}}}",
    )
    (entry,) = data["workspaceOrError"]["locationEntries"]
    assert entry["locationOrLoadError"]["__typename"] == "RepositoryLocation"
    (repository,) = entry["locationOrLoadError"]["repositories"]
    assert {"writeback_gate", "crm_snapshot_job"} <= {job["name"] for job in repository["jobs"]}
    schedules = {schedule["name"] for schedule in repository["schedules"]}
    assert schedules == {
        "nightly_crm_snapshot",
        "daily_crm_dedupe",
        "weekly_full_crm_dedupe",
        "hourly_news_for_people",
        "quarter_hourly_approved_writes",
        "nightly_writes_around_us",
    }
    assert [sensor["name"] for sensor in repository["sensors"]] == ["new_batches"]
    assert ["int_changes_decided"] in [node["assetKey"]["path"] for node in repository["assetNodes"]]


def test_ui_shows_the_runs_that_the_command_line_made(ui):
    """OPS-1: a run started by `wb` is the same job, and stands in the UI."""
    data = _ask(ui, "{runsOrError{... on Runs{results{jobName status}}}}")
    runs = data["runsOrError"]["results"]
    assert runs
    assert {(run["jobName"], run["status"]) for run in runs} == {("writeback_gate", "SUCCESS")}


@pytest.mark.browser
def test_ui_page_of_the_decisions_renders_in_a_browser(ui, chromium, tmp_path):
    """RPT-6: an operator reads description, row count and checks of a table in the UI itself."""
    command = [chromium, *_BROWSER_OPTIONS, f"--user-data-dir={tmp_path}", "--dump-dom"]
    page = subprocess.run(
        [*command, f"{ui}/assets/int_changes_decided"], capture_output=True, text=True, check=True, timeout=120
    ).stdout
    assert "int_changes_decided" in page
    assert "Where everything ends" in page or "Grain: change" in page
    assert "Row count" in page
