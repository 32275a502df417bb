"""`wb forget`: erase a person's values beside the chain, and say where else they stand (AUD-6)."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wb_pipeline.cli.options import existing_home, home_option
from wb_pipeline.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wb_pipeline.home import Home
    from wb_pipeline.ledger.forgetting import Wanted

_CITED_BY = {
    "item_decided": "values that people wrote while they approved",
    "write_planned": "values of writes, as planned",
    "write_settled": "values read before and after writes, and the CRM's answers",
    "change_seen_around": "values that others wrote around us",
    "": "values that no event cites",
}


@click.command()
@click.option("--record", help="All about one record: OBJECT:ID, such as contact:con-1.")
@click.option("--value", "values", multiple=True, help="All that holds this text, such as an address; repeatable.")
@click.option("--by", help="Who erases: a person's name or id.")
@click.option("--reason", help="Why, for the audit. It stays for ever: name a case, not the person.")
@click.option("--yes", is_flag=True, help="Erase. Without it nothing is erased: it is only counted.")
@home_option
def command(
    record: str | None,
    values: tuple[str, ...],
    by: str | None,
    reason: str | None,
    yes: bool,  # noqa: FBT001 - a switch
    home: Path,
) -> None:
    """Count, and with --yes erase, the kept values about a record or with a text; the chain still verifies.

    Erased for good: what people wrote, what writes read and wrote, what the CRM answered. An approval whose value is
    erased is never carried out, and a write whose values are erased cannot be taken back. What is NOT erased is listed:
    batches as received, snapshots, sealed values, words in the chain itself.
    """
    from wb_pipeline.ledger.forgetting import forget, kept_digests
    from wb_pipeline.ledger.store import Ledger
    from wb_pipeline.review.persons import require_person

    wanted, books = _wanted(record, values), existing_home(home)
    ledger = Ledger.open(books)
    found = kept_digests(books, ledger, wanted)
    for kind, count in sorted(Counter(found.values()).items()):
        click.echo(f"{count:>7,} {_CITED_BY.get(kind, kind)}")
    if not found:
        click.echo("No kept value is about it.")
    elif yes:
        require_person(books, by or "")
        wanted.refuse_in(reason or "")
        events = forget(ledger, found, by=by or "", reason=reason or "")
        click.echo(f"{len(found):,} values are erased for good (ledger event {events[-1].sequence}).")
    else:
        click.echo(f"{len(found):,} values would be erased. Nothing is erased: --yes does it, with --by and --reason.")
    for line in _left(books, wanted):
        click.echo(line)


def _wanted(record: str | None, values: tuple[str, ...]) -> Wanted:
    from wb_pipeline.ledger.forgetting import Wanted

    name, colon, record_id = (record or "").partition(":")
    if record is not None and not (name and colon and record_id):
        raise InputError("--record takes OBJECT:ID", hint="such as contact:con-1")
    return Wanted(name, record_id, values)


def _left(home: Home, wanted: Wanted) -> Iterator[str]:
    """Yield where it stands still, and what can be done about it."""
    from wb_pipeline.ledger.remains import remains

    yield "Not erased by this command:"
    for each in remains(home, wanted.needles):
        end = "may be deleted, and is made anew" if each.is_derived else "stays; the ledger cites it by its hash"
        yield f"{each.files:>7,} files in {each.folder}: {end}"
    yield "        the warehouse (derived: delete it and `wb rebuild`), backups, the CRM itself"
    yield "        words in the chain: reasons and notes of people; what the CRM answered before this release"
