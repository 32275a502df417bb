"""Tests of normalize/person_names.py and given_names.py."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wb_pipeline.normalize.given_names import known_words, root_of, roots_of
from wb_pipeline.normalize.letters import MAX_TOKENS
from wb_pipeline.normalize.person_names import parse_person

# first, last -> given, middle initial, family words, core words, suffix
CASES = [
    ("Anna", "Smith", ("anna", None, "smith", "smith", None)),
    ("Anna Maria", "Smith", ("anna", "m", "smith", "smith", None)),
    ("J.", "Doe", ("j", None, "doe", "doe", None)),
    ("J.R.", "Doe", ("j", "r", "doe", "doe", None)),
    ("Smith, John", None, ("john", None, "smith", "smith", None)),
    (None, "Smith, John A.", ("john", "a", "smith", "smith", None)),
    ("John", "Smith, Jr.", ("john", None, "smith", "smith", "jr")),
    ("Smith, Jane", "Smith", ("jane", None, "smith", "smith", None)),
    ("John A. Smith III", None, ("john", "a", "smith", "smith", "iii")),
    ("John Smith", "Smith", ("john", None, "smith", "smith", None)),
    ("John", "John Smith", ("john", None, "smith", "smith", None)),
    ("Dr. Jane", "O\u2019Brien, PhD", ("jane", None, "obrien", "obrien", None)),
    ("Prof. Dr. Eva", "Maier", ("eva", None, "maier", "maier", None)),
    ("Mr", "Smith", (None, None, "smith", "smith", None)),
    ("Jack Ma", None, ("jack", None, "ma", "ma", None)),
    ("Sean O Brien", None, ("sean", None, "obrien", "obrien", None)),
    ("Robert", "St. John", ("robert", None, "stjohn", "stjohn", None)),
    ('Robert "Bob" (Bobby)', "Smith", ("robert", None, "smith", "smith", None)),
    ("J\u00fcrgen", "von der M\u00fchle", ("jurgen", None, "von der muhle", "muhle", None)),
    ("Ludwig van Beethoven", None, ("ludwig", None, "van beethoven", "beethoven", None)),
    ("Mar\u00eda del Carmen", "de la Cruz Garc\u00eda", ("maria", "c", "de la cruz garcia", "cruz garcia", None)),
    ("Mary", "Smith-Jones", ("mary", None, "smith jones", "smith jones", None)),
    ("\u0418\u0432\u0430\u043d", "\u0418\u0432\u0430\u043d\u043e\u0432", ("ivan", None, "ivanov", "ivanov", None)),
    ("Jose\u0301", "Nu\u0301n\u0303ez", ("jose", None, "nunez", "nunez", None)),
    ("\uff21\uff4e\uff4e\uff41", "Smith", ("anna", None, "smith", "smith", None)),
    ("\u202eAnna", "Smi\u200bth", ("anna", None, "smith", "smith", None)),
    ("\U0001f680 Bob", "", ("bob", None, "", "", None)),
    ("Anna", "van", ("anna", None, "van", "van", None)),
    ("", "  ", (None, None, "", "", None)),
    (None, None, (None, None, "", "", None)),
]


@pytest.mark.parametrize(("first", "last", "expected"), CASES)
def test_a_name_is_read_as_it_is_meant(first, last, expected):
    """IDN-2: spellings of one person meet in the same parts."""
    name = parse_person(first, last)
    assert (name.given, name.middle, " ".join(name.family), " ".join(name.core), name.suffix) == expected


_TEXT = st.one_of(st.none(), st.text(max_size=40), st.text("ab ,.-'\"()\x00\u202e\ud800\u00fc", max_size=40))


@given(_TEXT, _TEXT)
def test_any_text_has_parts_of_bounded_ascii_letters(first, last):
    """No text raises; parts are plain, non-empty and few."""
    name = parse_person(first, last)
    for part in (name.given, name.middle, name.suffix, *name.family, *name.core):
        assert part is None or (part and part.isascii() and part.isalnum() and part == part.lower())
    assert len(name.family) <= MAX_TOKENS
    assert len(name.core) <= len(name.family)


@given(_TEXT, _TEXT)
def test_a_read_name_is_read_the_same_again(first, last):
    """The parts of a name, read as a name, are the same parts."""
    name = parse_person(first, last)
    given_name, family = name.given or "", " ".join(name.family)
    again = parse_person(given_name, family)
    assert parse_person(again.given or "", " ".join(again.family)) == again


def test_a_name_of_megabytes_is_cut():
    """CON-7: what is longer than any name costs no more than one."""
    name = parse_person("a" * 5_000_000, "b " * 2_500_000)
    assert name.given == "a" * 200
    assert len(name.core) == MAX_TOKENS


ROOTS = {
    "bill": "william",
    "bob": "robert",
    "mike": "michael",
    "liz": "elizabeth",
    "peggy": "margaret",
    "kees": "cornelis",
    "paco": "francisco",
    "gosia": "malgorzata",
    "misha": "mikhail",
    "uschi": "ursula",
    "nando": "fernando",
    "mimmo": "domenico",
    "william": "william",
    "zzyzx": "zzyzx",
    # Several names have these short forms: none is meant in particular.
    "alex": "alex",
    "sasha": "sasha",
    "ted": "ted",
    "chris": "chris",
}


@pytest.mark.parametrize(("word", "root"), ROOTS.items())
def test_a_nickname_stands_for_its_one_name(word, root):
    """A short form of one name leads to it; one of several leads nowhere."""
    assert root_of(word) == root


@pytest.mark.parametrize(
    ("word", "root"),
    [("alex", "alexander"), ("alex", "alexandra"), ("sasha", "aleksandr"), ("ted", "edward"), ("ted", "theodore")],
)
def test_a_nickname_of_several_names_may_stand_for_each(word, root):
    """All the names of a short form are known."""
    assert root in roots_of(word)


def test_what_a_name_stands_for_is_settled_and_counts_itself():
    """A root is its own root, and a name is among those it may stand for."""
    for word in known_words():
        assert root_of(root_of(word)) == root_of(word), word
        assert word in roots_of(word)
        assert roots_of(word) == sorted(set(roots_of(word)))
        assert len(roots_of(word)) <= MAX_TOKENS
