"""Which pairs are compared at all, and how large blocks are kept from exploding."""

from __future__ import annotations

import random
from collections.abc import Sequence

import duckdb
import pytest

from wb_pipeline.matching.blocking import BLOCK_CAP, RuleCount, block_between, block_within
from wb_pipeline.matching.models.blocking_rule import BlockingRule
from wb_pipeline.matching.models.objects import MODELS
from wb_pipeline_tests.matching.small_crm import stand, warehouse

EMAIL = BlockingRule("email", "email", "family")
PHONES = BlockingRule("phone", "item", "family", each="phones")
NAME = BlockingRule("name", "family", "null")
Person = tuple[int, str | None, str | None, list[str] | None]


def fill(con: duckdb.DuckDBPyConnection, people: Sequence[Person], table: str = "people") -> None:
    """Write a table with record_number, email, family, phones."""
    con.execute(
        f"create or replace table {table} (record_number bigint, email varchar, family varchar, phones varchar[])"
    )
    if people:
        con.executemany(f"insert into {table} values (?, ?, ?, ?)", people)


def pairs(con: duckdb.DuckDBPyConnection) -> set[tuple[int, int, str]]:
    """Return the blocked pairs with the rule under which each stands."""
    found = con.execute("select join_key_l, join_key_r, blocking_rule from matching.blocked_pairs").fetchall()
    assert len({row[:2] for row in found}) == len(found)
    return set(found)


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    """An empty warehouse."""
    return duckdb.connect()


def test_a_pair_stands_once_under_the_first_rule_that_finds_it(con: duckdb.DuckDBPyConnection) -> None:
    """Counts say what each rule found and what only it found."""
    fill(
        con, [(1, "a@x", "ash", ["1", "2"]), (2, "a@x", "ash", ["2"]), (3, "b@x", "ash", ["1"]), (4, None, None, None)]
    )
    counts = block_within(con, "people", [EMAIL, PHONES, NAME])
    assert pairs(con) == {(1, 2, "email"), (1, 3, "phone"), (2, 3, "name")}
    assert counts == [
        RuleCount("email", 1, 1, 0, 0),
        RuleCount("phone", 2, 1, 0, 0),
        RuleCount("name", 3, 1, 0, 0),
    ]
    assert [count.warning for count in counts] == ["", "", ""]


def test_a_block_beyond_the_cap_is_split_by_the_finer_key(con: duckdb.DuckDBPyConnection) -> None:
    """Five thousand records with one email make the pairs of their families, not twelve million."""
    fill(con, [(n, "info@x", f"family {n // 2}", None) for n in range(5_000)])
    (count,) = block_within(con, "people", [EMAIL])
    assert (count.pairs, count.records_left_out, count.warning) == (2_500, 0, "")
    assert count.blocks_split == 2_500


def test_what_is_too_large_even_then_makes_no_pairs_and_is_said(con: duckdb.DuckDBPyConnection) -> None:
    """Five thousand records with one email and one name: nothing is compared by this rule, and the count says so."""
    fill(con, [(n, "info@x", "ash", None) for n in range(5_000)])
    (count,) = block_within(con, "people", [EMAIL])
    assert (count.pairs, count.records_left_out) == (0, 5_000)
    assert "blocking rule email: 5000 records share a value" in count.warning


def test_records_without_the_finer_value_are_left_out_of_a_large_block(con: duckdb.DuckDBPyConnection) -> None:
    """The two with a surname find each other; the rest is counted as left out."""
    nameless = [(n, "info@x", None, None) for n in range(BLOCK_CAP + 1)]
    fill(con, [*nameless, (100, "info@x", "ash", None), (101, "info@x", "ash", None)])
    (count,) = block_within(con, "people", [EMAIL])
    assert pairs(con) == {(100, 101, "email")}
    assert count.records_left_out == BLOCK_CAP + 1


def test_a_block_of_just_the_cap_is_compared_as_it_is(con: duckdb.DuckDBPyConnection) -> None:
    """The cap is inclusive."""
    fill(con, [(n, "info@x", None, None) for n in range(BLOCK_CAP)])
    (count,) = block_within(con, "people", [EMAIL])
    assert (count.pairs, count.blocks_split) == (BLOCK_CAP * (BLOCK_CAP - 1) // 2, 0)


def test_the_order_of_rows_does_not_matter(con: duckdb.DuckDBPyConnection) -> None:
    """The same pairs, rules and counts from any order."""
    chance = random.Random(3)
    people: list[Person] = [
        (n, f"e{chance.randrange(30)}", f"f{chance.randrange(9)}", [str(chance.randrange(40)) for _ in range(2)])
        for n in range(400)
    ]
    found = []
    for _ in range(3):
        fill(con, people)
        counts = block_within(con, "people", [EMAIL, PHONES, NAME])
        found.append((pairs(con), counts))
        chance.shuffle(people)
    assert found[0] == found[1] == found[2]


def test_probes_meet_records_and_not_each_other(con: duckdb.DuckDBPyConnection) -> None:
    """Between two tables a pair has the probe on its left; records that no probe asks for fill no block."""
    fill(con, [(-1, "a@x", "ash", None), (-2, "a@x", "ash", None)], "probes")
    fill(con, [(1, "a@x", "ash", None), *((n, "b@x", "birch", None) for n in range(2, 500))])
    (count,) = block_between(con, "probes", "people", [EMAIL])
    assert pairs(con) == {(-1, 1, "email"), (-2, 1, "email")}
    assert (count.blocks_split, count.records_left_out) == (0, 0)


def test_pairs_can_be_added_to_those_that_stand(con: duckdb.DuckDBPyConnection) -> None:
    """Proposals are compared with the CRM and then with each other."""
    fill(con, [(-1, "a@x", "ash", None), (-2, "a@x", "ash", None)], "probes")
    fill(con, [(1, "a@x", "ash", None)])
    block_between(con, "probes", "people", [EMAIL])
    block_within(con, "probes", [EMAIL], add=True)
    assert {pair[:2] for pair in pairs(con)} == {(-1, 1), (-2, 1), (-2, -1)}


@pytest.mark.parametrize("shared", [{"email": "info@acme.com"}, {"phone": "+12065550111"}, {"company_name": "Acme"}])
def test_five_thousand_contacts_that_share_one_value_make_few_pairs(shared: dict[str, object]) -> None:
    """The contacts' own rules: a shared mailbox, switchboard or employer does not make the pairs explode."""
    records = [
        ("contact", f"c{n}", {"first_name": _word(n), "last_name": _word(n * 7 + 3)} | shared) for n in range(5_000)
    ]
    with warehouse() as con:
        stand(con, records)
        con.execute("create table numbered as from matching.contact_base")
        counts = block_within(con, "numbered", MODELS["contact"].rules)
    # Of twelve million pairs. In a block of the cap's size a record meets fifty-nine others.
    assert all(count.pairs <= 5_000 * (BLOCK_CAP - 1) / 2 for count in counts), counts
    assert sum(count.new_pairs for count in counts) < 200_000


def _word(number: int) -> str:
    chance = random.Random(number)
    return "".join(chance.choice("bdfgklmnprstvz") + chance.choice("aeiou") for _ in range(4))
