"""The ledger's tables, for every database alike. What one database needs of its own is in `dialects`."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, Table
from sqlalchemy import Text as _Text

SCHEMA_VERSION = 2

metadata = MetaData()

# Compared and ordered by code point everywhere, whatever language a database was made for.
Text = _Text().with_variant(_Text(collation="C"), "postgresql")

# Grain: event. The hash chain; the one truth.
events = Table(
    "events",
    metadata,
    # SQLite makes only a plain INTEGER key its row number; elsewhere 64 bits are asked for.
    Column("sequence", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("recorded_at", Text, nullable=False),
    Column("recorded_by", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("payload", Text, nullable=False),
    Column("previous_hash", Text, nullable=False),
    Column("event_hash", Text, nullable=False),
    Index("events_by_kind_and_subject", "kind", "subject").ddl_if(dialect="sqlite"),
    # Postgres refuses to sort by long texts: subjects are found by their hash.
    Index("events_by_kind", "kind").ddl_if(dialect="postgresql"),
    Index("events_by_subject", "subject", postgresql_using="hash").ddl_if(dialect="postgresql"),
)

# Grain: personal value that an event cites by its digest. Not chained and erasable: see `kept_values`.
kept_values = Table(
    "kept_values",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("salt", Text, nullable=False),
    Column("value", Text, nullable=False),
)

# Grain: start or end of a run. Not chained: a rerun leaves the books as they are and still shows here.
attempts = Table(
    "attempts",
    metadata,
    Column("attempt_number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("run_id", Text, nullable=False),
    Column("manifest_id", Text),
    Column("started_at", Text),
    Column("finished_at", Text),
    Column("outcome", Text),
    Column("note", Text, nullable=False),
)

# Grain: schema version that this ledger ever had; the highest one holds.
schema_versions = Table(
    "schema_versions",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("created_at", Text, nullable=False),
)
