"""One made-up CRM for all tests of making them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from wb_pipeline.synthetic import GeneratedCrm, generate_crm

CONTACTS, PROPOSALS = 20_000, 2_500
Row = dict[str, Any]


@dataclass(frozen=True)
class Crm:
    """A generated CRM with its tables read back."""

    made: GeneratedCrm

    def rows(self, name: str) -> list[Row]:
        """The rows of one table."""
        return pq.read_table(self.made.folder / f"{name}.parquet").to_pylist()

    @cached_property
    def contacts(self) -> list[tuple[Row, Row]]:
        """Each contact record with its truth."""
        return list(zip(self.rows("crm_contacts"), self.rows("truth_contacts"), strict=True))

    @cached_property
    def companies(self) -> list[tuple[Row, Row]]:
        """Each company record with its truth."""
        return list(zip(self.rows("crm_companies"), self.rows("truth_companies"), strict=True))

    @cached_property
    def proposals(self) -> list[tuple[Row, Row]]:
        """Each proposal with its truth."""
        return list(zip(self.rows("proposals"), self.rows("truth_proposals"), strict=True))

    @cached_property
    def groups(self) -> list[Row]:
        """The members of the groups of look-alikes."""
        return self.rows("hard_negative_groups")


@pytest.fixture(scope="session")
def crm(tmp_path_factory: pytest.TempPathFactory) -> Crm:
    """One CRM, large enough for every kind of damage and look-alike."""
    folder: Path = tmp_path_factory.mktemp("synthetic")
    return Crm(generate_crm(folder, contacts=CONTACTS, proposals=PROPOSALS, seed=11))
