"""Makes a CRM with known truth and writes it. What it consists of is decided in the modules beside this one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pyarrow as pa

from wb_pipeline.contract.collector_pause import collector_paused
from wb_pipeline.errors import InputError
from wb_pipeline.synthetic.batch_records import write_batch
from wb_pipeline.synthetic.company_stage import CompanyStage, make_company_stage
from wb_pipeline.synthetic.contact_stage import ContactStage, make_contact_stage
from wb_pipeline.synthetic.crm_records import write_crm_records
from wb_pipeline.synthetic.dice import Dice
from wb_pipeline.synthetic.emphasis import varied_rates
from wb_pipeline.synthetic.proposals import make_proposals
from wb_pipeline.synthetic.rates import Rates
from wb_pipeline.synthetic.tables import LOOKALIKE_GROUPS, table_of, write_table
from wb_pipeline.synthetic.world import World

Form = Literal["tables", "records"]
MOST_CONTACTS = 5_000_000
_KEPT_PER_PROPOSAL = 3.0
_LEFT_OUT_AT_MOST = 0.5
_SMALL_FIRM, _LARGE_FIRM = 20.0, 900.0
_LARGEST_SHARE = 0.008
"""What share of the contacts the largest firm may have, about, within the bounds above."""


@dataclass(frozen=True, slots=True)
class GeneratedCrm:
    """What was written: the folder, the rows of each file by its name, and the rates that were used."""

    folder: Path
    rows: dict[str, int]
    rates: Rates


def generate_crm(
    folder: Path,
    *,
    contacts: int,
    seed: int = 1,
    proposals: int = 0,
    rates: Rates | None = None,
    form: Form = "tables",
) -> GeneratedCrm:
    """Write a made-up CRM of exactly `contacts` contact records, and the truth about it, below `folder`.

    The same arguments give the same bytes. `rates` are the defaults unless given; `varied_rates(seed)` draws others.
    Form "tables" writes `crm_contacts`, `crm_companies`, `truth_contacts`, `truth_companies`, `hard_negative_groups`
    and, if there are any, `proposals` and `truth_proposals` as Parquet; their columns stand in tables.py. Form
    "records" writes the CRM instead as `crm/companies.jsonl` and `crm/contacts.jsonl`, and the proposals also as
    `batches/proposals.jsonl` beside an empty `evidence/`, as the road reads them: who is meant can be looked at, but
    nothing is approved, since nothing is proved.
    Raises InputError when a number is out of range or the folder cannot be written.
    """
    _check(contacts, proposals)
    _make(folder)
    largest = min(max(_SMALL_FIRM, contacts * _LARGEST_SHARE), _LARGE_FIRM)
    world = World(Dice(f"crm {seed}"), rates or Rates(), largest)
    # Millions of living objects have no circles, and looking for them takes a third more.
    with collector_paused():
        companies, people = _stages(world, contacts, proposals)
        rows = _write_truth(folder, companies, people, world)
        rows |= _write_crm(folder, companies, people, form)
        if proposals:
            rows |= _write_proposals(folder, make_proposals(world, companies, people, proposals), form)
    return GeneratedCrm(folder, rows, world.rates)


def _check(contacts: int, proposals: int) -> None:
    if not 1 <= contacts <= MOST_CONTACTS:
        raise InputError(f"{contacts} contacts cannot be made", hint=f"ask for 1 to {MOST_CONTACTS}")
    if not 0 <= proposals <= MOST_CONTACTS:
        raise InputError(f"{proposals} proposals cannot be made", hint=f"ask for 0 to {MOST_CONTACTS}")


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{folder} cannot be written: {error.strerror}", hint="name another folder") from error


def _stages(world: World, contacts: int, proposals: int) -> tuple[CompanyStage, ContactStage]:
    """Make firms and people; the more proposals, the more of them are remembered, and the more look-alikes left out."""
    share = proposals / contacts
    left_out = min(_LEFT_OUT_AT_MOST, share * _KEPT_PER_PROPOSAL)
    companies = make_company_stage(world, round(contacts / world.rates.contacts_per_company), left_out=left_out)
    keep = min(1.0, share * _KEPT_PER_PROPOSAL)
    return companies, make_contact_stage(world, contacts, keep=keep, left_out=left_out)


def _write_truth(folder: Path, companies: CompanyStage, people: ContactStage, world: World) -> dict[str, int]:
    tables = {
        "truth_companies": companies.truth,
        "truth_contacts": people.truth,
        "hard_negative_groups": table_of(LOOKALIKE_GROUPS, world.groups),
    }
    return {name: write_table(folder, name, table) for name, table in tables.items()}


def _write_proposals(folder: Path, made: dict[str, pa.Table], form: Form) -> dict[str, int]:
    rows = {name: write_table(folder, name, table) for name, table in made.items()}
    if form == "records":
        rows |= write_batch(folder / "batches", made["proposals"])
        (folder / "evidence").mkdir(exist_ok=True)
    return rows


def _write_crm(folder: Path, companies: CompanyStage, people: ContactStage, form: Form) -> dict[str, int]:
    if form == "records":
        return write_crm_records(folder / "crm", companies.records, people.records)
    return {
        "crm_companies": write_table(folder, "crm_companies", companies.records),
        "crm_contacts": write_table(folder, "crm_contacts", people.records),
    }


__all__ = ["MOST_CONTACTS", "Form", "GeneratedCrm", "generate_crm", "varied_rates"]
