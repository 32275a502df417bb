"""A blocking rule: records that share its key are compared. Caps and counting are `matching.blocking`'s."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BlockingRule:
    """`key` is SQL over one record's inputs; `each` names a list column whose items take their turn as `item`.

    `finer` splits a block that has grown too large; what is too large even then is left out, with a warning.
    """

    name: str
    key: str
    finer: str
    each: str | None = None
