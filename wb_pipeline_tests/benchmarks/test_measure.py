"""Wall time and peak memory of a child process."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from wb_pipeline.benchmarks.measure import BenchmarkError, measure

# A child begins with the high-water mark of whoever starts it, and the process of the tests may be large.
_SMALL_CALLER = "import sys; from pathlib import Path; from wb_pipeline.benchmarks.measure import measure\n"


def _said_by_a_small_caller(code: str, folder: Path) -> str:
    command = [sys.executable, "-c", _SMALL_CALLER + code]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout


def test_measure_tells_wall_time_and_peak_memory_of_the_child(tmp_path: Path) -> None:
    """Both figures are those of the measured command."""
    child = "import time; rubbish = bytearray(150_000_000); time.sleep(0.2)"
    code = (
        f"took = measure([sys.executable, '-c', {child!r}], log=Path('logs/run.log'))\n"
        "print(took.wall_seconds, took.peak_bytes)"
    )
    wall_seconds, peak_bytes = map(float, _said_by_a_small_caller(code, tmp_path).split())
    assert 0.2 <= wall_seconds < 20
    assert 150_000_000 < peak_bytes < 1_000_000_000


def test_measure_does_not_count_an_earlier_child(tmp_path: Path) -> None:
    """The kernel keeps one high-water mark for all children; ours is per child."""
    code = (
        "measure([sys.executable, '-c', 'bytearray(300_000_000)'], log=Path('large.log'))\n"
        "print(measure([sys.executable, '-c', 'pass'], log=Path('small.log')).peak_bytes)"
    )
    assert int(_said_by_a_small_caller(code, tmp_path)) < 300_000_000


def test_measure_shows_the_output_when_the_command_fails(tmp_path: Path) -> None:
    """A failed run is no figure, and says why."""
    with pytest.raises(BenchmarkError, match="no such batch") as caught:
        measure([sys.executable, "-c", "raise SystemExit('no such batch')"], log=tmp_path / "run.log")
    assert "exit code 1" in caught.value.message
