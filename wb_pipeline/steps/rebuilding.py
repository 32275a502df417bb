"""The warehouse again, from the books alone: sealed decisions and duplicates, marts, reports, published files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wb_pipeline.ledger.kinds import ManifestCommitted
from wb_pipeline.ledger.manifests import Manifest, sealed_batches
from wb_pipeline.ledger.store import Ledger
from wb_pipeline.paths import sql_project_folder
from wb_pipeline.sql_project import SqlProject, build
from wb_pipeline.steps.deduplicating import rebuild_duplicates
from wb_pipeline.steps.gate_catalog import write_gate_catalog
from wb_pipeline.steps.loading import load_run
from wb_pipeline.steps.publishing import publish_batches, publish_reports
from wb_pipeline.warehouse import open_warehouse

if TYPE_CHECKING:
    from wb_pipeline.home import Home


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """How much was loaded again."""

    batches: int
    decisions: int


def rebuild(home: Home, *, say: Callable[[str], None] = lambda _line: None) -> Rebuilt:
    """Delete the DuckDB file and bring back schema books, the marts and the reports; publish every batch again.

    The staging views show the inputs of the newest sealed manifest, as they do after its run. Raises AuditError if a
    file of the books is missing or not what the ledger cites.
    """
    ledger = Ledger.open(home)
    project = SqlProject.load(sql_project_folder())
    sealed = sealed_batches(ledger)
    with open_warehouse(home, say=say, fresh=True) as con:
        newest = _newest_manifest(ledger)
        run_id = sealed[-1].seal.run_id if sealed else ""
        load_run(con, home, ledger, run_id, [newest] if newest else [])
        write_gate_catalog(con, project)
        names = [name for name, model in project.models.items() if model.folder.split("/")[0] in ("marts", "reports")]
        build(con, project, _with_parents(project, names), {"run_id": run_id}, lambda model: say(model.name))
        publish_batches(con, home, [batch.seal.batch_key for batch in sealed])
        publish_reports(con, home, sorted(name for name in names if project.models[name].folder.startswith("reports")))
        rebuild_duplicates(con, home, ledger, project)
        decisions = con.execute("select count(*) from books.sealed_decisions").fetchall()[0][0]
    return Rebuilt(len(sealed), decisions)


def _newest_manifest(ledger: Ledger) -> Manifest | None:
    sealed = sealed_batches(ledger)
    if not sealed:
        return None
    events = ledger.events(ManifestCommitted.kind, subject=sealed[-1].seal.manifest_id)
    return Manifest.from_event(events[0])


def _with_parents(project: SqlProject, names: list[str]) -> list[str]:
    """Return the models and all models they are made from."""
    wanted, found = list(names), set(names)
    while wanted:
        for parent in project.models[wanted.pop()].depends_on:
            if parent not in found:
                found.add(parent)
                wanted.append(parent)
    return sorted(found)
