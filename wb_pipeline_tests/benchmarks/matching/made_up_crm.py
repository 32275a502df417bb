"""A labelled CRM just large enough to train Splink on: every third person twice, with a typo; namesakes marked."""

from __future__ import annotations

import json
import random

import duckdb
import pyarrow as pa

from wb_pipeline.benchmarks.matching import labelled
from wb_pipeline.connectors.snapshot_sql import EMPTY_TABLES

PEOPLE = 240


def fill_made_up_crm(con: duckdb.DuckDBPyConnection) -> None:
    """Fill raw.crm_records and the tables of schema `labelled` with contacts c0, c1 ... and one proposal per person.

    Person n is entity pn, with record cn and, for every third, dn: the surname with one letter doubled. Every eighth
    person is a namesake of the one before, at another firm. Even proposals are of people in the CRM (ids rn), odd ones
    of new people.
    """
    con.execute(EMPTY_TABLES)
    con.execute(labelled._TABLES)
    chance = random.Random(4)
    people = [_person(chance) for _ in range(PEOPLE)]
    for number in range(7, PEOPLE, 8):
        people[number] |= {name: people[number - 1][name] for name in ("first_name", "last_name")}
    records = [(f"c{number}", number, person) for number, person in enumerate(people)]
    records += [(f"d{number}", number, _doubled(people[number])) for number in range(0, PEOPLE, 3)]
    rows = [{"object": "contact", "record_id": key, "fields": json.dumps(person)} for key, _, person in records]
    _insert(con, "raw.crm_records", rows)
    truths = [
        {"object": "contact", "record_id": key, "entity_id": f"p{number}",
         "variants": ["typo"] if key.startswith("d") else [], "look_alike_types": []}
        for key, number, _ in records
    ]  # fmt: skip
    _insert(con, "labelled.truth", truths)
    alike = [
        {
            "object": "contact",
            "group_id": str(number),
            "entity_id": f"p{number - offset}",
            "look_alike_type": "namesake",
        }
        for number in range(7, PEOPLE, 8)
        for offset in (0, 1)
    ]
    _insert(con, "labelled.look_alikes", alike)
    _fill_proposals(con, people, chance)


def _fill_proposals(con: duckdb.DuckDBPyConnection, people: list[dict[str, str]], chance: random.Random) -> None:
    proposals, truths = [], []
    for number, person in enumerate(people):
        is_known = number % 2 == 0
        given = person if is_known else _person(chance)
        proposals.append({"proposal_id": f"r{number}", "object": "contact", "fields": json.dumps(given)})
        truths.append({
            "proposal_id": f"r{number}", "object": "contact", "entity_id": f"p{number}" if is_known else f"n{number}",
            "is_in_crm": is_known, "case_type": "repeat" if is_known else "new", "trap_record_ids": [f"c{number - 1}"],
        })  # fmt: skip
    _insert(con, "labelled.proposals", proposals)
    _insert(con, "labelled.proposal_truth", truths)


def _person(chance: random.Random) -> dict[str, str]:
    first, last, firm = (_word(chance, size) for size in (2, 3, 3))
    return {
        "first_name": first,
        "last_name": last,
        "email": f"{first}.{last}@{firm}.example",
        "company_name": f"{firm} ltd",
        "phone": f"+1206{chance.randrange(10**7):07d}",
        "title": chance.choice(("buyer", "engineer", "director")),
    }


def _doubled(person: dict[str, str]) -> dict[str, str]:
    """The same person with the last letter of the surname doubled."""
    return person | {"last_name": person["last_name"] + person["last_name"][-1], "title": "buyer"}


def _word(chance: random.Random, syllables: int) -> str:
    return "".join(chance.choice("bdfgklmnprst") + chance.choice("aeiou") for _ in range(syllables))


def _insert(con: duckdb.DuckDBPyConnection, table: str, rows: list[dict[str, object]]) -> None:
    con.register("made_up_rows", pa.Table.from_pylist(rows))
    con.execute(f"insert into {table} by name select * from made_up_rows")
    con.unregister("made_up_rows")
