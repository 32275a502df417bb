"""What every test may ask for: a home of its own, and Chromium where there is one. Factories lie beside their tests."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from wb_pipeline.home import Home

# `dev` looks for news on every run; `ci` tries the same examples each time; `deep` is for a night.
settings.register_profile("dev", max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("dev"), derandomize=True, database=None, print_blob=True)
settings.register_profile("deep", settings.get_profile("dev"), max_examples=2_000)
settings.load_profile(os.environ.get("WB_HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "dev"))


@pytest.fixture(scope="session", autouse=True)
def _own_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep every test away from the homes and settings of whoever runs it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WB_HOME", str(tmp_path_factory.mktemp("home")))
        patch.setenv("DAGSTER_HOME", str(tmp_path_factory.mktemp("dagster")))
        patch.setenv("DAGSTER_DISABLE_TELEMETRY", "1")
        patch.setenv("COLUMNS", "120")
        patch.delenv("NO_COLOR", raising=False)
        yield


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Return an empty home in a folder that does not exist yet."""
    return Home(tmp_path / "home")


@pytest.fixture(scope="session")
def chromium() -> str:
    """Return the path of Chromium; skip where there is none, or fail where WB_REQUIRE_BROWSER=1 says there must be."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    if os.environ.get("WB_REQUIRE_BROWSER") == "1":
        pytest.fail("WB_REQUIRE_BROWSER=1, but there is no Chromium on the PATH")
    pytest.skip("no Chromium on the PATH")
