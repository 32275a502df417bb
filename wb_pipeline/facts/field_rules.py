"""The policy's rule for the values of each field, numbered, so that a value is judged once per rule. Judges nothing."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pyarrow as pa

from wb_pipeline.facts.distinct_values import lent
from wb_pipeline.normalize.fields import FieldRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb

_RULES = """
with fields as (
    select distinct policy_hash, object, field from {relation}
),
options as (
    select policy_hash, object, field, list(distinct value order by value) as options
    from policy.picklists
    group by all
),
words as (
    select policy_hash, object, field, list(distinct [word, value] order by [word, value]) as words
    from policy.picklist_mappings
    group by all
)
select fields.policy_hash, fields.object, fields.field, formats.format, formats.max_length, options.options, words.words
from fields
left join policy.field_formats as formats
    on formats.policy_hash = fields.policy_hash and formats.object = fields.object and formats.field = fields.field
left join options
    on options.policy_hash = fields.policy_hash and options.object = fields.object and options.field = fields.field
left join words
    on words.policy_hash = fields.policy_hash and words.object = fields.object and words.field = fields.field
"""


@contextmanager
def lent_rules(con: duckdb.DuckDBPyConnection, relation: str) -> Iterator[list[FieldRule]]:
    """Lend value_rules (policy_hash, object, field, rule_number) for the fields of one of our own relations.

    Yields the distinct rules; a rule's number is its place. `relation` never comes from outside.
    """
    rows = con.execute(_RULES.format(relation=relation)).fetchall()
    numbers: dict[FieldRule, int] = {}
    numbered: list[object] = [numbers.setdefault(_rule(*row[3:]), len(numbers)) for row in rows]
    keys = {name: (pa.string(), [row[i] for row in rows]) for i, name in enumerate(("policy_hash", "object", "field"))}
    with lent(con, "value_rules", {**keys, "rule_number": (pa.int64(), numbered)}):
        yield list(numbers)


def _rule(
    format_name: str | None, max_length: int | None, options: list[str] | None, words: list[list[str]] | None
) -> FieldRule:
    pairs = frozenset((word, value) for word, value in words or ())
    return FieldRule(format_name, max_length, frozenset(options or ()), pairs)
