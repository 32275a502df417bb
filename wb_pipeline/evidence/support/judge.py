"""The judge: whether an item of evidence, or the passage cited of it, supports a value (EVD-7). Rights: policy."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from wb_pipeline.evidence.passages import passages as passages_of
from wb_pipeline.evidence.support.claim import Support
from wb_pipeline.evidence.support.days_said import find_day
from wb_pipeline.evidence.support.industries_said import find_industry
from wb_pipeline.evidence.support.intents import judge_opt_out, judge_stage
from wb_pipeline.evidence.support.names_said import (
    find_link,
    find_mailbox,
    find_names,
    find_person,
    find_phone,
    find_rival,
    find_tool,
)
from wb_pipeline.evidence.support.notes_said import judge_note
from wb_pipeline.evidence.support.numbers_said import find_currency, find_in_range, find_number, range_of
from wb_pipeline.evidence.support.papers import STATED_TYPES, judge_state
from wb_pipeline.evidence.support.personas_said import find_persona
from wb_pipeline.evidence.support.records import judge_record
from wb_pipeline.evidence.support.sentence import paired, read
from wb_pipeline.evidence.support.stance import Tolerance
from wb_pipeline.evidence.support.titles_said import find_title
from wb_pipeline.evidence.support.tokens import word_list
from wb_pipeline.evidence.support.weigh import weigh
from wb_pipeline.evidence.support.words_said import find_text, wanted_of
from wb_pipeline.normalize.dates import normalize_date
from wb_pipeline.normalize.fields import is_empty

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from wb_pipeline.evidence.passage import Passage
    from wb_pipeline.evidence.support.caution import Kind
    from wb_pipeline.evidence.support.claim import Claim
    from wb_pipeline.evidence.support.sentence import Reading, Sentence
    from wb_pipeline.evidence.support.weigh import Mention
    from wb_pipeline.evidence.support.words_said import Wanted

_SPOKEN = frozenset({"email", "call_recording"})
_STAGES = frozenset({"stage", "forecast_category"})
_OPT_OUTS = frozenset({"email_opt_out", "do_not_contact"})
_KINDS: dict[str, Kind] = {"title": "title", "primary_competitor": "rival", "champion": "champion"}
_SPELT = frozenset({None, "text", "picklist"})
_NOT_QUOTED = Support("silent", "the quoted words are not in what is cited")
_TOO_LONG = "what is cited is too long to be read whole: quote the passage"


class Item:
    """An item of evidence: its type and what it says. Read once, judged as often as it is cited."""

    def __init__(self, evidence_type: str, payload: Mapping[str, Any]) -> None:
        self.type = evidence_type
        self.payload = payload

    @cached_property
    def passages(self) -> list[Passage]:
        """The item's words, by voice."""
        return passages_of(self.type, dict(self.payload))

    @cached_property
    def reading(self) -> Reading | None:
        """The item's sentences, where no passage is quoted."""
        return read(self.passages, None)

    @property
    def is_automatic(self) -> bool:
        """Whether a machine wrote it: an out-of-office reply."""
        return str(self.payload.get("auto_submitted") or "no").strip().lower() not in ("no", "false")


class Judgement(NamedTuple):
    """A verdict, and the buyer's intent that was read for a stage (see `intents`); None where there is none."""

    support: Support
    intent: str | None = None


def judge_item(claim: Claim, item: Item, quote: str | None = None) -> Judgement:
    """Return what an item of evidence, of which a passage may be quoted, says of a claim. Deterministic; no clock."""
    if is_formatting(claim):
        return Judgement(Support("supports", "only its spelling changes"))
    if claim.field in _STAGES and item.type in STATED_TYPES and not (item.type in _SPOKEN and quote):
        return _of_state(claim, item)
    structured = judge_record(claim, item.type, item.payload)
    return Judgement(structured) if structured is not None else _of_words(claim, item, quote)


def is_formatting(claim: Claim) -> bool:
    """Say whether the value is the standing one in another spelling, which is its own evidence (FLD-8)."""
    if claim.format not in _SPELT or not isinstance(claim.value, str) or not isinstance(claim.old_value, str):
        return False
    return bool(word_list(claim.value)) and word_list(claim.value) == word_list(claim.old_value)


def judge(claim: Claim, passages: Sequence[Passage], quote: str | None = None) -> Support:
    """Return what passages say of a claim: `supports`, `hedged`, `silent` or `contradicts`, with the reason."""
    return _judge_words(claim, read(passages, quote), is_automatic=False).support


def _of_state(claim: Claim, item: Item) -> Judgement:
    """Judge by the item's state; what was said in a call goes before that it was held."""
    stated = Judgement(*judge_state(claim, item.type, item.payload))
    if item.type not in _SPOKEN or stated.support.verdict == "contradicts":
        return stated
    words = _of_words(claim, item, None)
    is_open = words.support.verdict == "silent" and words.intent is None
    has_buyer = not item.passages or any(turn.side == "prospect" for turn in item.passages)
    return stated if is_open and has_buyer else words


