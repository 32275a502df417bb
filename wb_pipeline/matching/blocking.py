"""Which pairs are compared: each blocking rule's pairs, counted and capped. What the rules are: `matching.models`.

A block that has grown beyond its cap (a million records with one email) is split by the rule's finer key; what is too
large even then makes no pairs, and the count says so: no input makes the number of pairs explode.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import duckdb

    from wb_pipeline.matching.models.blocking_rule import BlockingRule

BLOCK_CAP = 60
"""Records of one block that are compared with each other: 60 make 1,770 pairs. One entity has far fewer duplicates."""


@dataclass(frozen=True, slots=True)
class RuleCount:
    """What a rule found: pairs of its own, pairs that no rule before it found, blocks split, records left out."""

    rule: str
    pairs: int
    new_pairs: int
    blocks_split: int
    records_left_out: int

    @property
    def warning(self) -> str:
        """Return what a person should know, or nothing."""
        if not self.records_left_out:
            return ""
        return (
            f"blocking rule {self.rule}: {self.records_left_out} records share a value with more than {BLOCK_CAP}"
            " others even within its finer key; they are not compared by this rule"
        )


def block_within(
    con: duckdb.DuckDBPyConnection, inputs: str, rules: Sequence[BlockingRule], *, add: bool = False
) -> list[RuleCount]:
    """Write matching.blocked_pairs (grain: pair; join_key_l < join_key_r, match_key, blocking_rule) within one table.

    `inputs` has `record_number` and the columns that the rules' keys name; a pair stands under the first rule that
    finds it. With `add` the pairs that stand there already stay.
    """
    if not add:
        _start(con)
    return [_add_rule(con, rule, number, _keyed(inputs, rule), _WITHIN) for number, rule in enumerate(rules)]


def block_between(
    con: duckdb.DuckDBPyConnection, probes: str, records: str, rules: Sequence[BlockingRule]
) -> list[RuleCount]:
    """Write matching.blocked_pairs between two tables: probes on the left side, records on the right.

    A record counts as a block's member only where a probe asks for its key. `record_number` of both are distinct.
    """
    _start(con)
    counts = []
    for number, rule in enumerate(rules):
        asked = f"(select distinct key from ({_keyed(probes, rule)}))"  # noqa: S608 - our own names
        side = (
            f"select *, true as is_probe from ({_keyed(probes, rule)}) union all "  # noqa: S608 - our own names
            f"select *, false from ({_keyed(records, rule)}) where key in {asked}"
        )
        counts.append(_add_rule(con, rule, number, side, _BETWEEN))
    return counts


_WITHIN = "l.record_number < r.record_number"
_BETWEEN = "l.is_probe and not r.is_probe"


def _start(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("create schema if not exists matching")
    con.execute(
        "create or replace table matching.blocked_pairs "
        "(join_key_l bigint, join_key_r bigint, match_key varchar, blocking_rule varchar)"
    )


def _keyed(inputs: str, rule: BlockingRule) -> str:
    """Return SQL for (record_number, key, finer_key) of every record that the rule can say something about."""
    source = f"(select *, unnest({rule.each}) as item from {inputs})" if rule.each else inputs  # noqa: S608 - our own names
    return (
        f"select record_number, hash({rule.key}) as key, hash({rule.key}, {rule.finer}) as finer_key,"  # noqa: S608 - our own names
        f" ({rule.finer}) is not null as has_finer from {source} where ({rule.key}) is not null"
    )


def _add_rule(con: duckdb.DuckDBPyConnection, rule: BlockingRule, number: int, keyed: str, which: str) -> RuleCount:
    records = _changed(con, f"create or replace temp table keyed as {keyed}")
    pairs = 0
    if records > 1:
        _split_blocks(con)
        pairs = _find_pairs(con, which)
    if pairs:
        con.execute(
            """
            insert into matching.blocked_pairs
            select join_key_l, join_key_r, $number, $rule from found
            anti join matching.blocked_pairs as known using (join_key_l, join_key_r)
            """,
            {"number": str(number), "rule": rule.name},
        )
    # So few records fit into one block: there is nothing to split and none to leave out.
    split, left_out = _beyond_the_cap(con) if records > BLOCK_CAP else (0, 0)
    return RuleCount(rule.name, pairs, _pairs_under(con, rule), split, left_out)


def _changed(con: duckdb.DuckDBPyConnection, statement: str) -> int:
    """Run a `create table as`; return the rows of the table, which DuckDB tells without being asked again."""
    return int(con.execute(statement).fetchall()[0][0])


def _split_blocks(con: duckdb.DuckDBPyConnection) -> None:
    # The finer key takes the place of a key that too many share.
    con.execute(
        """
        create or replace temp table blocks as
        with sized as (select *, count(*) over (partition by key) as members from keyed),
        split as (
            select * replace (if(members > $cap, finer_key, key) as key), members > $cap as is_split
            from sized where members > 1 and (members <= $cap or has_finer)
        )
        select *, count(*) over (partition by key) as block_members from split
        """,
        {"cap": BLOCK_CAP},
    )


def _find_pairs(con: duckdb.DuckDBPyConnection, which: str) -> int:
    return _changed(
        con,
        f"""
        create or replace temp table found as
        select distinct l.record_number as join_key_l, r.record_number as join_key_r
        from blocks as l inner join blocks as r on l.key = r.key
        where l.block_members <= {BLOCK_CAP} and r.block_members <= {BLOCK_CAP} and {which}
        """,  # noqa: S608 - our own names and numbers
    )


def _pairs_under(con: duckdb.DuckDBPyConnection, rule: BlockingRule) -> int:
    """Return the pairs that stand under a rule: those that no rule before it found."""
    count = "select count(*) from matching.blocked_pairs where blocking_rule = $rule"
    return int(con.execute(count, {"rule": rule.name}).fetchall()[0][0])


def _beyond_the_cap(con: duckdb.DuckDBPyConnection) -> tuple[int, int]:
    """Return how many blocks were split, and how many records even the finer key leaves out."""
    split, left_out = con.execute(
        """
        select
            count(distinct key) filter (where is_split),
            (select count(*) from (select count(*) over (partition by key) as members, has_finer from keyed)
             where members > $cap and not has_finer) + count(*) filter (where block_members > $cap)
        from blocks
        """,
        {"cap": BLOCK_CAP},
    ).fetchall()[0]
    return int(split), int(left_out)
