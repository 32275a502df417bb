"""The queue and its items as text: table, JSON Lines, CSV, and one item in full. Everything shown is from outside."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from wb_pipeline.audit.terminal_text import plain
from wb_pipeline.canonical import canonical_json
from wb_pipeline.review.sheet import SHOWN, shown_cells

if TYPE_CHECKING:
    from wb_pipeline.review.citations import Citation
    from wb_pipeline.review.model import Candidate, FieldChange, Item, Objection

_MOST_OF_EVIDENCE = 2_000


def table_text(items: Sequence[Item]) -> str:
    """Return the items as a table for a terminal."""
    if not items:
        return "Nothing waits.\n"
    lines = [f"{'id':<22} {'state':<13} {'what':<44} {'worth':>12}  why"]
    for item in items:
        what = plain(_with_value(item))[:44]
        why = plain(", ".join(dict.fromkeys(each.reason for each in item.objections)) or item.held_because)
        lines.append(f"{plain(item.item_id):<22} {item.state:<13} {what:<44} {_worth(item):>12}  {why}")
    return "\n".join(lines) + "\n"


def jsonl_text(items: Sequence[Item]) -> str:
    """Return the items as JSON Lines, everything that is known of each; an unknown worth is null."""
    return "".join(json.dumps(_plain_item(item), ensure_ascii=False) + "\n" for item in items)


def csv_text(items: Sequence[Item]) -> str:
    """Return the items as CSV without formulas."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["state", *SHOWN])
    for item in items:
        cells = shown_cells(item)
        writer.writerow([item.state, *(cells[name] for name in SHOWN)])
    return text.getvalue()


def item_text(item: Item, citations: Sequence[Citation]) -> str:
    """Return one item in full."""
    return "\n".join(plain(line, _MOST_OF_EVIDENCE) for line in _lines(item, citations)) + "\n"


def _lines(item: Item, citations: Sequence[Citation]) -> Iterator[str]:
    yield f"{item.name}: {item.state.replace('_', ' ')}"
    for label, value in _facts(item):
        if value:
            yield f"  {label:<10} {value}"
    for each in item.objections:
        yield f"  {'objection':<10} {_objection(each)}"
    yield from (f"  {'candidate':<10} {_candidate(item, each)}" for each in item.candidates)
    for cited in citations:
        yield from _cited(cited)
    for made in item.decisions:
        words = f": {made.reason_code} {made.words}".rstrip(": ")
        yield f"  {'decided':<10} {made.at} {made.by}: {made.decision}{words} (ledger event {made.sequence})"


def _facts(item: Item) -> Iterator[tuple[str, object]]:
    yield from (("change", _change(each)) for each in item.fields)
    yield "names", canonical_json(dict(item.payload)) if item.payload else ""
    yield "worth", _worth(item)
    yield "by", f"{item.actor_type} {item.actor_id}, source {item.source}"
    yield "said", item.rationale
    yield "matched", item.match_reason
    yield "confidence", "" if item.confidence is None else f"{item.confidence:g}"
    yield "owner", item.owner_id
    yield "queued", f"{item.queued_at:%Y-%m-%d %H:%M} UTC, due {item.due_at:%Y-%m-%d %H:%M} UTC"
    yield "lapses", _lapses(item)
    yield "returned", item.returned_because
    yield "held", item.held_because
    yield "needs", "two people have to approve it" if item.needs_second else ""
    yield "case", item.case_id
    yield "batch", f"{item.batch_key[:16]}, line {item.line_number}, proposal {item.proposal_id}"
    yield "binding", item.binding


def _lapses(item: Item) -> str:
    """Return when an open item stops waiting: suggestions do, what a gate sent to a person does not (RVW-6)."""
    if not item.is_open and item.state != "expired":
        return ""
    return f"{item.expires_at:%Y-%m-%d %H:%M} UTC" if item.expires_at else "never: it waits until somebody decides"


def _change(change: FieldChange) -> str:
    edited = f" (proposed: {change.proposed_value})" if change.is_edited else ""
    return f"{change.field}: {change.old_value or '(empty)'} -> {change.new_value or '(empty)'}{edited}"


def _candidate(item: Item, candidate: Candidate) -> str:
    sure = "" if candidate.match_probability is None else f", {candidate.match_probability:.0%} likely"
    shared = ", by a key that others share" if candidate.is_key_shared else ""
    writer = f", written by {candidate.writer}" if candidate.writer else ""
    telling = ", ".join(f"{name} {value}" for name, value in candidate.telling.items())
    picked = " (picked)" if candidate.record_id == item.record_id else ""
    found = f"{(candidate.match_method or 'found').replace('_', ' ')}{sure}{shared}"
    stands = f"{item.fields[0].field} is {candidate.value or '(empty)'}{writer}"
    return f"{candidate.record_id}{picked}: {found}; {stands}; {telling}"


def _objection(objection: Objection) -> str:
    details = f" {canonical_json(dict(objection.details))}" if objection.details else ""
    passes = f" Would pass: {objection.to_pass}" if objection.to_pass else ""
    return f"{objection.says} [{objection.verdict}, {objection.gate}]{details}{passes}"


def _cited(citation: Citation) -> Iterator[str]:
    if not citation.items:
        yield f"  {'evidence':<10} {citation.evidence_id}: not in the evidence store"
    for each in citation.items:
        content = canonical_json(each.payload)
        yield f"  {'evidence':<10} {each.evidence_id} ({each.evidence_type} {each.evidence_state or ''}): {content}"
    yield from (f"  {'quoted':<10} {citation.evidence_id}: {quote.text}" for quote in citation.quotes)


def _with_value(item: Item) -> str:
    only = item.fields[0].new_value if len(item.fields) == 1 else None
    return f"{item.name} = {only}" if only else item.name


def _worth(item: Item) -> str:
    if item.value_at_risk is None:
        return ""
    return "unknown" if item.value_at_risk == float("inf") else f"{item.value_at_risk:,.0f}"


def _plain_item(item: Item) -> dict[str, Any]:
    told = asdict(item)
    if item.value_at_risk == float("inf"):
        told["value_at_risk"] = None
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in told.items()}
