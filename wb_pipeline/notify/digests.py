"""What is told of a batch, gathered per address: text without values (EXC-2). Who gets it is for `addresses` to say."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wb_pipeline.audit.terminal_text import plain
from wb_pipeline.canonical import content_hash
from wb_pipeline.ledger.kinds import payload_of
from wb_pipeline.ledger.kinds_breakers import BreakerOpened
from wb_pipeline.steps.published import read_published

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from wb_pipeline.home import Home
    from wb_pipeline.ledger.manifests import SealedBatch
    from wb_pipeline.ledger.store import Ledger
    from wb_pipeline.notify.addresses import AddressBook, News

MOST_LINES = 20
"""Lines per kind of news in one message; the rest is a number. Twenty fit on a screen."""

_DENIED = """
select owner_id, action, object, record_id, field, why, to_pass from rows
where is_owner_told order by line_number, change_id
"""
_WAITING = """
select owner_id, action, object, record_id, field, why, null as to_pass from rows order by line_number, item_id
"""
_QUARANTINED = "select line_number, reason_codes from rows order by line_number"
_HEADINGS: dict[News, str] = {
    "change_denied": "Denied, kept as pending changes",
    "review_waiting": "Waiting for a review",
    "batch_quarantined": "Lines that could not be taken as proposals",
    "breaker_opened": "Breakers that opened (`wb breaker show`)",
}
# An id comes from outside: no mention, link or markup may ride on it.
_NOT_A_WORD = re.compile(r"[^\w .:/+-]")


@dataclass(frozen=True)
class Message:
    """One message: `key` names batch and address by a hash; `changes` is how much it tells of."""

    key: str
    batch_key: str
    address: str
    subject: str
    text: str
    changes: int


def messages_of(home: Home, ledger: Ledger, batch: SealedBatch, book: AddressBook) -> list[Message]:
    """Return the messages about a batch, one per address, in a fixed order. Raises InputError if it is unpublished."""
    told: dict[str, dict[News, list[str]]] = defaultdict(lambda: defaultdict(list))
    for news, owner_id, line in _news(home, ledger, batch):
        told[book.address(news, owner_id)][news].append(line)
    return [_message(batch, address, told[address]) for address in sorted(told)]


def _news(home: Home, ledger: Ledger, batch: SealedBatch) -> Iterator[tuple[News, str | None, str]]:
    key = batch.seal.batch_key
    for row in read_published(home, key, "pending_changes", _DENIED):
        yield "change_denied", row["owner_id"], _line(row)
    for row in read_published(home, key, "review_queue", _WAITING):
        yield "review_waiting", row["owner_id"], _line(row)
    for row in read_published(home, key, "quarantined_proposals", _QUARANTINED):
        yield "batch_quarantined", None, f"line {row['line_number']}: {word(row['reason_codes'])}"
    for event in ledger.events(BreakerOpened.kind):
        opened = payload_of(event, BreakerOpened)
        # Once per manifest, beside the first of its batches.
        if opened.manifest_id == batch.seal.manifest_id and _is_first(ledger, batch):
            yield (
                "breaker_opened",
                None,
                f"{word(event.subject)}: {opened.used} in one {opened.window}, not {opened.limit}",
            )


def _is_first(ledger: Ledger, batch: SealedBatch) -> bool:
    from wb_pipeline.ledger.manifests import sealed_batches

    of_manifest = [each for each in sealed_batches(ledger) if each.seal.manifest_id == batch.seal.manifest_id]
    return of_manifest[0].name == batch.name


def _line(row: dict[str, Any]) -> str:
    """Return one change in words: what and why, never the value, which may be personal."""
    parts = (row["action"], row["object"], row["record_id"] or "(new)", row["field"])
    what = " ".join(word(part) for part in parts if part)
    return " ".join(filter(None, [f"{what}:", row["why"] or "because its proposal is stopped.", row["to_pass"]]))


def word(text: object) -> str:
    """Return a word from outside without anything that a mail program would take for markup."""
    return _NOT_A_WORD.sub("?", plain(text, 120))


def _message(batch: SealedBatch, address: str, news: dict[News, list[str]]) -> Message:
    batch_key = batch.seal.batch_key
    key = content_hash([batch_key, address])
    changes = sum(map(len, news.values()))
    subject = f"{changes} to look at in batch {batch_key[:12]} [{key[:10]}]"
    body = "\n\n".join(_section(_HEADINGS[kind], news[kind]) for kind in _HEADINGS if kind in news)
    return Message(key, batch_key, address, subject, f"{body}\n", changes)


def _section(heading: str, lines: Sequence[str]) -> str:
    more = [f"- and {len(lines) - MOST_LINES} more"] if len(lines) > MOST_LINES else []
    return "\n".join([f"{heading}: {len(lines)}", *(f"- {line}" for line in lines[:MOST_LINES]), *more])
