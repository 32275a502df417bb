"""YAML with the line of every key, and without YAML's surprises."""

from __future__ import annotations

import pytest

from wb_pipeline.policy.yaml_tree import MAX_CHARACTERS, MAX_DEPTH, read_tree


def test_read_tree_keeps_the_line_of_every_key_and_entry():
    """FLD-1: every mistake can be shown where it stands."""
    tree = read_tree("# first\na:\n  - x\n  - y: 1\n")
    assert tree.value == {"a": ["x", {"y": 1}]}
    assert tree.lines == {(): 2, ("a",): 2, ("a", 0): 3, ("a", 1): 4, ("a", 1, "y"): 4}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("off", "off"),
        ("no", "no"),
        ("1-10", "1-10"),
        ("80", 80),
        ("0.5", 0.5),
        ("true", True),
        ("", None),
        ("'80'", "80"),
    ],
)
def test_read_tree_reads_words_as_a_person_means_them(text: str, value: object):
    """FLD-2: `off` and `no` are words, not booleans, so that a verdict or a country cannot turn into another value."""
    assert read_tree(f"a: {text}\n").value == {"a": value}


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        ("", "the file is empty", 1),
        ("# only a comment\n", "the file is empty", 1),
        ("a: 1\nb: 2\na: 3\n", "the key stands twice, first in line 1", 3),
        ("a: &x [1]\nb: *x\n", "anchors and aliases", 1),
        ("a: !!str 80\n", "tags (!) are not read", 1),
        ("%YAML 1.1\n---\na: off\n", "directives (%) are not read", 2),
        ("<<: {a: 1}\n", "a key must be text", 1),
        ("1: a\n", "a key must be text", 1),
        ("a: 2026-03-01\n", "is not read as a value", 1),
        ("a: .inf\n", "is not read as a value", 1),
        (f"a: {'9' * 5000}\n", "is not read as a value", 1),
        ("a: [1\n", "not readable YAML", 2),
        ("a: 1\n---\nb: 1\n", "a second document starts here", 2),
        ("a:\n\t- 1\n", "not readable YAML", 2),
        ("a: \x07\n", "characters that text does not have", 1),
        ("[" * (MAX_DEPTH + 1), f"deeper than {MAX_DEPTH} levels", 1),
        ("[" * 100_000, f"deeper than {MAX_DEPTH} levels", 1),
        ("x" * (MAX_CHARACTERS + 1), "longer than", 0),
    ],
)
def test_read_tree_objects_with_the_line_when_a_file_is_not_plain_yaml(text: str, message: str, line: int):
    """FLD-1, CON-7: what a policy does not need is refused, however large or deep."""
    findings = read_tree(text).findings
    assert message in findings[0].message
    assert findings[0].line == line


def test_read_tree_does_not_expand_an_alias_bomb():
    """CON-7: nine lines that would expand to 10^9 entries are refused for their anchors."""
    bomb = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 10))
    tree = read_tree(bomb)
    assert tree.value is None
    assert len(tree.findings) > 9
