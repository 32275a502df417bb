"""Values, differences and marks: what a reader sees of a text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wb_pipeline.web.difference import difference
from wb_pipeline.web.highlights import places, stretches
from wb_pipeline.web.shown_text import shown, value_words


@settings(max_examples=25)
@given(st.text(max_size=60), st.text(max_size=60))
def test_difference_keeps_both_texts_whole(old, new):
    """Whatever is marked, put together each side is the text that it was."""
    left, right = difference(old, new)
    assert "".join(piece.text for piece in left) == old
    assert "".join(piece.text for piece in right) == new


@pytest.mark.parametrize(
    ("old", "new", "gone", "came"),
    [
        ("Director of IT", "Senior IT Manager", ["Director of"], ["Senior", " Manager"]),
        ("", "VP IT", [], ["VP IT"]),
        ("VP IT", "", ["VP IT"], []),
        ("VP IT", "VP IT", [], []),
        ("18000", "19800", ["18000"], ["19800"]),
        ("a b c d e f g h", "x", ["a b c d e f g h"], ["x"]),
    ],
)
def test_difference_marks_the_words_that_change(old, new, gone, came):
    """RVW-1: a reviewer sees at once what goes and what comes."""
    left, right = difference(old, new)
    assert [piece.text for piece in left if piece.kind == "changed"] == gone
    assert [piece.text for piece in right if piece.kind == "changed"] == came


def test_difference_of_huge_texts_ends_soon():
    """Two long notes are shown beside each other, without comparing each word with each."""
    left, right = difference("one two " * 5_000, "two one " * 5_000)
    assert [piece.kind for piece in left + right] == ["changed", "changed"]


@pytest.mark.parametrize(
    ("text", "wanted", "found"),
    [
        ("Yes, I'm the VP of IT now.", "i'm the vp of it", ["I'm the VP of IT"]),
        ("Please don\u2019t call", "DON'T CALL", ["don\u2019t call"]),
        ("It costs $40,000 a year", "40000 a year", ["40,000 a year"]),
        ("Call me.\n  On Monday!", "me on monday", ["me.\n  On Monday"]),
        ("one two one two", "one two", ["one two", "one two"]),
        ("ﬁne print", "fine print", ["ﬁne print"]),
        ("nothing of it", "something", []),
        ("anything", "...", []),
        ("", "a b", []),
    ],
)
def test_quote_is_found_as_it_was_judged(text, wanted, found):
    """EVD-6: the page marks a quote by the same forgiving reading by which it was accepted."""
    assert [text[start:end] for start, end in places(text, wanted)] == found


def test_quote_is_marked_before_the_value_inside_it():
    """Where the new value stands inside the quote, the quote is what is marked; elsewhere the value is."""
    text = "She is VP IT. Again: VP IT."
    marked = [(each.text, each.mark) for each in stretches(text, ["she is VP IT"], ["VP IT"])]
    assert marked == [("She is VP IT", "quote"), (". Again: ", ""), ("VP IT", "value"), (".", "")]


@settings(max_examples=25)
@given(st.text(max_size=80), st.text(max_size=10))
def test_marking_keeps_the_text(text, wanted):
    """Whatever is marked, nothing of the evidence is lost or doubled."""
    assert "".join(each.text for each in stretches(text, [wanted], [wanted])) == text


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("plain", "plain"),
        ("two\nlines\tapart", "two\nlines\tapart"),
        ("\u202eevil", "[U+202E]evil"),
        ("pay\u200bpal", "pay[U+200B]pal"),
        ("a\x00b\x1b[31m", "a[U+0000]b[U+001B][31m"),
        ("\udc80", "[U+DC80]"),
        ("\ue000", "[U+E000]"),
    ],
)
def test_hidden_characters_are_written_out(text, seen):
    """A reviewer sees a character that would hide, turn text around or cut it off."""
    assert shown(text) == seen


def test_long_text_is_cut_with_a_word_about_it():
    """Nothing is cut silently."""
    assert shown("x" * 12, 10) == "xxxxxxxxxx … (2 more characters)"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "(empty)"),
        ("", "(empty)"),
        (True, "yes"),
        (False, "no"),
        (0, "0"),
        (45000, "45000"),
        ("a", "a"),
        (["a", 2], "a, 2"),
        ([], "(empty)"),
        ({"b": 1, "a": None}, '{"a":null,"b":1}'),
        (float("inf"), "inf"),
        ([{"a": float("nan")}], "[{'a': nan}]"),
    ],
)
def test_value_reads_as_people_write_it(value, words):
    """A value of any kind has words."""
    assert value_words(value) == words
