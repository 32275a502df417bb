"""What a buyer signals: interested, asks for a price, not now, away, unsubscribes ... Stages of each: policy."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from wb_pipeline.evidence.support import phrases as said
from wb_pipeline.evidence.support.claim import Support
from wb_pipeline.evidence.support.stance import Tolerance, stance
from wb_pipeline.evidence.support.weigh import meant
from wb_pipeline.evidence.support.wordings import texts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wb_pipeline.evidence.support.claim import Claim
    from wb_pipeline.evidence.support.sentence import Reading, Sentence

_PHRASES = {head: said.phrases(text) for head, text in texts("intents").items()}


def _of_kind(kind: str) -> dict[str, said.Phrases]:
    return {head.partition(" ")[2]: found for head, found in _PHRASES.items() if head.startswith(f"{kind} ")}


# Those that say no come first: they outweigh whatever else is said.
_REFUSALS = _of_kind("refusal")
_AWAY = _PHRASES["away out_of_office"]
_SIGNS = _of_kind("sign")
_OWN_ACTS = _of_kind("own")
_BARGAINS = _PHRASES["bargain bargain"]
# "Not interested in the add-on": of the whole, nothing is said.
_OF_A_PART = re.compile(
    r"\binterested in (?!(?:your|this|it|that|any|buying|purchasing|continuing|proceeding|moving|going|what|pursuing|"
    r"the (?:offer|product|project|purchase|deal|solution|service|proposal|tool|platform))\b)",
    re.IGNORECASE,
)
EXPLICIT = (*_REFUSALS, "out_of_office", *_SIGNS)
"""Every intent that can be read from words, the strongest first."""
_ASKED = frozenset({"pricing_question", "demo_wanted"})
"""Signs that are questions: to ask for the price is what they stand for."""
_QUESTION_WORDS = frozenset({"what", "how", "which", "when"})
_BEFORE = 4
"""Words before a refusal within which a `not` turns it round."""
_TOLERANCE = Tolerance(wishes=True)
_OF_A_SIGN = Tolerance(wishes=True, kind="stage")


class Intent(NamedTuple):
    """What is signalled, how (`plain`, `hedged`, `denied`, `others`), and the sentence."""

    name: str
    how: str
    text: str


def intents(reading: Reading) -> list[Intent]:
    """Return what the buyer's side signals, in the order of the sentences; refusals before what they stand beside."""
    return [each for place in range(len(reading.sentences)) for each in _of(reading, place)]


def _of(reading: Reading, place: int) -> Iterator[Intent]:
    sentence = reading.sentences[place]
    if sentence.kind not in ("body", "turn") or sentence.side == "system":
        return
    refused = False
    for name, wanted in {**_REFUSALS, "out_of_office": _AWAY}.items():
        for start, end in said.places(sentence.words, wanted):
            how = _refusal(reading, place, start, end)
            if how is not None:
                refused = True
                yield Intent(name, how, sentence.text)
    if refused or (place not in reading.cited):
        return
    if sentence.side == "seller" and sentence.kind == "body" and stance(sentence, 0, 0, _TOLERANCE) == "plain":
        acts = (name for name, wanted in _OWN_ACTS.items() if said.has(sentence.words, wanted))
        yield from (Intent(name, "plain", sentence.text) for name in acts)
    for name, wanted in _SIGNS.items():
        for start, end in said.places(sentence.words, wanted):
            if _of_another(sentence, name, start, end):
                yield Intent(name, "others", sentence.text)
            else:
                yield Intent(name, _how(reading, place, name, (start, end)), sentence.text)


def _how(reading: Reading, place: int, name: str, span: tuple[int, int]) -> str:
    """Return how a sign is meant. Some are questions, and to bargain is to name a condition."""
    how = meant(reading, place, *span, _OF_A_SIGN)
    sentence = reading.sentences[place]
    is_asked = name in _ASKED and how == "asked" and _is_open_question(sentence)
    is_bargain = name == "negotiating" and how == "hedged" and said.has(sentence.words, _BARGAINS)
    return "plain" if how in ("plain", "confirmed", "requested") or is_asked or is_bargain else how


