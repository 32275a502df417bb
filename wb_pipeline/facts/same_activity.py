"""Which reports tell of one call, meeting, email or note (LOG-1). Pure; reads and writes no table."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

SAME_WITHIN = timedelta(minutes=10)
"""Clocks of two tools, and a call that is noted at its end by one of them, differ by minutes."""
LEAST_LIKENESS = 0.9
"""Share of the words that two texts have in common, to be one text with a slip or two."""
TEXT_CHARACTERS = 20_000
NEIGHBOURS = 50
"""So many later reports of one person are compared with each: a burst costs no more than that."""
_WORD = re.compile(r"\w+")
# Tools call one conversation a call or a meeting.
_FAMILIES = {"call": "talk", "meeting": "talk"}


@dataclass(frozen=True)
class Report:
    """One report of an activity. `ids` are in comparison form: (kind of id, id); `people` likewise (object, id)."""

    kind: str
    ids: frozenset[tuple[str, str]]
    people: frozenset[tuple[str, str]]
    at: datetime | None
    text: str

    @property
    def family(self) -> str:
        """Return the kind in which tools do not differ: a call may be reported as a meeting."""
        return _FAMILIES.get(self.kind, self.kind)

    @cached_property
    def words(self) -> Counter[str]:
        """Return how often each word of the text stands in it."""
        return Counter(self.text.split())

    @property
    def content_key(self) -> str:
        """Return a key of all that it says: equal reports have one key, on any day and in any order."""
        parts = [self.family, *map(str, sorted(self.ids)), *map(str, sorted(self.people)), str(self.at), self.text]
        return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def plain_words(text: str) -> str:
    """Return the words of a text in comparison form."""
    return " ".join(_WORD.findall(unicodedata.normalize("NFKC", text[:TEXT_CHARACTERS]).casefold()))


def same_activities(reports: Sequence[Report]) -> list[int]:
    """Return for each report the number of its activity: the first report (by content, not by place) that tells of it.

    Equal ids make one activity of emails, and of calls and meetings: a note about a meeting is not that meeting.
    Without a common id it takes the same person, about the same time and nearly the same words, and no ids that speak
    against it.
    """
    order = sorted(range(len(reports)), key=lambda place: reports[place].content_key)
    groups = _Groups(reports, order)
    by_id: dict[tuple[str, tuple[str, str]], int] = {}
    for place in order:
        for one in _telling_ids(reports[place]):
            groups.join(by_id.setdefault((reports[place].family, one), place), place)
    for left, right in _alike(reports, order):
        if groups.may_be_one(left, right):
            groups.join(left, right)
    return [groups.first(place) for place in range(len(reports))]


def _telling_ids(report: Report) -> frozenset[tuple[str, str]]:
    """Return the ids that say which activity it is: a note or task only mentions them."""
    if report.family == "talk":
        return report.ids
    return frozenset(one for one in report.ids if one[0] == "message") if report.kind == "email" else frozenset()


@dataclass
class _Groups:
    """Reports that were found to be one activity. The first by content stands for all."""

    reports: Sequence[Report]
    order: Sequence[int]
    _head: list[int] = field(init=False)
    _rank: list[int] = field(init=False)
    _ids: list[frozenset[tuple[str, str]]] = field(init=False)

    def __post_init__(self) -> None:
        self._head = list(range(len(self.reports)))
        self._rank = [0] * len(self.reports)
        for rank, place in enumerate(self.order):
            self._rank[place] = rank
        self._ids = [_telling_ids(report) for report in self.reports]

    def first(self, place: int) -> int:
        while self._head[place] != place:
            self._head[place] = self._head[self._head[place]]
            place = self._head[place]
        return place

    def join(self, left: int, right: int) -> None:
        first, second = sorted((self.first(left), self.first(right)), key=lambda place: self._rank[place])
        if first != second:
            self._head[second] = first
            self._ids[first] |= self._ids[second]

    def may_be_one(self, left: int, right: int) -> bool:
        """Say whether no ids speak against it: two events, or two messages, are two activities."""
        mine, theirs = (_by_kind(self._ids[self.first(place)]) for place in (left, right))
        return all(mine[kind] & theirs[kind] for kind in mine.keys() & theirs.keys())


def _by_kind(ids: frozenset[tuple[str, str]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for kind, one in ids:
        found[kind].add(one)
    return found


def _alike(reports: Sequence[Report], order: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield the pairs that share a person, a time and nearly their words, those that are nearest in time first."""
    crowds: dict[tuple[str, tuple[str, str], bool], list[int]] = defaultdict(list)
    for place in order:
        report = reports[place]
        for person in report.people:
            crowds[report.family, person, report.at is None].append(place)
    for key in sorted(crowds):
        members = sorted(crowds[key], key=lambda place: (str(reports[place].at), reports[place].text))
        for index, left in enumerate(members):
            for right in islice(members, index + 1, index + 1 + NEIGHBOURS):
                if _are_apart(reports[left], reports[right]):
                    break
                if _say_the_same(reports[left], reports[right]):
                    yield left, right


def _are_apart(left: Report, right: Report) -> bool:
    return left.at is not None and right.at is not None and right.at - left.at > SAME_WITHIN


def _say_the_same(left: Report, right: Report) -> bool:
    if not (left.text and right.text):
        # Nobody is in two conversations at once; two wordless emails of one minute are one.
        return left.at is not None and (left.family == "talk" or left.text == right.text)
    if left.text == right.text:
        return True
    return _share_their_words(left.words, right.words)


def _share_their_words(mine: Counter[str], theirs: Counter[str]) -> bool:
    fewer, more = sorted((mine.total(), theirs.total()))
    if fewer < LEAST_LIKENESS * more:
        return False
    # With more words than these in one of them only they are two texts, and the rest need not be read.
    most_apart = fewer + more - 2 * LEAST_LIKENESS / (1 + LEAST_LIKENESS) * (fewer + more)
    in_common, read = 0, 0
    for word, count in mine.items():
        in_common += min(count, theirs.get(word, 0))
        read += count
        if read - in_common > most_apart:
            return False
    return in_common >= LEAST_LIKENESS * (fewer + more - in_common)
