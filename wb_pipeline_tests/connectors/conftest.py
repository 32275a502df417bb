"""A folder of CRM files for the tests of the files connector."""

from __future__ import annotations

from pathlib import Path

import pytest

from wb_pipeline_tests.connectors.crm_folder import odd_folder


@pytest.fixture
def crm(tmp_path: Path) -> Path:
    """A CRM folder with every oddity."""
    return odd_folder(tmp_path)
