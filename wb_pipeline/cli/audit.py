"""`wb audit`: do the books verify, and why was something decided (AUD-2, AUD-3)."""

from __future__ import annotations

from pathlib import Path

import click

from wb_pipeline.cli.options import existing_home, home_option
from wb_pipeline.errors import AuditError


@click.group()
def command() -> None:
    """Verify the books of record; ask why something was decided."""


@command.command("verify")
@click.option("--head", help="The chain's head as it was exported earlier. With it, a full rewrite is found too.")
@home_option
def verify(head: str | None, home: Path) -> None:
    """Find any change, removal, insertion or reordering in the books. Exit code 5 if there is one.

    Prints the chain's head: keep it elsewhere, and hand it in with --head next time.
    """
    from wb_pipeline.audit.verify import verify_books

    report = verify_books(existing_home(home), head, progress=_progress)
    click.echo(
        f"{report.events:,} ledger events, {report.segments:,} segments, "
        f"{report.rows:,} decisions: {report.seconds:.1f} s"
    )
    for note in report.notes:
        click.echo(f"note: {note}")
    if not report.is_intact:
        for finding in report.findings:
            click.echo(f"FOUND: {finding}")
        raise AuditError(
            f"the books do not verify: {len(report.findings)} findings", hint="restore the files from a backup"
        )
    click.echo(f"All of it verifies. Head: {report.head}")


@command.command("why")
@click.option("--record", required=True, help="The record's id in the CRM.")
@click.option("--field", help="Only this field, by the CRM's own name.")
@home_option
def why(record: str, field: str | None, home: Path) -> None:
    """Tell who proposed what for a record, on what evidence, what was decided, and by which policy and run."""
    from wb_pipeline.audit.why import why as find
    from wb_pipeline.audit.why_text import why_text
    from wb_pipeline.cli.gates import words

    said = {gate.gate: gate.says for gate in words()}
    click.echo(why_text(find(existing_home(home), record, field), said), nl=False)


def _progress(done: int, total: int) -> None:
    if total > 1 and (done == total or done % 50 == 0):
        click.echo(f"  {done:,} of {total:,} segments", err=True)
