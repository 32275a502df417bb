"""The keys of a proposal that the contract does not know, kept under their paths. No judging."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wb_pipeline.canonical import canonical_json

if TYPE_CHECKING:
    from pydantic import BaseModel

    from wb_pipeline.contract.models_proposal import Proposal


def extra_json(proposal: Proposal) -> str:
    """Return all unknown keys as the JSON text of one object: {"tag": .., "actor.team": .., "changes.0.note": ..}."""
    found = dict(proposal.model_extra or {})
    parts = (("actor", proposal.actor), ("target", proposal.target), ("causation", proposal.causation))
    for path, part in parts:
        if part is not None and part.model_extra:
            found |= _under(path, part)
    for path, entries in (("changes", proposal.changes), ("evidence", proposal.evidence)):
        for position, entry in enumerate(entries or ()):
            if entry.model_extra:
                found |= _under(f"{path}.{position}", entry)
    if proposal.actor.model and proposal.actor.provider:
        found["actor.provider"] = proposal.actor.provider
    return canonical_json(found) if found else "{}"


def _under(path: str, part: BaseModel) -> dict[str, Any]:
    return {f"{path}.{key}": value for key, value in (part.model_extra or {}).items()}
