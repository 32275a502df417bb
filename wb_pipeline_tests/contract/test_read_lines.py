"""Files of JSON Lines: numbers, limits, one row refused beside good ones."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wb_pipeline.contract.limits import Limits
from wb_pipeline_tests.contract.opened import rows


def test_open_rows_numbers_physical_lines_when_lines_are_blank(tmp_path):
    """CON-2: a byte order mark, CRLF and blank lines are tolerated; numbers are those an editor shows."""
    data = b'\xef\xbb\xbf{"a":1}\r\n\r\n   \n{"a":2}'
    assert rows(tmp_path, data) == [(1, {"a": 1}, None), (4, {"a": 2}, None)]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"{", "not_json"),
        (b"42", "not_an_object"),
        (b'"text"', "not_an_object"),
        (b'{"a":1} {"b":2}', "not_json"),
        (b'{"a":1,"a":1}', "repeated_key"),
        (b'{"a":{"b":1,"b":2}}', "repeated_key"),
        (b'{"a":NaN}', "not_finite"),
        (b'{"a":-Infinity}', "not_finite"),
        (b'{"a":1e999}', "number_too_large"),
        (b'{"a":' + b"9" * 5_000 + b"}", "number_too_long"),
        (b'{"a":0.' + b"1" * 5_000 + b"}", "number_too_long"),
        (b'{"a":"\\ud800"}', "not_unicode"),
        (b'{"\\udfff":1}', "not_unicode"),
        (b'{"a":"\xff"}', "not_unicode"),
        (b"\x00\x01\xfe\xff", "not_unicode"),
        (b'{"' + b"k" * 300 + b'":1}', "key_too_long"),
        (b"{" + b",".join(b'"%d":1' % n for n in range(2_001)) + b"}", "too_many_keys"),
        (b'{"a":' + b"[" * 64 + b"]" * 64 + b"}", "too_deep"),
        (b'{"a":' * 200_000, "too_deep"),
        (b"[" * 100_000, "too_deep"),
    ],
)
def test_open_rows_refuses_one_row_and_reads_the_others_when_it_is_hostile(tmp_path, line, code):
    """CON-7: hostile rows neither crash the reader nor take their neighbours along."""
    found = rows(tmp_path, b'{"a":1}\n' + line + b'\n{"a":2}\n')
    assert [(number, problem) for number, _, problem in found] == [(1, None), (2, code), (3, None)]


def test_open_rows_accepts_what_is_just_within_the_limits(tmp_path):
    """CON-7: the bounds refuse nothing that stays within them."""
    deep = b'{"a":' + b"[" * 63 + b"]" * 63 + b"}"
    many = b"{" + b",".join(b'"%d":1' % n for n in range(2_000)) + b"}"
    data = b"\n".join([deep, many, b'{"' + b"k" * 256 + b'":1}', '{"a":"\\ud83d\\ude00 ü"}'.encode()])
    assert [problem for _, _, problem in rows(tmp_path, data)] == [None] * 4


def test_open_rows_passes_over_a_line_when_it_is_larger_than_the_limit(tmp_path):
    """CON-7: a 5 MB note is one quarantined row, and the next line is read as if nothing had been."""
    note = b'{"note":"' + b"x" * 5_000_000 + b'"}'
    assert rows(tmp_path, note + b'\n{"a":2}\n' + note) == [
        (1, None, "row_too_large"),
        (2, {"a": 2}, None),
        (3, None, "row_too_large"),
    ]


def test_open_rows_keeps_a_line_of_exactly_the_limit(tmp_path):
    """CON-7: the limit counts the line without its end, and belongs to what is read."""
    line = b'{"a":"' + b"x" * 92 + b'"}'
    limits = Limits(max_line_bytes=100)
    assert [code for _, _, code in rows(tmp_path, line + b"\n" + line, limits=limits)] == [None, None]
    assert [code for _, _, code in rows(tmp_path, b" " + line + b"\n", limits=limits)] == ["row_too_large"]


def test_open_rows_names_a_refused_row_when_a_careless_reader_could(tmp_path):
    """CON-2: the mapping of a refused row still tells whose it is."""
    assert rows(tmp_path, b'{"proposal_id":"p-9","confidence":NaN}')[0][1]["proposal_id"] == "p-9"


def test_open_rows_reads_the_good_rows_when_rubbish_stands_between(tmp_path):
    """CON-2, CON-7: binary rubbish in a line is that line's problem only."""
    found = rows(tmp_path, b'\x00\xff\xfe\n{"a":1}\n\x01\x02')
    assert [problem for _, _, problem in found] == ["not_unicode", None, "not_json"]


hostile_line = st.one_of(
    st.binary(max_size=60),
    st.sampled_from(
        [b'{"a":1}', b'{"a":"x"}\r', b"[", b"]", b"{", b'"', b"\\", b"\xef\xbb\xbf", b"[{}]", b"PAR1", b"\0"]
    ),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=st.lists(hostile_line, max_size=12))
def test_open_rows_yields_each_non_blank_line_once_whatever_it_holds(tmp_path, lines):
    """CON-2, CON-7: lines in = rows out, for any bytes behind one good line."""
    data = b'{"a":0}\n' + b"\n".join(lines)
    expected = [n for n, line in enumerate(data.split(b"\n"), 1) if line.strip().removeprefix(b"\xef\xbb\xbf")]
    assert [number for number, _, _ in rows(tmp_path, data)] == expected
