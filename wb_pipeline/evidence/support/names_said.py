"""Mentions of names: rivals, tools, people, firms, addresses and phone numbers. Titles and texts: elsewhere."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from wb_pipeline.evidence.support import phrases as said
from wb_pipeline.evidence.support.tokens import tokens, word_list
from wb_pipeline.evidence.support.weigh import Mention
from wb_pipeline.normalize.word_tables import word_set

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from wb_pipeline.evidence.support.claim import Claim
    from wb_pipeline.evidence.support.sentence import Sentence

_RIVALRY = said.phrases("""
up against, shortlist, short list, on the list, other one, alternative, alternatives, competing, competes with
compare, comparing, compared with, also talking to, talking to, in talks with, also looking, current provider
current vendor, currently use, we use, we run, finalists, other vendor, other option, runner up, the other
also evaluating, evaluating, in the running, your competitor, main competitor, quote from, offer from
proposal from, incumbent, bidding, other bid
""")
_MAILBOX = re.compile(r"[^\s<>@,;:()\[\]]{1,64}@[a-z0-9.-]{1,200}\.[a-z]{2,24}", re.IGNORECASE)
_LINK = re.compile(r"(?:https?://)?(?:[a-z0-9-]{1,63}\.){1,5}[a-z]{2,24}(?:/[^\s<>\"')]{0,300})?", re.IGNORECASE)
_PHONE = re.compile(r"\+?\(?\d[\d ()./-]{6,24}\d")
_SPOKEN_WORDS = ("zero", "oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_SPOKEN = dict(zip(_SPOKEN_WORDS, "00123456789", strict=True))
_WORD = re.compile(r"[a-z]+")
_SPOKEN_RUN = re.compile(rf"\b(?:{'|'.join(_SPOKEN)})(?:[ ,-]{{1,3}}(?:{'|'.join(_SPOKEN)})){{5,15}}\b", re.IGNORECASE)
_LEAST_DIGITS = 7
_COUNTRY_DIGITS = 3
_NATIONAL = 9
"""Digits at the end that two spellings of one number share, with and without the country's code."""
_NAME_LINE_WORDS = 5
"""Words of a line in a signature that may still be a person's name alone."""
_HONORIFICS = frozenset({"dr", "prof", "mr", "mrs", "ms", "sir", "."})
_SENTENCE_STARTERS = word_set("we i our you the it this that they yes no please hi hello dear thanks thank and but")


def runs(words: list[str], wanted: list[str]) -> list[tuple[int, int]]:
    """Return where the wanted words follow one another."""
    if not wanted:
        return []
    size = len(wanted)
    return [(i, i + size) for i in range(len(words) - size + 1) if words[i : i + size] == wanted]


def _written(value: Any) -> list[str]:
    """Return a name as the tokens of a sentence would have it, signs within it included."""
    return [token.word for token in tokens(str(value).strip())]


def find_names(names: Iterable[str]) -> Callable[[Sentence], list[Mention]]:
    """Return a finder of any of the names, word by word."""
    wanted = [_written(name) for name in names]

    def find(sentence: Sentence) -> list[Mention]:
        return [Mention(start, end, same=True) for each in wanted for start, end in runs(sentence.words, each)]

    return find


def find_rival(claim: Claim) -> Callable[[Sentence], list[Mention]]:
    """Return a finder of a competitor; another name in a sentence about competition stands in its place."""
    wanted = _written(claim.value)

    def find(sentence: Sentence) -> list[Mention]:
        same = [Mention(start, end, same=True) for start, end in runs(sentence.words, wanted)]
        if same or not said.has(sentence.words, _RIVALRY):
            return same
        return [Mention(i, i + 1, same=False) for i in _proper_names(sentence, claim)]

    return find


def _proper_names(sentence: Sentence, claim: Claim) -> list[int]:
    own = set(word_list(f"{claim.company_name or ''} {claim.person_name or ''}"))
    return [
        i
        for i, token in enumerate(sentence.tokens)
        if i and token.text[:1].isupper() and token.word not in own and token.word not in _SENTENCE_STARTERS
    ]


def find_tool(tag: str) -> Callable[[Sentence], list[Mention]]:
    """Return a finder of a tool by its tag: `google_ads` is `Google Ads`."""
    return find_names([re.sub(r"[_-]", " ", tag)])