def _of_words(claim: Claim, item: Item, quote: str | None) -> Judgement:
    reading = item.reading if not quote else read(item.passages, quote)
    return _judge_words(claim, reading, is_automatic=item.is_automatic)


def _judge_words(claim: Claim, reading: Reading | None, *, is_automatic: bool) -> Judgement:
    if reading is None:
        return Judgement(_NOT_QUOTED)
    if claim.field in _STAGES:
        made = Judgement(*judge_stage(claim, reading, is_automatic=is_automatic))
    else:
        made = Judgement(_judge_value(claim, reading))
    if reading.is_cut and made.support.verdict == "supports":
        return Judgement(Support("silent", _TOO_LONG))
    return made


def _judge_value(claim: Claim, reading: Reading) -> Support:
    if is_empty(claim.value):
        return Support("silent", "an empty value has nothing to be supported")
    if claim.field in _OPT_OUTS:
        return judge_opt_out(claim, reading)
    if claim.format == "note" or claim.field == "body":
        return judge_note(claim, reading)
    if isinstance(claim.value, list):
        return _every(claim, reading)
    find, tolerance = _finder(claim, reading)
    if find is None:
        return _as_text(claim, reading)
    return weigh(reading, find, tolerance)


def _every(claim: Claim, reading: Reading) -> Support:
    """Judge a list by its items: the least supported one decides."""
    found = [weigh(reading, find_tool(str(each)), Tolerance(facts=True, kind="tool")) for each in claim.value]
    for verdict in ("contradicts", "silent", "hedged"):
        worst = next((each for each in found if each.verdict == verdict), None)
        if worst is not None:
            return worst
    return found[0]


def _as_text(claim: Claim, reading: Reading) -> Support:
    """Judge a text by its words; a picklist's value also by the vendors' words for it."""
    known = frozenset(word_list(claim.company_name or ""))
    if claim.field == "next_step":
        known |= frozenset(word_list(claim.person_name or ""))
    texts = [str(claim.value), *(word for word, value in claim.synonyms.items() if value == claim.value)]
    found = []
    for text in texts:
        wanted = wanted_of(text, known_names=known, has_actor=claim.field == "next_step")
        tolerance = Tolerance(
            wishes=True, ignore=wanted.ignored, keeps_span=True, sellers=False, kind=_kind_of_text(claim)
        )
        if wanted.soft or wanted.numbers or wanted.names or wanted.days:
            found.append(_of_text(reading, wanted, tolerance))
    extra = {"persona": find_persona, "industry": find_industry}.get(claim.field)
    if extra is not None:
        found.append(weigh(reading, extra(claim), Tolerance(kind="name")))
    told = [each for each in found if each.verdict != "silent"]
    return told[0] if told else Support("silent", "what is cited does not say this")


def _of_text(reading: Reading, wanted: Wanted, tolerance: Tolerance) -> Support:
    """Weigh sentences one by one; where none says it, each with the one before it to which it points back."""
    found = weigh(reading, find_text(wanted), tolerance, is_denial=wanted.is_denial)
    if found.verdict != "silent":
        return found
    return weigh(paired(reading), find_text(wanted), tolerance, is_denial=wanted.is_denial)


def _finder(claim: Claim, reading: Reading) -> tuple[Callable[[Sentence], list[Mention]] | None, Tolerance]:
    """Return what finds a field's value in a sentence, and what is no reserve for it; None = it is read as text."""
    if claim.field == "employee_range" and range_of(claim.value):
        return find_in_range(claim), Tolerance(estimates=True, facts=True, kind="headcount")
    if claim.format == "date" and normalize_date(str(claim.value)):
        return find_day(claim, is_quoted=reading.is_quoted), Tolerance(days=True, kind="day")
    makers: dict[str, Callable[[Claim], Callable[[Sentence], list[Mention]]]] = {
        "title": find_title,  # what is planned of a title is told by its words: "I take over as"
        "primary_competitor": find_rival,
        "currency": find_currency,
        "first_name": find_person,
        "last_name": find_person,
        "champion": find_person,
        "name": lambda given: find_names([str(given.value)]),
    }
    if claim.field in makers and not (claim.field == "name" and claim.object != "company"):
        return makers[claim.field](claim), Tolerance(kind=_KINDS.get(claim.field, "name"))
    formats: dict[str, Callable[[Claim], Callable[[Sentence], list[Mention]]]] = {
        "phone": find_phone,
        "email": find_mailbox,
        "url": find_link,
        "domain": find_link,
        "number": find_number,
    }
    made = formats.get(claim.format or "")
    if made is None and isinstance(claim.value, int | float) and not isinstance(claim.value, bool):
        made = find_number
    kind: Kind = ("amount" if claim.field == "amount" else "number") if made is find_number else "contact"
    return (made(claim) if made else None), Tolerance(prices=made is find_number, kind=kind)


def _kind_of_text(claim: Claim) -> Kind:
    """Return the kind of a text: what is to be done may be asked for, what is so may not."""
    return "text" if claim.field == "next_step" else "name"
