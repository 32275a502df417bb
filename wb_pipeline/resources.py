"""What the assets share: the home with its ledger, the warehouse under its lock, the inputs of a run."""

import functools
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
from pydantic import PrivateAttr

from wb_pipeline.connectors.opening import POSTGRES, URL_VARIABLE
from wb_pipeline.errors import InputError
from wb_pipeline.home import Home
from wb_pipeline.ledger.store import Ledger
from wb_pipeline.ledger.times import utc_now
from wb_pipeline.paths import default_policy_file, sql_project_folder
from wb_pipeline.sql_project import SqlProject
from wb_pipeline.warehouse import open_warehouse


class Books(dg.ConfigurableResource["Books"]):
    """The home folder and its ledger: the books of record."""

    home_folder: str

    @property
    def home(self) -> Home:
        """The folder that holds everything that is written."""
        return Home.from_environment(self.home_folder)

    @property
    def ledger(self) -> Ledger:
        """The ledger, opened afresh: it holds no connection between two calls."""
        return Ledger.open(self.home)


class Warehouse(dg.ConfigurableResource["Warehouse"]):
    """The DuckDB file: one connection and one lock for the whole run (law 6)."""

    home_folder: str
    _connection: duckdb.DuckDBPyConnection | None = PrivateAttr(default=None)

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["Warehouse"]:
        """Hold the lock from the first step to the last; a second run waits its turn."""

        def say(message: str) -> None:
            if context.log:
                context.log.warning(message)

        with open_warehouse(Home.from_environment(self.home_folder), say=say) as connection:
            self._connection = connection
            yield self

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """The run's connection. Raises RuntimeError outside a run."""
        if self._connection is None:
            raise RuntimeError("the warehouse is open only while a run holds its lock")
        return self._connection


class RunInputs(dg.ConfigurableResource["RunInputs"]):
    """Where a run finds the CRM, the evidence and the policy, and which time it is for it.

    An empty CRM or evidence folder means: judge against the latest snapshot on the books.
    """

    crm_folder: str = ""
    evidence_folder: str = ""
    policy_file: str = ""
    now: str = ""

    @property
    def policy_path(self) -> Path:
        """The policy to judge by; the one that ships with the project if none is named."""
        return Path(self.policy_file) if self.policy_file else default_policy_file()

    @property
    def clock_at(self) -> datetime:
        """The time for everything that depends on time."""
        return datetime.fromisoformat(self.now) if self.now else utc_now()


@functools.lru_cache(maxsize=2)
def shared_project(folder: Path) -> SqlProject:
    """Return the SQL project of a folder, read once per process: a run must not see two versions of a file."""
    return SqlProject.load(folder)


class SqlModels(dg.ConfigurableResource["SqlModels"]):
    """The SQL project, read once per run."""

    folder: str = ""
    _project: SqlProject | None = PrivateAttr(default=None)

    @property
    def project(self) -> SqlProject:
        """The models with their properties, sources and macros."""
        if self._project is None:
            self._project = shared_project(Path(self.folder) if self.folder else sql_project_folder())
        return self._project


def _crm_without_url() -> str:
    """Return WB_CRM. Raises InputError for a URL: what a resource holds, the orchestrator stores and shows (OPS-5)."""
    target = os.environ.get("WB_CRM", "")
    if "://" in target:
        raise InputError("WB_CRM holds a URL", hint=f"set it to {POSTGRES} and put the URL into {URL_VARIABLE}")
    return target


def resources_from_environment() -> dict[str, dg.ConfigurableResource[Any]]:
    """Return the resources as WB_HOME, WB_CRM, WB_EVIDENCE and WB_POLICY say."""
    home = str(Home.from_environment().root)
    return {
        "books": Books(home_folder=home),
        "warehouse": Warehouse(home_folder=home),
        "sql_models": SqlModels(),
        "inputs": RunInputs(
            crm_folder=_crm_without_url(),
            evidence_folder=os.environ.get("WB_EVIDENCE", ""),
            policy_file=os.environ.get("WB_POLICY", ""),
        ),
    }
