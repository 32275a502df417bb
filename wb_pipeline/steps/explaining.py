"""Two records compared afresh, for people: from the kept snapshot, beside the warehouse (law 6). Writes one page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wb_pipeline.canonical import content_hash
from wb_pipeline.connectors.snapshots import load_snapshots
from wb_pipeline.errors import InputError
from wb_pipeline.ledger.durable import replace_text
from wb_pipeline.ledger.policy_in_force import policy_in_force
from wb_pipeline.matching.explain import PairExplained, explain_pair
from wb_pipeline.matching.inputs import ObjectName
from wb_pipeline.matching.pages.pair_page import pair_page
from wb_pipeline.matching.standing import stand_ready
from wb_pipeline.paths import default_policy_file
from wb_pipeline.policy.load import load_policy
from wb_pipeline.policy.store import read_policy
from wb_pipeline.policy.tables import load_policy_tables
from wb_pipeline.steps.intake import require_latest_snapshot
from wb_pipeline.steps.model_store import model_in_force

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb

    from wb_pipeline.home import Home
    from wb_pipeline.ledger.store import Ledger
    from wb_pipeline.policy.load import Policy

_OBJECTS: tuple[ObjectName, ...] = ("contact", "company")


def explain_records(
    home: Home, ledger: Ledger, left_id: str, right_id: str, page: Path | None = None
) -> tuple[PairExplained, Path]:
    """Compare two live records of the latest snapshot by the models in force; return what was found, and its page.

    The whole snapshot is prepared in memory first, so that a rare value is rare in the CRM: about three seconds for ten
    thousand records. Raises InputError for ids that are not those of two people or two companies.
    """
    import duckdb

    bundle = model_in_force(home, ledger)
    with duckdb.connect() as con:
        con.execute("set TimeZone = 'UTC'")
        _stand(con, home, ledger)
        name = _object_of(con, left_id, right_id)
        pair = explain_pair(con, name, left_id, right_id, bundle.models[name])
    path = page or explanations_folder(home) / f"{content_hash([name, left_id, right_id])[:16]}.html"
    replace_text(path, pair_page(pair, bundle.model_hash))
    return pair, path


def explanations_folder(home: Home) -> Path:
    """Return where pages about pairs lie: derived, may be deleted."""
    return home.published / "explanations"


def _stand(con: duckdb.DuckDBPyConnection, home: Home, ledger: Ledger) -> None:
    snapshot_hash = require_latest_snapshot(ledger, "crm")
    policy = _latest_policy(home, ledger)
    load_snapshots(con, home, [snapshot_hash], [])
    load_policy_tables(con, [policy])
    stand_ready(con, snapshot_hash, policy.policy_hash)


def _latest_policy(home: Home, ledger: Ledger) -> Policy:
    in_force = policy_in_force(ledger)
    return read_policy(home, in_force) if in_force else load_policy(default_policy_file())


def _object_of(con: duckdb.DuckDBPyConnection, left_id: str, right_id: str) -> ObjectName:
    """Return the object of which both ids are one live record each."""
    if left_id == right_id:
        raise InputError("a record cannot be compared with itself", hint="name two different records")
    known: set[str] = set()
    for name in _OBJECTS:
        rows = con.execute(
            f"select record_id, count(*) from matching.{name}_base where record_id in (?, ?) group by record_id",  # noqa: S608 - our own names
            [left_id, right_id],
        ).fetchall()
        if len(rows) == 2:  # noqa: PLR2004 - both of the pair
            if any(records > 1 for _, records in rows):
                raise InputError("an id is that of a contact and of a lead", hint="such a pair cannot be named by ids")
            return name
        known |= {record_id for record_id, _ in rows}
    missing = [record_id for record_id in (left_id, right_id) if record_id not in known]
    if missing:
        raise InputError(f"no live record {missing[0]!r} in the latest snapshot of the CRM", hint="is it spelt right?")
    raise InputError(
        f"{left_id!r} and {right_id!r} are not two people or two companies", hint="only like is compared with like"
    )
