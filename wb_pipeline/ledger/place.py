"""Where a home's ledger lies: in its own folder, or in the database that WB_LEDGER names. Opens nothing.

The URL may hold a password and is written down nowhere (OPS-5). The home keeps a marker instead, so that opening it
without the URL is an error and not a new, empty ledger.
"""

from __future__ import annotations

import os

from wb_pipeline.errors import AuditError, InputError
from wb_pipeline.home import Home
from wb_pipeline.ledger.durable import replace_text

VARIABLE = "WB_LEDGER"
_SCHEMES = ("postgresql://", "postgres://", "postgresql+psycopg://")
MARKER_TEXT = f"The ledger of this home lies in Postgres. {VARIABLE} has to name its URL.\n"


def is_postgres(url: str) -> bool:
    """Say whether a URL names a Postgres database."""
    return url.startswith(_SCHEMES)


def has_ledger(home: Home) -> bool:
    """Say whether a home was used before, wherever its ledger lies."""
    return home.ledger.is_file() or home.ledger_marker.is_file()


def ledger_name(home: Home) -> str:
    """Return what findings call the ledger."""
    return "ledger in Postgres" if home.ledger_marker.is_file() else home.ledger.name


def ledger_url(home: Home, given: str | None = None) -> str | None:
    """Return the URL of the database that holds a home's ledger, None for the SQLite file in the home.

    Raises InputError where the home and the URL (`given`, else WB_LEDGER) do not go together.
    """
    url = given or os.environ.get(VARIABLE, "").strip()
    if not url:
        if home.ledger_marker.is_file():
            raise InputError(f"the ledger of {home.root} lies in Postgres", hint=f"set {VARIABLE} to its URL")
        return None
    if not is_postgres(url):
        hint = f"write postgresql://user@host/database; without {VARIABLE} the ledger is a SQLite file in the home"
        raise InputError(f"{VARIABLE} names no Postgres database", hint=hint)
    # With the marker beside it, the file is what a move left behind.
    if home.ledger.exists() and not home.ledger_marker.is_file():
        message = f"{home.root} keeps its ledger in {home.ledger.name}, but {VARIABLE} names another"
        raise InputError(message, hint=f"unset {VARIABLE} for this home, or name another home")
    return url


def mark_as_elsewhere(home: Home) -> None:
    """Note in the home that its ledger lies in another place."""
    if not home.ledger_marker.is_file():
        replace_text(home.ledger_marker, MARKER_TEXT)


def refuse_lost(home: Home) -> None:
    """Raise AuditError for a home that holds sealed decisions: it may not get a new ledger."""
    if any(home.segments.glob("*.parquet")):
        hint = "restore the ledger from a backup; nothing is written over lost books"
        raise AuditError(f"{home.root} holds sealed decisions, but its ledger is gone", hint=hint)
