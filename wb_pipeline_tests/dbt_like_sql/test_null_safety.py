"""The reader of gates names unsafe predicates and lets safe ones pass (law 1)."""

from __future__ import annotations

import pytest

from wb_pipeline_tests.dbt_like_sql.null_safety import unsafe_predicates


@pytest.mark.parametrize(
    "predicate",
    [
        "a = 1",
        "a <> b",
        "a in ('x', 'y')",
        "a not in ('x')",
        "a like 'x%'",
        "a > 3",
        "not a",
        "is_bad",
        "a is true and b = 1",
        "a is true or not (b < c)",
        "coalesce(a, b) = 'x'",
        "coalesce(a, '') = b",
        "a between 1 and 2",
        "a in (select b from u)",
        "starts_with(a, 'x')",
    ],
)
def test_unsafe_predicate_is_named(predicate: str) -> None:
    """FLD-1: where a NULL would silently drop the objection."""
    assert len(unsafe_predicates(f"select * from t where {predicate}")) == 1


@pytest.mark.parametrize(
    "predicate",
    [
        "a is not true",
        "a is false",
        "a is null",
        "(a = 1) is not true",
        "a is not distinct from 'x'",
        "a is distinct from b and c is not false",
        "coalesce(a, '') = 'x'",
        "coalesce(a, '') not in ('x', 'y')",
        "coalesce(a < b, true)",
        "not (a is true)",
        "exists (select 1 from u where u.a is not distinct from t.a)",
        "true",
    ],
)
def test_safe_predicate_passes(predicate: str) -> None:
    """FLD-1: where a NULL has a stated meaning."""
    assert unsafe_predicates(f"select * from t where {predicate}") == []


@pytest.mark.parametrize(
    "sql",
    [
        "select * from t inner join u on t.a = u.a",
        "select * from t left join u using (a)",
        "select count(*) filter (where a = 1) from t",
        "select a from t group by a having max(b) > 1",
        "select a from t qualify row_number() over (order by a) = b",
        "with c as (select * from t where a = 1) select * from c",
        "select * from t where exists (select 1 from u where u.a = t.a)",
    ],
)
def test_every_clause_is_read(sql: str) -> None:
    """Joins, filters, having, qualify, common table expressions and subqueries count as well."""
    assert len(unsafe_predicates(sql)) == 1
