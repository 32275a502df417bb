"""The version of preparation: a hash of the code, libraries and field names that prepare. Not of any policy."""

from __future__ import annotations

import functools
import importlib.metadata
from pathlib import Path

from wb_pipeline import matching, normalize
from wb_pipeline.canonical import content_hash, file_hash
from wb_pipeline.matching.prepare.field_names import FieldNames, names_of

# Whose data or rules can change what a value is read as.
_LIBRARIES = (
    "anyascii",
    "cleanco",
    "confusable-homoglyphs",
    "duckdb",
    "email-validator",
    "idna",
    "nicknames",
    "phonenumbers",
    "tldextract",
)


def preparation_version(contact_fields: FieldNames | None, company_fields: FieldNames | None) -> str:
    """Return 64 hex digits; equal as long as equal records are prepared equally."""
    fields = {"contact": names_of("contact", contact_fields), "company": names_of("company", company_fields)}
    return content_hash({"code": _code_hashes(), "fields": fields})


@functools.cache
def _code_hashes() -> dict[str, str]:
    folders = (Path(normalize.__file__).parent, Path(matching.__file__).parent / "prepare")
    files = [path for folder in folders for path in sorted(folder.rglob("*.*")) if path.suffix in {".py", ".txt"}]
    versions = {f"library/{name}": importlib.metadata.version(name) for name in _LIBRARIES}
    return versions | {f"{path.parent.name}/{path.name}": file_hash(path) for path in files}
