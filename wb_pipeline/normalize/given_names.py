"""Which names a given name may stand for: nicknames and short forms of several languages. Reads no records."""

from __future__ import annotations

from functools import cache

from nicknames import NickNamer

from wb_pipeline.normalize.letters import MAX_TOKENS
from wb_pipeline.normalize.word_tables import read_words, spellings_of

_SHORT_FORMS = spellings_of(read_words("short_forms.txt"))
# Given names that neither the short forms nor the library name.
_MORE_NAMES = frozenset(read_words("given_names.txt").split())


def roots_of(given: str) -> list[str]:
    """Return all names that `given` (lower-case ASCII) may stand for, itself among them, sorted; at most twelve."""
    own, library = _short_forms().get(given, frozenset()), _library_roots(given)
    likely = sorted({given} | own)
    return sorted((likely + sorted(library - set(likely)))[:MAX_TOKENS])


def root_of(given: str) -> str:
    """Return the one name that `given` stands for, or `given` itself where there is none or more than one.

    Our own list counts before the library's, which knows rare readings too: `bill` is `william` here.
    """
    trail = [given]
    while (root := _only_root(trail[-1])) is not None:
        if root in trail:
            # Two names that the library calls short for one another.
            return min(trail[trail.index(root) :])
        trail.append(root)
    return trail[-1]


def is_given_name(word: str) -> bool:
    """Say whether a word (lower-case ASCII) is known as a given name. That it is not known says little."""
    return word in known_words()


def _only_root(given: str) -> str | None:
    if given in _SHORT_FORMS or given in _MORE_NAMES:
        return None
    roots = _short_forms().get(given) or _library_roots(given)
    return min(roots) if len(roots) == 1 else None


@cache
def _namer() -> NickNamer:
    return NickNamer()


@cache
def _library_roots(given: str) -> frozenset[str]:
    return frozenset(name for name in _namer().canonicals_of(given) if name.isascii() and name.isalpha())


@cache
def _short_forms() -> dict[str, frozenset[str]]:
    """Return short form -> the names of our own list that it stands for."""
    found: dict[str, set[str]] = {}
    for name, forms in _SHORT_FORMS.items():
        for form in forms:
            found.setdefault(form, set()).add(name)
    return {form: frozenset(names) for form, names in found.items()}


@cache
def known_words() -> frozenset[str]:
    """Return the words that are known as given names; any other word stands for nothing but itself."""
    library = {name for pair in _namer().nickname_lookup.items() for name in (pair[0], *pair[1])}
    return frozenset(library | set(_SHORT_FORMS) | set(_short_forms()) | _MORE_NAMES)
