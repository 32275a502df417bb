"""Reads a gate's SQL and names every predicate that a NULL could turn into "no objection" unnoticed (law 1)."""

from __future__ import annotations

from collections.abc import Iterator

import sqlglot
from sqlglot import exp

# A predicate over these is true or false, never NULL, whatever goes in.
_DECIDED = (exp.Is, exp.NullSafeEQ, exp.NullSafeNEQ, exp.Exists, exp.Boolean)
_COMPARISONS = (exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.In, exp.Like, exp.ILike, exp.Between)


def unsafe_predicates(sql: str) -> list[str]:
    """Return the predicates in WHERE, HAVING, QUALIFY, FILTER and ON that may be NULL, as SQL text.

    Safe: `is [not] true|false|null`, `is [not] distinct from`, `exists`, and comparisons of which every operand is a
    literal or a `coalesce` that ends in one; `and`, `or`, `not` of safe ones. All else is named; `using` is too.
    """
    tree = sqlglot.parse_one(sql, dialect="duckdb")
    return [text for condition in _conditions(tree) for text in _unsafe(condition)] + [
        f"using ({', '.join(column.name for column in join.args['using'])})"
        for join in tree.find_all(exp.Join)
        if join.args.get("using")
    ]


def _conditions(tree: exp.Expr) -> Iterator[exp.Expr]:
    for clause in tree.find_all(exp.Where, exp.Having, exp.Qualify):
        yield clause.this
    for join in tree.find_all(exp.Join):
        if join.args.get("on"):
            yield join.args["on"]


def _unsafe(node: exp.Expr) -> Iterator[str]:
    if isinstance(node, exp.And | exp.Or):
        yield from _unsafe(node.left)
        yield from _unsafe(node.right)
    elif isinstance(node, exp.Paren | exp.Not):
        yield from _unsafe(node.this)
    elif not (isinstance(node, _DECIDED) or _never_null(node)):
        yield node.sql(dialect="duckdb")


def _never_null(node: exp.Expr) -> bool:
    if isinstance(node, exp.Paren):
        return _never_null(node.this)
    if isinstance(node, exp.Coalesce):
        return any(isinstance(part, exp.Literal | exp.Boolean) for part in node.expressions)
    if isinstance(node, _COMPARISONS):
        operands = [part for part in node.args.values() if isinstance(part, exp.Expr)]
        return all(map(_never_null, [*operands, *node.expressions])) and not node.args.get("query")
    return isinstance(node, exp.Literal | exp.Boolean | exp.Count)
