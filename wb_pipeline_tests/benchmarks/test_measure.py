from __future__ import annotations

import sys
from pathlib import Path

import pytest

from wb_pipeline.benchmarks.measure import BenchmarkError, measure


def test_measure_tells_wall_time_and_peak_memory_of_the_child(tmp_path: Path) -> None:
    """Both figures are those of the measured command."""
    code = "import time; rubbish = bytearray(150_000_000); time.sleep(0.2)"
    took = measure([sys.executable, "-c", code], log=tmp_path / "logs" / "run.log")
    assert 0.2 <= took.wall_seconds < 20
    assert 150_000_000 < took.peak_bytes < 1_000_000_000


def test_measure_does_not_count_an_earlier_child(tmp_path: Path) -> None:
    """The kernel keeps one high-water mark for all children; ours is per child."""
    measure([sys.executable, "-c", "bytearray(300_000_000)"], log=tmp_path / "large.log")
    took = measure([sys.executable, "-c", "pass"], log=tmp_path / "small.log")
    assert took.peak_bytes < 300_000_000


def test_measure_shows_the_output_when_the_command_fails(tmp_path: Path) -> None:
    """A failed run is no figure, and says why."""
    with pytest.raises(BenchmarkError, match="no such batch") as caught:
        measure([sys.executable, "-c", "raise SystemExit('no such batch')"], log=tmp_path / "run.log")
    assert "exit code 1" in caught.value.message
