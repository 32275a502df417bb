"""The parts of a person's name from the fields `first` and `last`, however they were filled. No nicknames here."""

from __future__ import annotations

import re
from typing import NamedTuple

from wb_pipeline.normalize.given_names import is_given_name
from wb_pipeline.normalize.letters import MAX_TOKENS, latin
from wb_pipeline.normalize.word_tables import by_spelling, word_set

PARTICLES = word_set("""
af al av bar ben bin bint d da dal dalla das de degli dei del dela della delle den der des di die do dos du e el
het i ibn la las le los lo op t te ten ter tot van vande vanden vander vom von y zu zum zur
""")
"""Words of a family name that come and go between spellings."""

_SUFFIXES = by_spelling("""
jr: jr, jnr, junior
sr: sr, snr, senior
ii: ii, 2nd
iii: iii, 3rd
iv: iv, 4th
""")
_DEGREES = word_set("""
acca bsc cfa cfp cipd cissp cpa dba dds dphil dvm eng esq frcs jd llb llm mba md meng mpa mph mphil msc msw obe
phd pharmd pmp psyd rn ret
""")
TITLES = word_set("""
capt col dame dhr dipl dott dottssa dr dra drs frau hon herr ing ir lic mag maj mevr mlle mme mr mrs ms miss mx
prof professor rev sgt shri sig sir sra srta
""")
# In `O'Brien`, `Mc Donald` and `St. John` the first word is no word of its own.
_JOINED = frozenset({"o", "mc", "mac", "st", "d", "fitz"})
_ASIDE = re.compile(r'\([^)]*\)|"[^"]*"')
_WORD = re.compile(r"[a-z0-9]+")


class PersonName(NamedTuple):
    """Parts of a name in lower-case ASCII; None and () where unknown.

    `given` is the first given name, `middle` the first letter of the second, `family` the family's words with
    particles, `core` those without, `suffix` one of jr, sr, ii, iii, iv.
    """

    given: str | None
    middle: str | None
    family: tuple[str, ...]
    core: tuple[str, ...]
    suffix: str | None


def parse_person(first: str | None, last: str | None) -> PersonName:
    """Return the parts of a name. Never raises.

    Read as they are meant: `Last, First` or a full name in one field, the family name in both fields, titles and
    degrees (dropped), a suffix anywhere at the end.
    """
    front, back = _swapped_at_comma(first or "", last or "")
    first_words, last_words = _words(front), _words(back)
    suffix = _drop_endings(last_words) or _drop_endings(first_words)
    _drop_titles(first_words, keep=0 if last_words else 1)
    _drop_titles(last_words, keep=1)
    _drop_repeats(first_words, last_words)
    if len(first_words) > 1 and not last_words:
        first_words, last_words = _split(first_words)
    elif len(last_words) > 1 and not first_words and is_given_name(last_words[0]):
        first_words, last_words = _split(last_words)
    return _parts(first_words, _joined(last_words), suffix)


def _swapped_at_comma(first: str, last: str) -> tuple[str, str]:
    """Return first and last with a single `Last, First` parted; commas before a suffix or degree part nothing."""
    if "," not in first and "," not in last:
        return first, last
    whole = last if not first.strip() else first
    head, comma, tail = whole.partition(",")
    tail_words = _words(tail)
    if not comma or all(word in _DEGREES or word in _SUFFIXES for word in tail_words):
        return first, last
    is_alone = not first.strip() or not last.strip()
    return (tail, head) if is_alone or _words(head) == _words(last) else (first, last)


def _words(text: str) -> list[str]:
    """Return the words of one field, without asides in brackets or quotes and without numbers."""
    plain = latin(text)
    if plain.isalpha():
        return [plain]
    if "(" in plain or '"' in plain:
        plain = _ASIDE.sub(" ", plain)
    found = _WORD.findall(plain.replace("'", "").replace("`", ""))[:MAX_TOKENS]
    return [word for word in found if not word.isdigit()]


def _drop_endings(found: list[str]) -> str | None:
    """Drop degrees and suffixes at the end, but never the only word; return the suffix."""
    suffix = None
    while len(found) > 1 and (found[-1] in _DEGREES or found[-1] in _SUFFIXES):
        suffix = _SUFFIXES.get(found.pop()) or suffix
    return suffix


def _drop_titles(found: list[str], *, keep: int) -> None:
    while len(found) > keep and found[0] in TITLES:
        del found[0]


def _drop_repeats(first: list[str], last: list[str]) -> None:
    """Drop a family name that also stands in `first`, and given names that also stand in `last`."""
    if last and len(first) > len(last) and first[-len(last) :] == last:
        del first[-len(last) :]
    while first and len(last) > len(first) and last[: len(first)] == first:
        del last[: len(first)]
    while first and len(last) > 1 and last[0] == first[0]:
        del last[0]


def _split(found: list[str]) -> tuple[list[str], list[str]]:
    """Part a full name: the family name is what follows the first particle, else the last word."""
    start = next((i for i in range(1, len(found) - 1) if found[i] in PARTICLES and len(found[i]) > 1), len(found) - 1)
    if start > 1 and start == len(found) - 1 and found[start - 1] in _JOINED:
        start -= 1
    return found[:start], found[start:]


def _joined(found: list[str]) -> list[str]:
    joined: list[str] = []
    for word in found:
        if joined and joined[-1] in _JOINED:
            joined[-1] += word
        else:
            joined.append(word)
    return joined


def _parts(first: list[str], last: list[str], suffix: str | None) -> PersonName:
    given = next((word for word in first if word not in PARTICLES), first[0] if first else None)
    more = first[first.index(given) + 1 :] if given else []
    middle = next((word[0] for word in more if word not in PARTICLES), None)
    core = tuple(word for word in last if word not in PARTICLES) or tuple(last)
    return PersonName(given, middle, tuple(last), core, suffix)
