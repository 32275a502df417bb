"""The sentences of an item in their order, each with its voice. Finds the passage that is quoted. No meaning here."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from wb_pipeline.evidence.support.tokens import MAX_SENTENCES, Token, sentences, tokens, word_list

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from wb_pipeline.evidence.passage import Kind, Passage, Side

_RAW_WORD = re.compile(r"[^\W_]+")
_ASKING = frozenset({"remind", "tell", "what", "who", "which", "how", "when"})
_NEIGHBOURS = 4
"""Sentences before and after a quoted passage that are read with it: an answer or a retraction stands there."""


@dataclass(frozen=True)
class Sentence:
    """One sentence of one voice."""

    text: str
    kind: Kind
    side: Side
    speaker: str | None
    address: str | None
    said_at: datetime | None
    asked: str = ""
    """The question of another voice that it follows: what a short answer leaves out stands there."""

    @cached_property
    def tokens(self) -> list[Token]:
        """The tokens of the sentence."""
        return tokens(self.text)

    @cached_property
    def words(self) -> list[str]:
        """The words of the tokens, signs included."""
        return [token.word for token in self.tokens]

    @property
    def is_question(self) -> bool:
        """Whether it ends with a question mark."""
        return self.text.rstrip("\"') ").endswith("?")


class Reading(NamedTuple):
    """What is read of an item. `cited` are the places of the quoted sentences; all of them where nothing is quoted."""

    sentences: list[Sentence]
    cited: frozenset[int]
    is_quoted: bool
    is_cut: bool


def read(passages: Sequence[Passage], quote: str | None) -> Reading | None:
    """Return the sentences to judge; None when the quoted words are not in the item.

    Of an item that is quoted only the sentences around the quotation are read.
    """
    if quote and word_list(quote):
        return _around(passages, quote)
    found: list[Sentence] = []
    for passage in passages:
        found += split(passage)
        if len(found) > MAX_SENTENCES:
            break
    is_cut = len(found) > MAX_SENTENCES
    kept = _after_questions(found[:MAX_SENTENCES])
    return Reading(kept, frozenset(range(len(kept))), is_quoted=False, is_cut=is_cut)


def split(passage: Passage) -> list[Sentence]:
    """Return the sentences of a passage."""
    is_list = passage.kind in ("signature", "field")
    return [
        Sentence(text, passage.kind, passage.side, passage.speaker, passage.address, passage.said_at)
        for text in sentences(passage.text, by_line=is_list)
    ]


def paired(reading: Reading) -> Reading:
    """Return a reading with each sentence and the next of the same voice as one: "A case study? Please send it."."""
    made: list[Sentence] = []
    cited: set[int] = set()
    for number, (one, other) in enumerate(pairwise(reading.sentences)):
        points = bool({"it", "them", "that", "this", "one", "those"} & set(other.words))
        if points and one.speaker == other.speaker and one.side == other.side and one.kind == other.kind:
            if reading.cited & {number, number + 1}:
                cited.add(len(made))
            made.append(replace(other, text=f"{one.text.rstrip('?!. ')}, {other.text}"))
    return Reading(made, frozenset(cited), reading.is_quoted, reading.is_cut)


def _around(passages: Sequence[Passage], quote: str) -> Reading | None:
    wanted = " ".join(word_list(quote))
    anchor = max((word for word in _RAW_WORD.findall(quote.lower()) if word.isascii()), key=len, default="")
    for number, passage in enumerate(passages):
        if passage.text.isascii() and anchor not in passage.text.lower():
            continue
        own = split(passage)
        cited = _cited(own, wanted)
        if cited is None:
            continue
        first, last = cited
        before = [each for one in passages[max(0, number - _NEIGHBOURS) : number] for each in split(one)]
        after = [each for one in passages[number + 1 : number + 1 + _NEIGHBOURS] for each in split(one)]
        before = (before + own[:first])[-_NEIGHBOURS:]
        after = (own[last + 1 :] + after)[:_NEIGHBOURS]
        places = frozenset(range(len(before), len(before) + last - first + 1))
        return Reading(
            _after_questions([*before, *own[first : last + 1], *after]), places, is_quoted=True, is_cut=False
        )
    return None


def _after_questions(found: list[Sentence]) -> list[Sentence]:
    """Return the sentences, each with the question of another voice before its turn."""
    made: list[Sentence] = []
    asked = ""
    for place, sentence in enumerate(found):
        last = found[place - 1] if place else None
        if last is not None and last.speaker != sentence.speaker:
            asked = last.text if _asks(last) else ""
        made.append(replace(sentence, asked=asked) if asked else sentence)
    return made


def _asks(sentence: Sentence) -> bool:
    return sentence.is_question or bool(_ASKING & set(sentence.words[:3]))


def _cited(own: Sequence[Sentence], wanted: str) -> tuple[int, int] | None:
    """Return the first and last sentence over which the wanted words run; they must follow one another."""
    starts, text = [], ""
    for sentence in own:
        starts.append(len(text))
        text += " ".join(word for word in sentence.words if word[0].isalnum()) + " "
    place = f" {text}".find(f" {wanted} ")
    if place < 0:
        return None
    end = place + len(wanted) - 1
    first = max(i for i, start in enumerate(starts) if start <= place)
    return first, max(i for i, start in enumerate(starts) if start <= end)
