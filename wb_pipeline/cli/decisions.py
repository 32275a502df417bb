"""`wb decisions`: what became of a batch, one line per proposal, for people and for the agent that sent it."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import click

from wb_pipeline.audit.terminal_text import plain
from wb_pipeline.cli.options import existing_home, found_batch, home_option

_QUERY = """
select batch_key as batch, line_number as line, proposal_id, lane, reason_codes, field_lanes, labels
from rows order by line_number
"""
_JSON_COLUMNS = ("reason_codes", "field_lanes", "labels")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@click.command()
@click.option("--batch", required=True, help="The batch's key or the first digits of it; `last` for the newest.")
@click.option("--format", "form", type=click.Choice(["table", "jsonl", "csv"]), default="table", show_default=True)
@home_option
def command(batch: str, form: str, home: Path) -> None:
    """Show what became of a batch, one line per proposal.

    jsonl can be handed back to the agent: batch, line, proposal_id, lane, reason_codes, fields, labels.
    """
    from wb_pipeline.ledger.store import Ledger
    from wb_pipeline.steps.published import read_published

    books = existing_home(home)
    key = found_batch(Ledger.open(books), batch)
    rows = [_plain(row) for row in read_published(books, key, "proposal_outcomes", _QUERY)]
    click.echo({"jsonl": _jsonl, "csv": _csv, "table": _table}[form](rows), nl=False)


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    plain = {name: json.loads(value) if name in _JSON_COLUMNS else value for name, value in row.items()}
    plain["fields"] = {each["field"]: each["lane"] for each in plain.pop("field_lanes")}
    return plain


def _jsonl(rows: list[dict[str, Any]]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _csv(rows: list[dict[str, Any]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["batch", "line", "proposal_id", "lane", "reason_codes", "fields", "labels"])
    for row in rows:
        fields = " ".join(f"{name}={lane}" for name, lane in row["fields"].items())
        cells = [row["batch"], row["line"], row["proposal_id"], row["lane"], " ".join(row["reason_codes"]), fields]
        writer.writerow([_cell(value) for value in [*cells, " ".join(row["labels"])]])
    return text.getvalue()


def _cell(value: object) -> object:
    """Keep a spreadsheet from running what an agent wrote."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA_STARTS) else value


def _table(rows: list[dict[str, Any]]) -> str:
    lines = [f"{'line':>6}  {'lane':<10}  {'proposal':<16}  why"]
    for row in rows:
        proposal = plain(row["proposal_id"] or "?")[:16]
        lines.append(f"{row['line']:>6}  {row['lane']:<10}  {proposal:<16}  {plain(_why(row))}")
    return "\n".join(lines) + "\n"


def _why(row: dict[str, Any]) -> str:
    if row["lane"] == "noop":
        return "nothing new: already so, or it repeats an earlier one"
    return ", ".join(row["reason_codes"] or row["labels"])
