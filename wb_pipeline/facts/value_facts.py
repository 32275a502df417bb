"""facts.value_facts: is each wanted value valid for its field, and its comparison form (FLD-5)? Stops nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from wb_pipeline.canonical import canonical_json
from wb_pipeline.facts.current_run import count_rows, open_named_changes
from wb_pipeline.facts.distinct_values import fetch_columns, lent
from wb_pipeline.facts.field_rules import lent_rules
from wb_pipeline.normalize.fields import FieldRule, Invalid, check_json, plain_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager

    import duckdb

_RULED_CHANGES = """
create or replace temp view ruled_changes as
select
    changes.manifest_id, changes.change_id, coalesce(changes.operation = 'append', false) as is_append,
    changes.new_value, rules.rule_number
from named_changes as changes
inner join value_rules as rules
    on
        rules.policy_hash = changes.policy_hash
        and rules.object is not distinct from changes.object
        and rules.field is not distinct from changes.field
"""
_VALUES = "select distinct rule_number, is_append, new_value from ruled_changes where new_value is not null"
_FACTS = """
create or replace table facts.value_facts as
select
    changes.manifest_id,
    changes.change_id,
    changes.new_value is null or coalesce(verdicts.is_valid, false) as is_valid,
    verdicts.invalid_reason,
    verdicts.normalized_value,
    changes.new_value is null or coalesce(verdicts.is_empty, false) as is_empty,
    verdicts.invalid_words,
    verdicts.value_to_write
from ruled_changes as changes
left join value_verdicts as verdicts
    on
        verdicts.rule_number = changes.rule_number
        and verdicts.is_append = changes.is_append
        and verdicts.new_value = changes.new_value
"""
_ASKED = {"rule_number": pa.int64(), "is_append": pa.bool_(), "new_value": pa.string()}
_ANSWERS = {
    "is_valid": pa.bool_(),
    "invalid_reason": pa.string(),
    "invalid_words": pa.string(),
    "normalized_value": pa.string(),
    "is_empty": pa.bool_(),
    "value_to_write": pa.string(),
}


def write_value_facts(con: duckdb.DuckDBPyConnection) -> int:
    """Write facts.value_facts and return its rows. Reads facts.field_names, policy.field_formats, the picklists.

    Grain: (manifest, change other than the action row). manifest_id, change_id, is_valid, invalid_reason (stable code,
    see normalize.fields), normalized_value (the comparison form: text as it is, anything else as canonical JSON; NULL
    when invalid or empty), is_empty, invalid_words (the reason for a person), value_to_write (the normalized value as
    canonical JSON; NULL when invalid or empty: what is written is never the sloppy spelling that came in, FLD-8).
    """
    open_named_changes(con)
    with lent_rules(con, "named_changes") as rules:
        con.execute(_RULED_CHANGES)
        with _lent_verdicts(con, rules):
            con.execute(_FACTS)
        con.execute("drop view ruled_changes")
    return count_rows(con, "facts.value_facts")


def _lent_verdicts(con: duckdb.DuckDBPyConnection, rules: list[FieldRule]) -> AbstractContextManager[None]:
    given = fetch_columns(con, _VALUES)
    judged = [
        _judge(str(text), rules[number], is_append=bool(is_append))
        for number, is_append, text in zip(given["rule_number"], given["is_append"], given["new_value"], strict=True)
        if isinstance(number, int)
    ]
    answers = list(zip(*judged, strict=True)) or [()] * len(_ANSWERS)
    columns: dict[str, tuple[pa.DataType, Sequence[object]]] = {
        name: (kind, given[name]) for name, kind in _ASKED.items()
    }
    columns.update({name: (kind, answers[i]) for i, (name, kind) in enumerate(_ANSWERS.items())})
    return lent(con, "value_verdicts", columns)


def _judge(
    text: str, rule: FieldRule, *, is_append: bool
) -> tuple[bool, str | None, str | None, str | None, bool, str | None]:
    verdict, is_empty = check_json(text, rule, is_append=is_append)
    if isinstance(verdict, Invalid):
        return False, verdict.reason, verdict.words, None, is_empty, None
    if is_empty:
        return True, None, None, None, True, None
    return True, None, None, plain_text(verdict.normalized), False, canonical_json(verdict.normalized)
