"""`wb audit verify`: does everything in the books of record agree with the chain (AUD-2)? Reads only."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING

from wb_pipeline.audit.check_files import check_files, cited_files, uncited_notes
from wb_pipeline.audit.check_kept import check_kept
from wb_pipeline.audit.check_ledger import LEDGER, check_ledger
from wb_pipeline.audit.check_segments import SegmentChecker
from wb_pipeline.audit.check_writes import check_writes
from wb_pipeline.audit.findings import MOST_PER_CHECK, Finding, VerifyReport
from wb_pipeline.home import Home
from wb_pipeline.ledger.chain import Event
from wb_pipeline.ledger.erasures import erased_rows
from wb_pipeline.ledger.kinds import BatchSealed, ItemsQueued, ManifestCommitted
from wb_pipeline.ledger.place import ledger_name

if TYPE_CHECKING:
    import duckdb

Progress = Callable[[int, int], None]


def verify_books(
    home: Home,
    expected_head: str | None = None,
    *,
    progress: Progress | None = None,
    con: duckdb.DuckDBPyConnection | None = None,
) -> VerifyReport:
    """Check ledger, kept values, cited files and the rows of every sealed batch; never raises for what it finds.

    `expected_head`: the head hash of an earlier report, kept elsewhere; only with it a full rewrite is found.
    `progress` is told (batches done, batches in all). `con`: a DuckDB connection to compute with, else a new one in
    memory.
    """
    started = time.monotonic()
    ledger = check_ledger(home, expected_head)
    cited = cited_files(ledger.events)
    findings = [*ledger.findings, *check_files(home, cited), *_manifest_findings(ledger.events)]
    seals = [event for event in ledger.events if event.kind == BatchSealed.kind]
    kept_findings, kept_notes = check_kept(home, ledger.events)
    findings += kept_findings
    findings += _row_findings(home, ledger.events, seals, progress, con)
    return VerifyReport(
        findings=tuple(_named(finding, home) for finding in findings),
        notes=(*uncited_notes(home, cited), *(note.replace(LEDGER, ledger_name(home)) for note in kept_notes)),
        head=ledger.head,
        events=len(ledger.events),
        segments=len(seals),
        rows=sum(event.payload["rows"] for event in seals),
        seconds=time.monotonic() - started,
    )


def _named(finding: Finding, home: Home) -> Finding:
    return replace(finding, file=ledger_name(home)) if finding.file == LEDGER else finding


def _row_findings(
    home: Home,
    events: Sequence[Event],
    seals: Sequence[Event],
    progress: Progress | None,
    con: duckdb.DuckDBPyConnection | None,
) -> list[Finding]:
    import duckdb

    queued = {event.subject: event for event in events if event.kind == ItemsQueued.kind}
    findings: list[Finding] = []
    with nullcontext(con) if con else duckdb.connect() as used:
        checker = SegmentChecker(used, home, erased_rows(events))
        for done, event in enumerate(seals, start=1):
            findings += checker.check(event, queued.get(event.subject))
            if progress:
                progress(done, len(seals))
        findings += check_writes(used, home, events)
    return findings


def _manifest_findings(events: Sequence[Event]) -> list[Finding]:
    """Return what breaks: a batch is sealed once, under a manifest committed before that stood on this very chain."""
    hashes = {event.sequence: event.event_hash for event in events} | {0: "0" * 64}
    manifests: dict[str, Event] = {}
    sealed: set[str] = set()
    findings = []
    for event in events:
        payload = event.payload
        if event.kind == ManifestCommitted.kind:
            manifests[event.subject] = event
            if hashes.get(payload["ledger_sequence"]) != payload["ledger_head"]:
                findings.append(Finding(LEDGER, event.sequence, "the manifest stands on another chain"))
        elif event.kind == BatchSealed.kind:
            manifest = manifests.get(payload["manifest_id"])
            if manifest is None or payload["batch_key"] not in manifest.payload["batches"]:
                findings.append(Finding(LEDGER, event.sequence, "the batch was sealed without a manifest"))
            if event.subject in sealed:
                findings.append(Finding(LEDGER, event.sequence, "the batch was sealed twice"))
            sealed.add(event.subject)
    return findings[:MOST_PER_CHECK]
