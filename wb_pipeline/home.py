"""Where everything that is written lies: one folder, `WB_HOME`, and the names inside it. No reading or writing here."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

DEFAULT_HOME = ".wb"


@dataclass(frozen=True)
class Home:
    """The folder that holds the books of record, the warehouse and what is published.

    Books of record (never deleted): `archive`, `snapshots`, `policies`, `segments`, `values`, `dedupe`, `models`,
    `ledger`.
    Derived (may be deleted): `warehouse`, `published`.
    """

    root: Path

    @classmethod
    def from_environment(cls, given: str | os.PathLike[str] | None = None) -> Home:
        """Return the home at `given`, else at `WB_HOME`, else `.wb` below the working folder."""
        return cls(Path(given or os.environ.get("WB_HOME") or DEFAULT_HOME).expanduser().resolve())

    @property
    def inbox(self) -> Path:
        """Where agents drop batches; the sensor looks here."""
        return self.root / "inbox"

    @property
    def archive(self) -> Path:
        """Input files as received, each named by its content hash."""
        return self.root / "archive"

    @property
    def snapshots(self) -> Path:
        """CRM and evidence as pulled: immutable Parquet, each named by its content hash."""
        return self.root / "snapshots"

    @property
    def policies(self) -> Path:
        """Every policy version that was ever used, named by its content hash."""
        return self.root / "policies"

    @property
    def segments(self) -> Path:
        """Sealed decisions without personal values: one immutable Parquet file per batch."""
        return self.root / "segments"

    @property
    def values(self) -> Path:
        """The values and salts that the sealed digests cover; erasable (AUD-6)."""
        return self.root / "values"

    @property
    def dedupe(self) -> Path:
        """Sealed results of dedupe runs: immutable Parquet, each named by its content hash."""
        return self.root / "dedupe"

    @property
    def models(self) -> Path:
        """Matching models that were used: JSON named by its content hash; beside each a folder, how it was trained."""
        return self.root / "models"

    @property
    def ledger(self) -> Path:
        """The ledger's SQLite file, unless the ledger lies in another database."""
        return self.root / "ledger.sqlite"

    @property
    def ledger_marker(self) -> Path:
        """Says that the ledger lies in another database, whose URL is in the environment."""
        return self.root / "ledger.elsewhere"

    @property
    def warehouse(self) -> Path:
        """The DuckDB file: derived, may be deleted at any time."""
        return self.root / "warehouse.duckdb"

    @property
    def warehouse_lock(self) -> Path:
        """Held by the one run that may write the warehouse."""
        return self.root / "warehouse.lock"

    @property
    def published(self) -> Path:
        """What readers open: Parquet and CSV, replaced atomically."""
        return self.root / "published"

    @property
    def report(self) -> Path:
        """The page of `wb report` and the rows behind it: derived, may be deleted."""
        return self.root / "report"

    @property
    def outbox(self) -> Path:
        """Messages to people as they were sent, one file each: derived, may be deleted."""
        return self.root / "outbox"

    @property
    def dagster(self) -> Path:
        """DAGSTER_HOME of runs started by `wb`, unless the environment names another."""
        return self.root / "dagster"
