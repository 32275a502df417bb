"""Who said what, when, in an item of evidence: passages of one voice. Nothing about what a passage proves."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from wb_pipeline.contract.evidence_keys import TIME_KEYS
from wb_pipeline.contract.times import read_time
from wb_pipeline.evidence.email_text import split_email
from wb_pipeline.evidence.passage import Passage, Side
from wb_pipeline.evidence.plain_text import plain_text
from wb_pipeline.evidence.speakers import Speakers, is_label, mailbox, side_of_role

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MAX_TURNS = 5_000
"""Turns of a transcript that are read: a day of talk. What comes later is not there, so nothing can be found in it."""
MAX_LEAVES = 500
"""Texts of a profile, form or plan that are read."""
_MAX_CLOCK_PARTS = 3
_DEEPEST = 8
_SIDE_OF_DIRECTION: dict[str, Side] = {"inbound": "prospect", "outbound": "seller"}
_OTHER_SIDE: dict[Side, Side] = {"prospect": "seller", "seller": "prospect"}


def passages(evidence_type: str, payload: dict[str, Any]) -> list[Passage]:
    """Return the passages of an item in their order; none for a type without words. Never raises.

    An email gives its `subject`, its own words (`body`), what it quotes (`quoted`: its earlier author's) and its
    `signature`. A call gives its turns (`turn`). Of any other item each text is a `field`. HTML is read as it is seen.
    """
    read = _READERS.get(evidence_type, _no_passages)
    return [each for each in read(payload, _stated_at(evidence_type, payload)) if each.text.strip()]


def seconds(clock: Any) -> int | None:
    """Return `hh:mm:ss` or `mm:ss` as seconds from the start; None where it says no such thing."""
    return _seconds(clock) if isinstance(clock, str) else None


@lru_cache(maxsize=16_384)
def _seconds(clock: str) -> int | None:
    parts = clock.strip().split(".")[0].split(":")
    if not 1 < len(parts) <= _MAX_CLOCK_PARTS or not all(part.isascii() and part.isdigit() for part in parts):
        return None
    total = 0
    for part in parts:
        total = total * 60 + int(part[:6])
    return total


def _stated_at(evidence_type: str, payload: dict[str, Any]) -> datetime | None:
    stated = next((payload[key] for key in TIME_KEYS.get(evidence_type, ()) if payload.get(key)), None)
    return read_time(stated).at if isinstance(stated, str) else None


def _email(payload: dict[str, Any], at: datetime | None) -> Iterator[Passage]:
    name, address = mailbox(payload.get("from"))
    side = _SIDE_OF_DIRECTION.get(str(payload.get("direction")).strip().lower(), "unknown")
    receivers = {mailbox(each)[1] for key in ("to", "cc") for each in _listed(payload.get(key))}
    other = _OTHER_SIDE.get(side, "unknown")
    if isinstance(payload.get("subject"), str):
        # A reply's subject is the first author's: it is nobody's word.
        yield Passage(payload["subject"], "subject", None, None, "unknown", at)
    for block in split_email(plain_text(payload.get("body"))):
        if block.kind != "quoted":
            yield Passage(block.text, block.kind, name or address, address, side, at)
        else:
            _, author = mailbox(block.author)
            voice = side if author and author == address else other if author and author in receivers else "unknown"
            yield Passage(block.text, "quoted", block.author, author, voice, None)


def _call(payload: dict[str, Any], at: datetime | None) -> Iterator[Passage]:
    speakers = Speakers(payload.get("participants"))
    for turn in _listed(payload.get("transcript"))[:MAX_TURNS]:
        if not isinstance(turn, dict) or not isinstance(turn.get("text"), str):
            continue
        offset = seconds(turn.get("t"))
        said = turn.get("speaker") if isinstance(turn.get("speaker"), str) else None
        side = side_of_role(turn.get("role")) or speakers.side(said)
        address = speakers.address(said) or (speakers.only_one(side) if is_label(said) else None)
        said_at = at + timedelta(seconds=offset) if at is not None and offset is not None else None
        yield Passage(turn["text"], "turn", said or address, address, side, said_at, offset)


def _form(payload: dict[str, Any], at: datetime | None) -> Iterator[Passage]:
    name, address = mailbox({"name": payload.get("name"), "email": payload.get("email")})
    for text in _leaves(payload.get("fields")):
        yield Passage(text, "field", name or address, address, "prospect", at)


def _texts_under(key: str, side: Side) -> Callable[[dict[str, Any], datetime | None], Iterator[Passage]]:
    def read(payload: dict[str, Any], at: datetime | None) -> Iterator[Passage]:
        speaker = payload.get("name") if isinstance(payload.get("name"), str) else None
        for text in _leaves(payload.get(key)):
            yield Passage(text, "field", speaker, None, side, at)

    return read


def _no_passages(payload: dict[str, Any], at: datetime | None) -> Iterator[Passage]:  # noqa: ARG001 - as the others
    yield from ()


def _leaves(value: Any, depth: int = 0) -> list[str]:
    """Return the texts and numbers inside a value, as plain text, at most `MAX_LEAVES` of them."""
    if isinstance(value, str):
        return [plain_text(value)]
    if isinstance(value, int | float) and not isinstance(value, bool):
        return [str(value)]
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    found: list[str] = []
    for each in inside:
        if depth >= _DEEPEST or len(found) >= MAX_LEAVES:
            break
        found += _leaves(each, depth + 1)
    return found[:MAX_LEAVES]


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


_READERS: dict[str, Callable[[dict[str, Any], datetime | None], Iterator[Passage]]] = {
    "email": _email,
    "call_recording": _call,
    "form_submission": _form,
    "linkedin_profile": _texts_under("current", "prospect"),
    "enrichment": _texts_under("attributes", "system"),
    "mutual_action_plan": _texts_under("steps", "unknown"),
    "calendar_event": _texts_under("title", "unknown"),
}
