"""What one file of the SQL project is: a model, a source table, a singular test. Plain data, no reading."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from wb_pipeline.sql_project.names import DEFAULT_SCHEMA, Relation

Materialized = Literal["table", "view"]
SourceKey = tuple[str, str]
"""(source name, table) as `source()` writes it; the source name is the schema unless sources.yml says otherwise."""

GATE_FOLDER = "gates"


@dataclass(frozen=True)
class Model:
    """One SQL file under `models/` with what its properties YAML says about it.

    `folder` is relative to the models folder ("gates", "staging"). `depends_on` and `sources` hold what the file and
    its hooks refer to, in order of name. `sql` is the text as written, not rendered.
    """

    name: str
    path: Path
    folder: str
    sql: str
    materialized: Materialized
    description: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    meta: Mapping[str, Any] = field(default_factory=dict)
    depends_on: tuple[str, ...] = ()
    sources: tuple[SourceKey, ...] = ()
    post_hooks: tuple[str, ...] = ()
    properties_path: Path | None = None

    @property
    def relation(self) -> Relation:
        """Where the model is built."""
        return Relation(DEFAULT_SCHEMA, self.name)

    @property
    def is_gate(self) -> bool:
        """Tell whether an error here means "gate broken" (EXC-3)."""
        return self.folder.split("/")[0] == GATE_FOLDER


@dataclass(frozen=True)
class Source:
    """A table that Python puts into the warehouse, as `sources.yml` describes it.

    Two sources may name one relation (the books before this run, and after it). `made_from` names the models it is
    computed from (`config.meta.made_from`), so that steps can be ordered around it.
    """

    key: SourceKey
    relation: Relation
    description: str
    columns: Mapping[str, str]
    made_from: tuple[str, ...]
    path: Path


@dataclass(frozen=True)
class SingularTest:
    """A query under `tests/` that returns the rows that should not exist."""

    name: str
    path: Path
    sql: str
    depends_on: tuple[str, ...] = ()
    sources: tuple[SourceKey, ...] = ()
