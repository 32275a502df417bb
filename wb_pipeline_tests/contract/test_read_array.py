"""Files that are one JSON array."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wb_pipeline.contract.limits import Limits
from wb_pipeline_tests.contract.opened import rows


def test_open_rows_reads_each_element_when_the_file_is_an_array(tmp_path):
    """CON-2: a broken element of an array is one row; brackets in texts mean nothing."""
    data = b'\xef\xbb\xbf[{"a":1}, {"a":"],}{"},\n{bad}, {"a":"\xff"}, 7,, {"a":NaN},{"a":2}{"a":3}, {"a":4}]\n'
    assert [(number, problem) for number, _, problem in rows(tmp_path, data)] == [
        (1, None),
        (2, None),
        (3, "not_json"),
        (4, "not_unicode"),
        (5, "not_an_object"),
        (6, "not_json"),
        (7, "not_finite"),
        (8, "not_json"),
        (9, None),
    ]


@pytest.mark.parametrize(
    ("tail", "expected"),
    [
        (b"", [(1, None), (2, "cut_off")]),
        (b",", [(1, None), (2, "cut_off")]),
        (b',{"b":"x', [(1, None), (2, "cut_off")]),
        (b',{"b":2}', [(1, None), (2, None), (3, "cut_off")]),
        (b"] more", [(1, None), (2, "text_behind_array")]),
        (b"]]", [(1, None), (2, "text_behind_array")]),
    ],
)
def test_open_rows_keeps_the_rows_before_the_break_when_an_array_is_cut(tmp_path, tail, expected):
    """CON-2: what was read before the break counts; the break is a row of its own."""
    found = rows(tmp_path, b'[{"a":1}' + tail)
    assert [(number, problem) for number, _, problem in found] == expected


def test_open_rows_passes_over_an_element_when_it_is_larger_than_the_limit(tmp_path):
    """CON-7: a huge element of an array costs one row, also when it is made of quotes and escapes."""
    quotes, lists = b'{"a":"' + b'x\\"' * 1_500_000 + b'"}', b'{"a":[' + b"[1]," * 500_000 + b"1]}"
    data = b"[" + quotes + b"," + b" " * 3_000_000 + lists + b',{"a":2}]'
    assert rows(tmp_path, data) == [(1, None, "row_too_large"), (2, None, "row_too_large"), (3, {"a": 2}, None)]


@pytest.mark.parametrize("filler", ["", "ü" * 50, "\\\\" * 40, '\\"' * 40])
@pytest.mark.parametrize("window", [7, 64, 1_000])
def test_open_rows_reads_the_same_array_whatever_the_window(tmp_path, monkeypatch, filler, window):
    """CON-2: where the reading window ends makes no difference."""
    monkeypatch.setattr("wb_pipeline.contract.window._READ_CHARACTERS", window)
    elements = ['{"a":"' + filler + str(number) + '"}' for number in range(40)]
    # A bare text of escaped quotes and commas: one escape misread at a window's end would split it.
    elements[7], elements[20] = '"' + '\\",' * 400 + '"', '{"b" 1}'
    data = ("[" + ",\n ".join(elements) + "]").encode()
    found = rows(tmp_path, data, limits=Limits(max_line_bytes=300))
    expected = [(number, json.loads(text), None) for number, text in enumerate(elements, 1) if number not in {8, 21}]
    assert [row for row in found if row[2] is None] == expected
    assert [(number, code) for number, _, code in found if code] == [(8, "row_too_large"), (21, "not_json")]


def test_open_rows_takes_json_lines_when_only_the_first_line_begins_with_a_bracket(tmp_path):
    """CON-2: one bad first line does not make an array of a file of good lines."""
    assert [code for _, _, code in rows(tmp_path, b'[1, 2]\n{"a":1}\n')] == ["not_an_object", None]
    assert [code for _, _, code in rows(tmp_path, b'[broken\n{"a":1}\n')] == ["not_json", None]
    assert [code for _, _, code in rows(tmp_path, b'[\n{"a":1},\n{"a":2}\n]')] == [None, None]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    elements=st.lists(st.dictionaries(st.text(max_size=5), st.one_of(st.text(max_size=20), st.integers()), max_size=3)),
    cut=st.integers(0, 400),
)
def test_open_rows_reads_every_whole_element_when_an_array_is_cut_anywhere(tmp_path, elements, cut):
    """CON-2: cut anywhere, an array loses only what stands behind the cut."""
    whole = json.dumps(elements, ensure_ascii=False).encode()
    cut = min(cut, len(whole))
    if not whole[:cut].strip():
        return
    found = rows(tmp_path, whole[:cut])
    good = [mapping for _, mapping, problem in found if problem is None]
    assert good == elements[: len(good)]
    assert cut == len(whole) or found[-1][2] == "cut_off"
    assert cut < len(whole) or len(good) == len(elements)