def find_person(claim: Claim) -> Callable[[Sentence], list[Mention]]:
    """Return a finder of a person's name or a part of it; a signature with another name stands in its place."""
    wanted = [word for word in _written(claim.value) if word not in _HONORIFICS]

    def find(sentence: Sentence) -> list[Mention]:
        same = [Mention(start, end, same=True) for start, end in runs(sentence.words, wanted)]
        joined = _joined(sentence, same)
        if same and not joined:
            return same
        is_short = len(sentence.words) <= _NAME_LINE_WORDS
        is_name_line = sentence.kind == "signature" and is_short and sentence.text.istitle()
        return [Mention(0, len(sentence.words), same=False)] if is_name_line or joined else []

    return find


def _joined(sentence: Sentence, same: list[Mention]) -> bool:
    """Say whether every mention is a part of a double name: `Szabo` in `Szabo-Lindt`."""

    def is_part(mention: Mention) -> bool:
        words = sentence.words
        before = words[mention.start - 1] if mention.start else ""
        after = words[mention.end] if mention.end < len(words) else ""
        return "-" in (before, after) and "-" not in words[mention.start : mention.end]

    return bool(same) and all(is_part(mention) for mention in same)


def find_mailbox(claim: Claim) -> Callable[[Sentence], list[Mention]]:
    """Return a finder of an email address; another one stands in its place."""
    return _find_written(_MAILBOX, str(claim.value).strip().lower(), lambda text: text.lower().rstrip("."))


def find_link(claim: Claim) -> Callable[[Sentence], list[Mention]]:
    """Return a finder of a web address, without its scheme, `www.` and the slash at its end."""
    wanted = link_key(claim.value)
    host = wanted.partition("/")[0]

    def find(sentence: Sentence) -> list[Mention]:
        return [
            mention
            for found in _LINK.finditer(sentence.text)
            for key in [link_key(found.group().rstrip(".,"))]
            if key.partition("/")[0] == host
            for mention in _spans(sentence, same=key == wanted)
        ]

    return find


def link_key(value: Any) -> str:
    """Return a web address without scheme, `www.` and the slash at its end, in small letters."""
    text = str(value).strip().lower().split("?")[0].split("#")[0]
    return re.sub(r"^(?:https?://)?(?:www\.|[a-z]{2}\.(?=linkedin\.))?", "", text).rstrip("/")


def find_phone(claim: Claim) -> Callable[[Sentence], list[Mention]]:
    """Return a finder of a phone number; another one stands in its place."""
    wanted = _digits(str(claim.value))

    def find(sentence: Sentence) -> list[Mention]:
        text = _spoken_as_digits(sentence.text[:1_000])
        found = [_digits(each.group()) for each in _PHONE.finditer(text)]
        return list(_spans(sentence, same=any(_same_number(each, wanted) for each in found))) if found else []

    return find


def _digits(text: str) -> str:
    """Return the digits of a number without what only some write: `(0)` after the country, zeros before the area."""
    return re.sub(r"\D", "", text.replace("(0)", "").split(";")[0]).lstrip("0")


def _same_number(one: str, other: str) -> bool:
    """Say whether two numbers are one, with and without the country's code."""
    short, long = sorted((one, other), key=len)
    return len(short) >= _LEAST_DIGITS and len(long) - len(short) <= _COUNTRY_DIGITS and long.endswith(short)


def _spoken_as_digits(text: str) -> str:
    """Return a text with runs of spoken digits as digits: "five five five, oh one oh"."""
    return _SPOKEN_RUN.sub(lambda run: "".join(_SPOKEN[word] for word in _WORD.findall(run.group().lower())), text)


def phone_key(value: Any) -> str:
    """Return the digits that tell a number, however its country is written."""
    return re.sub(r"\D", "", str(value).split(";")[0])[-_NATIONAL:]


def _find_written(
    pattern: re.Pattern[str], wanted: str, key: Callable[[str], str]
) -> Callable[[Sentence], list[Mention]]:
    def find(sentence: Sentence) -> list[Mention]:
        found = [key(each.group()) for each in pattern.finditer(sentence.text[:1_000])]
        is_same = wanted in found
        return list(_spans(sentence, same=is_same)) if found else []

    return find


def _spans(sentence: Sentence, *, same: bool) -> list[Mention]:
    """Return one mention over the signs and numbers of a sentence: its words keep their meaning."""
    places = [i for i, token in enumerate(sentence.tokens) if not token.word.isalpha() or len(token.word) == 1]
    start = places[0] if places else 0
    return [Mention(start, start + 1, same=same)]