def _is_open_question(sentence: Sentence) -> bool:
    """Say whether a question wants to know something: "what does it cost", not "did I ask for a price"."""
    return bool(_QUESTION_WORDS & set(sentence.words)) and not said.has(sentence.words, said.HEDGES)


def _of_another(sentence: Sentence, name: str, start: int, end: int) -> bool:
    """Say whether it is another firm with which they signed: "we signed with Regressa"."""
    words = [token.text for token in sentence.tokens[start : end + 3]]
    if name not in ("signed", "agreed") or "with" not in words:
        return False
    whom = words[words.index("with") + 1 :][:1]
    return bool(whom) and whom[0][:1].isupper()


def _refusal(reading: Reading, place: int, start: int, end: int) -> str | None:
    """Return how a refusal is meant: `plain`, or None where it is denied itself or not the buyer's."""
    how = meant(reading, place, start, end, _TOLERANCE)
    if reading.sentences[place].side != "prospect":
        return "plain" if how == "confirmed" else None
    if how == "denied" and not said.has(
        reading.sentences[place].words[max(0, start - _BEFORE) : start], said.CORE_NEGATIONS
    ):
        # "It is shelved and we will not go on": the other no denies something else.
        return "plain"
    return None if how in ("denied", "others", "past") else "hedged" if how in ("hedged", "asked") else "plain"


def judge_stage(claim: Claim, reading: Reading, *, is_automatic: bool) -> tuple[Support, str | None]:
    """Return whether the words support a stage, and the intent that decides; None where nothing is explicit."""
    if is_automatic:
        return Support("silent", "an automatic reply says nothing of what the buyer wants"), "out_of_office"
    found = intents(reading)
    stage = str(claim.value).strip().lower()
    plain = [each for each in found if each.how == "plain"]
    for each in plain:
        if each.name in _REFUSALS:
            return _refused(claim, stage, each), each.name
    away = next((each for each in plain if each.name == "out_of_office"), None)
    if away:
        return Support("silent", f"the buyer is away: {_shown(away)}"), away.name
    return _signalled(claim, stage, found, plain)


def _refused(claim: Claim, stage: str, each: Intent) -> Support:
    if stage in claim.stages.get(each.name, ()):
        if _OF_A_PART.search(each.text):
            return Support("hedged", f"it may be only a part that is refused: {_shown(each)}")
        return Support("supports", f"{_spoken(each.name)}: {_shown(each)}")
    return Support("contradicts", f"{_spoken(each.name)}: {_shown(each)}")


def _signalled(claim: Claim, stage: str, found: list[Intent], plain: list[Intent]) -> tuple[Support, str | None]:
    denied = next((each for each in found if each.how == "denied"), None)
    fitting = next((each for each in plain if stage in claim.stages.get(each.name, ())), None)
    if fitting and not denied:
        return Support("supports", f"{_spoken(fitting.name)}: {_shown(fitting)}"), fitting.name
    if denied:
        return Support("contradicts", f"it is denied: {_shown(denied)}"), None
    hedged = next((each for each in found if each.how in ("hedged", "asked", "past")), None)
    if plain and stage in claim.stages.get("declined", ()):
        return Support("contradicts", f"{_spoken(plain[0].name)}: {_shown(plain[0])}"), plain[0].name
    if hedged:
        return Support("hedged", f"it is said with a reserve or a condition: {_shown(hedged)}"), None
    if plain:
        return Support("silent", f"{_spoken(plain[0].name)}, which does not stand for this stage"), plain[0].name
    return Support("silent", "nobody says what the buyer wants"), None


def judge_opt_out(claim: Claim, reading: Reading) -> Support:
    """Return whether the words ask for no more messages, as `true` says, or for none to be held back."""
    wants_out = claim.value is True or str(claim.value).strip().lower() == "true"
    found = [each for each in intents(reading) if each.name == "unsubscribe"]
    if any(each.how == "plain" for each in found):
        return Support("supports" if wants_out else "contradicts", f"it asks to be left alone: {_shown(found[0])}")
    if found:
        return Support("hedged", f"it is said with a reserve or a condition: {_shown(found[0])}")
    return Support("silent", "nobody says whether messages are wanted")


def _spoken(name: str) -> str:
    return f"the buyer's intent is `{name}`"


def _shown(each: Intent) -> str:
    return each.text[:160]
