"""`wb audit`: do the books verify, and why was something decided (AUD-2, AUD-3)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from wb_pipeline.cli.options import day_or_time, existing_home, home_option
from wb_pipeline.errors import AlarmError, AuditError, InputError

if TYPE_CHECKING:
    from wb_pipeline.audit.why import Explanation


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
@click.option("--record", help="The record's id in the CRM.")
@click.option("--field", help="Only this field, by the CRM's own name.")
@click.option("--actor", help="Who proposed it, or the person who decided on it.")
@click.option("--batch", help="The batch's key or the first digits of it.")
@click.option("--proposal", help="The proposal's id, as its actor gave it.")
@click.option("--from", "since", help="Decided, or anything happened to it, from this day or time (UTC).")
@click.option("--to", "until", help="... and before this day or time (UTC).")
@click.option("--format", "form", type=click.Choice(["text", "jsonl"]), default="text", show_default=True)
@home_option
def why(  # noqa: PLR0913, PLR0917 - one option each
    record: str | None,
    field: str | None,
    actor: str | None,
    batch: str | None,
    proposal: str | None,
    since: str | None,
    until: str | None,
    form: str,
    home: Path,
) -> None:
    """Tell who changed what, when and why.

    For each decision: who proposed it, on what evidence, what was decided by which policy and run, what people decided,
    what was written, what the CRM answered, and what came of it. All that is asked for has to hold at once.
    """
    from wb_pipeline.audit.question import Question
    from wb_pipeline.audit.why import explain

    window = day_or_time("--from", since), day_or_time("--to", until)
    asked = (record, field, actor, batch, proposal, *window)
    if not any(asked):
        raise InputError(
            "nothing is asked", hint="name --record, --field, --actor, --batch, --proposal, --from or --to"
        )
    question = Question(record, None, field, actor, batch, proposal, *window)
    _show(explain(existing_home(home), question), form)


def _show(explanation: Explanation, form: str) -> None:
    if form == "jsonl":
        from wb_pipeline.audit.why_json import why_json

        for line in why_json(explanation):
            click.echo(line)
        return
    from wb_pipeline.audit.why_text import gates_of, why_text
    from wb_pipeline.paths import sql_project_folder
    from wb_pipeline.steps.gate_catalog import says_of

    click.echo(why_text(explanation, says_of(sql_project_folder(), gates_of(explanation))), nl=False)


@command.command("log")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A file that ends in .csv or .parquet. Default: published/audit_log.parquet in the home.",
)
@home_option
def log(out: Path | None, home: Path) -> None:
    """Write every decision and every write as one row of a file: what an auditor takes along."""
    from wb_pipeline.audit.log import write_log
    from wb_pipeline.ledger.store import Ledger

    books = existing_home(home)
    path = out or books.published / "audit_log.parquet"
    click.echo(f"{write_log(books, Ledger.open(books), path):,} rows: {path}")


@command.command("around")
@home_option
def around(home: Path) -> None:
    """Find what changed in the CRM that did not come through us. Exit code 8 if an agent wrote around us.

    Compares each snapshot of the CRM with the one before it, once. What is found goes into the books:
    `wb audit why --record ID` shows it later.
    """
    from wb_pipeline.audit.around import look_around
    from wb_pipeline.audit.around_text import around_lines
    from wb_pipeline.ledger.store import Ledger

    books = existing_home(home)
    found = look_around(books, Ledger.open(books))
    for line in around_lines(found):
        click.echo(line)
    alarms = sum(len(comparison.alarms) for comparison in found)
    if alarms:
        raise AlarmError(
            f"{alarms:,} changes were made by an agent around us, or claim a write that never was",
            hint="take the agent's access to the CRM away, and switch it off: `wb actor off`",
        )


def _progress(done: int, total: int) -> None:
    if total > 1 and (done == total or done % 50 == 0):
        click.echo(f"  {done:,} of {total:,} segments", err=True)
