"""What follows a sentence: an answer to what was asked, or words that take it back. No values here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from wb_pipeline.evidence.support import phrases as said

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wb_pipeline.evidence.support.sentence import Sentence

Answer = Literal["yes", "no", "unclear", "none"]
_NEXT = 3
"""Sentences after a question within which its answer stands."""
_SHORT = 9
"""Words of a sentence that may take back the one before it by a mere `it`."""
_FILLERS = frozenset({",", ".", "um", "uh", "oh", "ah", "erm", "er", "mm"})
_POINTING = frozenset({"it", "that", "this", "which", "they", "them"})


def answer(sentences: Sequence[Sentence], place: int) -> Answer:
    """Return how the buyer's side answers the sentence at `place`, or how its own speaker goes on."""
    asked = sentences[place]
    for number in range(place + 1, min(place + 1 + _NEXT, len(sentences))):
        reply = sentences[number]
        is_own = reply.speaker == asked.speaker and reply.side == asked.side
        if reply.side == "prospect" and (not is_own or asked.is_question):
            return _read(sentences, number, frozenset(asked.words))
        if not is_own:
            return "none"
    return "none"


def _read(sentences: Sequence[Sentence], number: int, asked: frozenset[str]) -> Answer:
    words = said.masked(sentences[number].words, said.NO_NEGATION)
    told = next((i for i, word in enumerate(words) if word not in _FILLERS and word not in asked), 0)
    if said.starts_with(words[told:], said.YES) and not said.has(words[:told], said.NEGATIONS):
        words = words[told:]  # "Tuesday, yes"
    if said.starts_with(words, said.UNCLEAR):
        return "unclear"
    if said.starts_with(words, said.NO):
        return "no"
    if not said.starts_with(words, said.YES):
        return "none"
    rest = said.masked(words, said.NO_CONDITION)
    is_reserved = said.has(rest, said.HEDGES) or said.has(rest, said.CONDITIONS) or "but" in rest
    if is_reserved or is_taken_back(sentences, number):
        return "unclear"
    return "no" if said.has(rest, said.NEGATIONS) and "," not in rest else "yes"


def is_taken_back(sentences: Sequence[Sentence], place: int) -> bool:
    """Say whether the next words of the same side revoke a sentence or put a condition to it."""
    spoken = sentences[place]
    for following in sentences[place + 1 : place + 1 + _NEXT]:
        if following.side != spoken.side or following.kind != spoken.kind:
            continue
        words = said.masked(following.words, said.NO_NEGATION, said.NO_CONDITION)
        if said.has(words, said.TAKEN_BACK) or words[:1] in (["if"], ["unless"], ["assuming"], ["provided"]):
            return True
        if _revokes(words):
            return True
    return False


def _revokes(words: Sequence[str]) -> bool:
    """Say whether a short sentence denies or hedges what an `it` in it stands for, or is nothing but a hedge."""
    told = [word for word in words if word and word[0].isalnum()]
    if not 0 < len(told) <= _SHORT:
        return False
    points = bool(_POINTING & set(told[:3])) or len(told) <= 3  # noqa: PLR2004 - "Or maybe not."
    return points and (said.has(words, said.NEGATIONS) or said.has(words, said.HEDGES))
