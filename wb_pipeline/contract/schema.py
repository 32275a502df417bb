"""The published JSON Schemas, generated from the models. Not the models, not the checks of the loader.

`python -m wb_pipeline.contract.schema docs/schema` writes them; a test fails where they are stale.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter
from pydantic.json_schema import models_json_schema

from wb_pipeline.contract.models_crm import CrmRecord
from wb_pipeline.contract.models_evidence import EVIDENCE_MODELS, EvidenceItem
from wb_pipeline.contract.models_proposal import Proposal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic import BaseModel

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_VERSION = 1


def contract_schemas() -> dict[str, dict[str, Any]]:
    """Return the schemas of proposal, CRM record and evidence item, by the name of their file."""
    return {
        "proposal.schema.json": _titled("proposal", _of_model(Proposal)),
        "crm-record.schema.json": _titled("crm-record", _of_model(CrmRecord)),
        "evidence-item.schema.json": _titled("evidence-item", _of_evidence()),
    }


def schema_texts() -> dict[str, str]:
    """Return the same as the texts of files."""
    return {
        name: json.dumps(schema, indent=2, ensure_ascii=False) + "\n" for name, schema in contract_schemas().items()
    }


def write_schemas(folder: Path) -> list[Path]:
    """Write the schemas into a folder and return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, text in schema_texts().items():
        path = folder / name
        path.write_text(text, encoding="utf-8")
        written.append(path)
    return written


def _of_model(model: type[BaseModel]) -> dict[str, Any]:
    return TypeAdapter(model).json_schema(mode="validation")


def _of_evidence() -> dict[str, Any]:
    """Return one schema for all types: a known `type` brings its keys, an unknown one is open."""
    inputs: list[tuple[type[BaseModel], Any]] = [(model, "validation") for model in EVIDENCE_MODELS.values()]
    _, shared = models_json_schema([*inputs, (EvidenceItem, "validation")])
    rules = [
        {
            "if": {"properties": {"type": {"const": kind}}, "required": ["type"]},
            "then": {"$ref": f"#/$defs/{model.__name__}"},
        }
        for kind, model in EVIDENCE_MODELS.items()
    ]
    return {"$ref": "#/$defs/EvidenceItem", "allOf": rules, "$defs": shared["$defs"]}


def _titled(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"$schema": _DIALECT, "$id": f"urn:wb-pipeline:schema:{name}:{_VERSION}"} | schema


def main(arguments: Sequence[str]) -> int:
    """Write the schemas into the folder that is named."""
    for path in write_schemas(Path(arguments[0] if arguments else "docs/schema")):
        sys.stdout.write(f"{path}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
