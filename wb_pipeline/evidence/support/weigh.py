"""Weighs what sentences say of a value: how each mention is meant, who says it, and which one stands in the end."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from wb_pipeline.evidence.support.answers import answer, is_taken_back
from wb_pipeline.evidence.support.caution import second_look
from wb_pipeline.evidence.support.claim import Support
from wb_pipeline.evidence.support.stance import STRICT, stance

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from wb_pipeline.evidence.support.claim import Verdict
    from wb_pipeline.evidence.support.sentence import Reading, Sentence
    from wb_pipeline.evidence.support.stance import Stance, Tolerance

_MOST_SHOWN = 160
"""Characters of a sentence that a reason repeats."""
_LESS_EXACT = "it says so less exactly"
SILENT = Support("silent", "what is cited says nothing of this value")


class Mention(NamedTuple):
    """Tokens that name the value (`same`) or another one in its place. `loose`: less exactly; `gone`: it is over."""

    start: int
    end: int
    same: bool
    loose: bool = False
    gone: bool = False


def weigh(
    reading: Reading,
    find: Callable[[Sentence], list[Mention]],
    tolerance: Tolerance = STRICT,
    *,
    is_denial: bool = False,
) -> Support:
    """Return what the sentences say in the end: a denial, else the last word on the value, else what is in its place.

    `is_denial`: the value itself denies something, so that a denial says the same.
    """
    if is_denial:
        tolerance = tolerance._replace(kind="")  # the second look finds denials, which would say the same
    own: list[Support] = []
    denials: list[Support] = []
    rival: Support | None = None
    for place, sentence in _voices(reading):
        mentions = find(sentence)
        found = _of_sentence(reading, place, mentions, tolerance)
        if is_denial:
            found = ((is_same, _turned(support)) for is_same, support in found)
        is_cited = place in reading.cited or (sentence.is_question and place + 1 in reading.cited)
        for is_same, support in found:
            is_vaguer = support.reason.startswith(_LESS_EXACT) and own and own[-1].verdict == "supports"
            if is_same and not is_vaguer and (is_cited or support.verdict != "supports"):
                own.append(support)
                if support.verdict == "contradicts" and sentence.side == "prospect":
                    denials.append(support)
            elif not is_same and support.verdict == "contradicts" and (is_cited or own):
                rival = support
                if own and own[-1].verdict == "supports" and _corrects(sentence):
                    own.append(support)
    if own:
        # What the buyer denies in so many words stays denied, whatever is added to it. A "no" to a seller does not.
        return denials[0] if denials else own[-1]
    return rival or SILENT


def _turned(support: Support) -> Support:
    """Return the verdict for the opposite value."""
    turned: dict[Verdict, Verdict] = {"supports": "contradicts", "contradicts": "supports"}
    return support._replace(verdict=turned.get(support.verdict, support.verdict))


def _voices(reading: Reading) -> Iterator[tuple[int, Sentence]]:
    """Yield the sentences that can speak: quoted earlier text of an unknown author and machines cannot."""
    for place, sentence in enumerate(reading.sentences):
        if sentence.kind != "quoted" or sentence.side == "prospect":
            yield place, sentence


def _corrects(sentence: Sentence) -> bool:
    return bool({"no", "actually", "rather", "sorry", "correction", "meant", "now", "today"} & set(sentence.words[:4]))


def _of_sentence(
    reading: Reading, place: int, mentions: list[Mention], tolerance: Tolerance
) -> Iterator[tuple[bool, Support]]:
    sentence = reading.sentences[place]
    if any(mention.same and not mention.loose for mention in mentions):
        mentions = [mention for mention in mentions if not (mention.same and mention.loose)]
    # The second look is for what would support: another value in its place objects as it always did.
    unlooked = tolerance._replace(kind="")
    weighed = [
        (mention, meant(reading, place, mention.start, mention.end, tolerance if mention.same else unlooked))
        for mention in mentions
    ]
    has_same = any(mention.same for mention, _ in weighed)
    for mention, how in weighed:
        verdict = _verdict(mention, how, has_same=has_same)
        if verdict is not None:
            yield mention.same, Support(verdict, _reason(mention, how, sentence))


def _verdict(mention: Mention, how: str, *, has_same: bool) -> Verdict | None:
    if not mention.same:
        return "contradicts" if how in ("plain", "confirmed", "requested") and not has_same else None
    if how in ("plain", "confirmed", "requested"):
        return "contradicts" if mention.gone else "hedged" if mention.loose else "supports"
    if how == "denied":
        return "contradicts"
    return "hedged" if how in ("hedged", "asked", "past") else None


def meant(reading: Reading, place: int, start: int, end: int, tolerance: Tolerance) -> str:
    """Return the stance of some tokens, with who says it and what follows taken into account."""
    sentence = reading.sentences[place]
    how: Stance = stance(sentence, start, end, tolerance)
    if how == "requested" and not tolerance.wishes:
        how = "asked"
    if sentence.side != "prospect" and not (tolerance.sellers and sentence.side == "seller"):
        return _of_seller(reading, place, how)
    if how == "asked":
        replied = answer(reading.sentences, place)
        return {"yes": "confirmed", "no": "denied"}.get(replied, "asked")
    if how in ("plain", "requested"):
        if is_taken_back(reading.sentences, place):
            return "hedged"
        return second_look(sentence, start, end, tolerance.kind, own=tolerance.ignore) or how
    return how


def _of_seller(reading: Reading, place: int, how: str) -> str:
    """Return what a seller's words are worth: what the buyer answers to them."""
    if how in ("others", "past"):
        return "others"
    replied = answer(reading.sentences, place)
    if replied == "yes":
        return "denied" if how == "denied" else "confirmed"
    return {"no": "denied", "unclear": "hedged"}.get(replied, "others")


def _reason(mention: Mention, how: str, sentence: Sentence) -> str:
    shown = sentence.text if len(sentence.text) <= _MOST_SHOWN else sentence.text[:_MOST_SHOWN] + " ..."
    words = _WORDS[how] if mention.same or how != "plain" else "it names another value"
    if mention.gone:
        words = "it says that this is over"
    if mention.loose and how in ("plain", "confirmed"):
        words = _LESS_EXACT
    return f"{words}: {shown}"


_WORDS = {
    "plain": "it says so",
    "confirmed": "it is confirmed",
    "requested": "it is asked for",
    "denied": "it is denied",
    "hedged": "it is said with a reserve or a condition",
    "asked": "it is only asked",
    "past": "it was so once",
    "unsaid": "no plain statement of it",
    "others": "somebody else's words or intent",
}
