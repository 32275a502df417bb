"""`wb bench apply`, `wb bench audit`: how long it takes to write, and to read and verify the books.

The measuring itself: `benchmarks`.
"""

from __future__ import annotations

from pathlib import Path

import click

from wb_pipeline.cli.bench.options import folder_option, json_option, show, tell


@click.command("apply")
@click.option(
    "--folder", type=click.Path(file_okay=False, path_type=Path), default=Path(".wb-bench/apply"), show_default=True
)
@click.option("--writes", default=10_000, show_default=True, help="Updates of one field each, on as many contacts.")
@click.option(
    "--crm",
    default="files",
    show_default=True,
    type=click.Choice(["files", "postgres"]),
    help="A folder that is made for it, or the empty database whose URL is in WB_CRM_URL.",
)
@json_option
def apply(folder: Path, writes: int, crm: str, json_file: Path | None) -> None:
    """Measure writing to a CRM, from the sealed decisions to the receipts, beside plain SQL updates."""
    from wb_pipeline.benchmarks.apply import bench_apply

    show(bench_apply(folder, writes=writes, crm=crm, echo=tell), json_file)


@click.command("audit")
@folder_option
@click.option("--rows", default=1_000_000, show_default=True, help="Sealed decisions; a tenth as many are written.")
@click.option("--repeats", default=3, show_default=True, help="How often each question is asked.")
@json_option
def audit(folder: Path, rows: int, repeats: int, json_file: Path | None) -> None:
    """Measure `wb audit why` and `wb audit verify` on books of a million decisions."""
    from wb_pipeline.benchmarks.audit import bench_audit

    show(bench_audit(folder, rows=rows, repeats=repeats, echo=tell), json_file)
