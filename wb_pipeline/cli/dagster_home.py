"""The orchestrator's home for runs started by `wb`: inside WB_HOME unless DAGSTER_HOME names another."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wb_pipeline.home import Home

_SETTINGS = """\
# Made by wb. Runs and their events are kept beside the books, in SQLite.
telemetry:
  enabled: false
nux:
  enabled: false
"""


def prepare_dagster_home(home: Home) -> Path:
    """Return DAGSTER_HOME, made and set for this process if the environment names none."""
    named = os.environ.get("DAGSTER_HOME")
    folder = Path(named).expanduser().resolve() if named else home.dagster
    folder.mkdir(parents=True, exist_ok=True)
    settings = folder / "dagster.yaml"
    if not settings.exists():
        settings.write_text(_SETTINGS, encoding="utf-8")
    os.environ["DAGSTER_HOME"] = str(folder)
    os.environ["WB_HOME"] = str(home.root)
    return folder
