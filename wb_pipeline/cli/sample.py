"""`wb sample`: a made-up CRM with known truth, to try things out, to train on, to load-test. No real data."""

from __future__ import annotations

from pathlib import Path

import click

from wb_pipeline.errors import InputError


@click.command()
@click.option("--contacts", type=int, required=True, help="How many contact records, 1 to 5,000,000.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same bytes.")
@click.option(
    "--out", "folder", type=click.Path(path_type=Path), required=True, help="An empty folder, made if missing."
)
@click.option("--proposals", type=int, default=0, show_default=True, help="How many proposals about this CRM.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["tables", "records"]),
    default="tables",
    show_default=True,
    help="tables: Parquet with one column per field. records: crm/*.jsonl and batches/*.jsonl that `wb run` reads.",
)
@click.option("--varied", is_flag=True, help="Draw the rates of duplicates, damage and look-alikes by the seed too.")
def command(folder: Path, form: str, *, contacts: int, seed: int, proposals: int, varied: bool) -> None:
    """Make a CRM of any size in which the truth is known.

    People and firms from many countries, with duplicates (nicknames, job changes, typos, legal forms, shared
    switchboards) and with look-alikes that are DIFFERENT (namesakes, families, recycled mailboxes, subsidiaries).
    Beside the CRM lies the truth: truth_contacts and truth_companies (equal entity_id means the same),
    hard_negative_groups (who only looks alike) and, with --proposals, truth_proposals. The proposals cite no evidence:
    a run tells whom each is about, and approves none.

    \b
    Examples:
      wb sample --contacts 10000 --out sample
      wb sample --contacts 10000 --proposals 500 --out sample --format records
      wb run --crm sample/crm --evidence sample/evidence --batch sample/batches/proposals.jsonl
      wb sample --contacts 100000 --proposals 5000 --seed 7 --varied --out training/7
    """  # noqa: D301  (click reads the character, not the backslash)
    _check_folder(folder)
    from wb_pipeline.synthetic import Rates, generate_crm, varied_rates

    rates = varied_rates(seed) if varied else Rates()
    made = generate_crm(
        folder,
        contacts=contacts,
        seed=seed,
        proposals=proposals,
        rates=rates,
        form="records" if form == "records" else "tables",
    )
    for name, count in sorted(made.rows.items()):
        click.echo(f"{count:>10,}  {name}")
    click.echo(f"Written to {folder}.")


def _check_folder(folder: Path) -> None:
    """Refuse a folder with something in it: what is made here must not be mixed with, or written over, other data."""
    if folder.exists() and not folder.is_dir():
        raise InputError(f"--out {folder} is a file", hint="name a folder that is empty or does not exist yet")
    if folder.is_dir() and any(folder.iterdir()):
        raise InputError(f"--out {folder} is not empty", hint="name a folder that is empty or does not exist yet")
