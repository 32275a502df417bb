"""Which domains a hasty reader takes for one another (IDN-5): the pairs between two sets, without comparing them all.

A label is what stands before the public suffix: `acme` in acme.co.uk. Only labels are compared, so another ending never
makes a difference. What a label looks like is the business of `domain_skeleton`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from wb_pipeline.normalize.domain_skeleton import folded, label_as_seen, skeleton
from wb_pipeline.normalize.edits import deletions, slip_between

Likeness = Literal["homoglyph", "hyphen", "other_ending", "added_word", "typo"]
_CLOSEST_FIRST: tuple[Likeness, ...] = ("homoglyph", "hyphen", "other_ending", "added_word", "typo")

# A word beside a name that still says the same firm: its form, its site, its teams. Trades (tech, capital, labs) are
# not here: Acme Tech may well be another firm than Acme (IDN-6). With a hyphen between, any word does.
_BEFORE = tuple(
    "app get go hello join login mail meet my secure team the try use".split()  # noqa: SIM905 - words read better so
)
_AFTER = tuple(
    """
    app billing careers company corp corporation email global gmbh group help holding holdings hq inc international intl
    invoice invoices jobs limited llc login ltd mail official online payments portal secure service site support team
    usa web worldwide
    """.split()  # noqa: SIM905 - words read better so
)
_LEAST_NAME_BESIDE_A_WORD = 4
# A shorter name with one letter changed is another word, and most short words are some firm's name.
_LEAST_MISTYPED = 5
# Nobody mistypes the first letter of a short word without seeing it: fable, table and cable are three firms.
_LEAST_MISTYPED_AT_FIRST = 8
# Of the known domains with one skeleton (acme under many endings), so many are held against a stranger.
_MOST_PER_SKELETON = 20
_CACHED_DOMAINS = 262_144


@dataclass(frozen=True, slots=True)
class Lookalike:
    """The domain that another one looks like, and how."""

    domain: str
    likeness: Likeness


def likeness_of(domain: str, other: str) -> Likeness | None:
    """Return how two registrable domains look alike; None where they do not, or are the same."""
    looks, other_looks = skeleton(domain), skeleton(other)
    if domain == other or not looks or not other_looks:
        return None
    if looks == other_looks:
        return _likeness_of_equals(domain, other)
    if looks in _names_beside_words(other) or other_looks in _names_beside_words(domain):
        return "added_word"
    return "typo" if _is_mistyped(domain, other) else None


def find_lookalikes(strangers: Iterable[str], known: Iterable[str]) -> dict[str, Lookalike]:
    """Return for each strange registrable domain that looks like a known one, which and how: the closest first.

    A stranger that is itself known is none. Time grows with the two sets, not with their product.
    """
    protected = set(known)
    found = {}
    for stranger, others in _candidates(set(strangers) - protected, protected).items():
        alike = [(likeness, other) for other in others if (likeness := likeness_of(stranger, other))]
        if alike:
            likeness, other = min(alike, key=lambda pair: (_CLOSEST_FIRST.index(pair[0]), pair[1]))
            found[stranger] = Lookalike(other, likeness)
    return found


def _candidates(strangers: set[str], known: set[str]) -> dict[str, set[str]]:
    """Return the known domains that share a key with each stranger. Memory grows with the strangers' keys only."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for stranger in strangers:
        for key in _asked(stranger):
            wanted[key].add(stranger)
    hits: dict[str, set[str]] = defaultdict(set)
    for domains in _by_skeleton(known).values() if wanted else ():
        for key in wanted.keys() & {key for domain in domains for key in _answered(domain)}:
            for stranger in wanted[key]:
                hits[stranger].update(domains)
    return hits


def _by_skeleton(known: set[str]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = defaultdict(list)
    for domain in sorted(known):
        group = groups[skeleton(domain)]
        if len(group) < _MOST_PER_SKELETON:
            group.append(domain)
    groups.pop("", None)
    return groups


def _asked(stranger: str) -> set[str]:
    """Return the keys under which the look-alikes of a stranger are found: = and a whole label, + and part of one."""
    looks = skeleton(stranger)
    names = {f"={name}" for name in _names_beside_words(stranger)}
    return {f"={looks}", f"+{looks}", *names, *_slips(looks)} if looks else set()


def _answered(known: str) -> set[str]:
    """Return the keys under which a known domain is found."""
    looks = skeleton(known)
    return {f"={looks}", *(f"+{name}" for name in _names_beside_words(known)), *_slips(looks)}


def _slips(looks: str) -> Iterable[str]:
    return deletions(looks) if len(looks) >= _LEAST_MISTYPED else ()


def _likeness_of_equals(domain: str, other: str) -> Likeness:
    label, other_label = (name.partition(".")[0] for name in (domain, other))
    if label == other_label:
        return "other_ending"
    return "hyphen" if label.replace("-", "") == other_label.replace("-", "") else "homoglyph"


@lru_cache(maxsize=_CACHED_DOMAINS)
def _names_beside_words(domain: str) -> frozenset[str]:
    """Return what a label may be a cousin of, as skeletons: `acme` for get-acme, acmehq, acme-east."""
    label = label_as_seen(domain)
    letters = label.replace("-", "")
    names = set()
    if letters.startswith(_BEFORE):
        names |= {letters.removeprefix(word) for word in _BEFORE}
    if letters.endswith(_AFTER):
        names |= {letters.removesuffix(word) for word in _AFTER}
    if letters != label:
        parts = label.split("-")
        names |= {"".join(parts[:count]) for count in range(1, len(parts))}
    return frozenset(folded(name) for name in names - {letters} if len(name) >= _LEAST_NAME_BESIDE_A_WORD)


def _is_mistyped(domain: str, other: str) -> bool:
    """Say whether labels are one slip apart. Another digit is no slip: fund2 and fund3 are two things."""
    looks, other_looks = skeleton(domain), skeleton(other)
    shorter = min(len(looks), len(other_looks))
    if shorter < _LEAST_MISTYPED or _digits(domain) != _digits(other):
        return False
    place = slip_between(looks, other_looks)
    return place is not None and (place > 0 or shorter >= _LEAST_MISTYPED_AT_FIRST)


def _digits(domain: str) -> str:
    return "".join(filter(str.isdecimal, label_as_seen(domain)))
