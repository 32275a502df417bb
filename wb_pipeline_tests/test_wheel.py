"""The built wheel runs the demo by itself. What the wheel is checked for stands in tools/check_wheel.py."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

CHECK = Path(__file__).resolve().parent.parent / "tools" / "check_wheel.py"


@pytest.mark.wheel
def test_wheel_runs_the_demo_when_the_checkout_is_out_of_sight():
    """The SQL folder, the policy and the sample travel inside the wheel, and `wb demo` needs nothing else."""
    done = subprocess.run([sys.executable, CHECK], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
