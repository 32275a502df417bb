"""Rights as they are written: action, object, field."""

from __future__ import annotations

import pytest

from wb_pipeline.policy.rights import Right, mistake_in_right, parse_right

KNOWN = {"contact": {"title"}, "lead": {"title"}, "company": {"industry"}, "deal": {"stage"}, "activity": {"body"}}


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("update contact.title", Right("update", "contact", "title")),
        ("* *.*", Right("*", "*", "*")),
        ("update contact", None),
        ("contact.title", None),
        ("update  contact.title", None),
        ("update contact.title.x", None),
        ("", None),
    ],
)
def test_parse_right_reads_action_object_and_field(text: str, right: Right | None):
    """FLD-7: a right that is not written in full is none."""
    assert parse_right(text) == right


@pytest.mark.parametrize("text", ["update contact.title", "* *.*", "* *.stage", "log activity.*"])
def test_mistake_in_right_finds_none_when_all_words_are_known(text: str):
    """FLD-7: wildcards and names of the policy's own."""
    assert mistake_in_right(text, KNOWN) is None


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("updat contact.*", "did you mean update?"),
        ("update contcat.*", "did you mean contact?"),
        ("update contact.titel", "did you mean title?"),
        ("update contact.stage", ""),
        ("* *.colour", ""),
        ("update contact", 'write "action object.field"'),
    ],
)
def test_mistake_in_right_names_the_word_it_does_not_know(text: str, hint: str):
    """FLD-7: a misspelt right would silently be none; the person who wrote it is told."""
    mistake = mistake_in_right(text, KNOWN)
    assert mistake is not None
    assert hint in mistake[1]


def test_covers_reaches_only_what_the_right_names():
    """FLD-7: rights are limits per object, action and field."""
    right = Right("update", "contact", "title")
    assert right.covers("contact", "update", "title")
    assert not right.covers("contact", "update", "phone")
    assert not right.covers("lead", "update", "title")
    assert not right.covers("contact", "create", "title")
    assert Right("*", "contact", "*").covers("contact", "create", "phone")
