from __future__ import annotations

import json
import time
from dataclasses import replace

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wb_pipeline.contract.limits import DEFAULT_LIMITS, Limits
from wb_pipeline.contract.read import open_rows
from wb_pipeline.errors import InputError


def rows(path, data, **options):
    """Return (number, mapping, problem code) of each row."""
    path = path / "input.bin"
    path.write_bytes(data)
    source = open_rows(path, **options)
    assert source.is_readable, source.problem
    return [(row.number, row.mapping, row.problem.code if row.problem else None) for row in source.rows]


def complaint(path, data):
    """Return why a file of these bytes is unreadable."""
    path = path / "input.bin"
    path.write_bytes(data)
    source = open_rows(path, file_name="march.jsonl")
    assert not source.is_readable
    assert list(source.rows) == []
    assert source.problem is not None
    assert "march.jsonl" in source.problem.message
    return source.problem.message


def test_open_rows_numbers_physical_lines_when_lines_are_blank(tmp_path):
    """CON-2: a byte order mark, CRLF and blank lines are tolerated; numbers are those an editor shows."""
    data = b'\xef\xbb\xbf{"a":1}\r\n\r\n   \n{"a":2}'
    assert rows(tmp_path, data) == [(1, {"a": 1}, None), (4, {"a": 2}, None)]


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\xef\xbb\xbf", b"[]", b" [ ] \n"])
def test_open_rows_finds_no_rows_when_the_file_is_empty(tmp_path, data):
    """CON-2: nothing is no fault."""
    assert rows(tmp_path, data) == []


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


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"\x00\x01\x02\xff" * 100, "binary"),
        (b"PAR1 and then nothing", "Parquet"),
        ('{"a":1}'.encode("utf-16"), "UTF-16"),
        (b"\x1f\x8b\x08\x00rest", "gzip"),
        (b"PK\x03\x04rest", "zip"),
    ],
)
def test_open_rows_refuses_the_file_when_it_is_no_text_at_all(tmp_path, data, word):
    """CON-2: an unreadable file is one problem that names the file and the way out."""
    assert word in complaint(tmp_path, data)


def test_open_rows_reads_the_good_rows_when_rubbish_stands_between(tmp_path):
    """CON-2, CON-7: binary rubbish in a line is that line's problem only."""
    found = rows(tmp_path, b'\x00\xff\xfe\n{"a":1}\n\x01\x02')
    assert [problem for _, _, problem in found] == ["not_unicode", None, "not_json"]


def test_open_rows_raises_when_the_file_is_not_there(tmp_path):
    """A missing file is an error of whoever named it, with a way out."""
    with pytest.raises(InputError, match="cannot be opened"):
        open_rows(tmp_path / "none.jsonl")


def test_open_rows_reads_parquet_when_nested_parts_are_json_text(tmp_path):
    """CON-2: Parquet is told by content; empty cells are keys left out; nested columns are JSON."""
    table = pa.table(
        {
            "id": ["a", "b", None],
            "actor": ['{"id":"x"}', "{broken", '{"id":"y","id":"z"}'],
            "confidence": [91.0, float("nan"), None],
            "subject": ["[Re] hello", '{"email":"a@b.example"}', "plain"],
        }
    )
    pq.write_table(table, tmp_path / "file.jsonl")
    source = open_rows(tmp_path / "file.jsonl", nested={"actor"}, may_be_nested={"subject"})
    first, second, third = source.rows
    assert source.file_format == "parquet"
    assert first.mapping == {"id": "a", "actor": {"id": "x"}, "confidence": 91, "subject": "[Re] hello"}
    assert second.problem.code == "not_json"
    assert second.mapping["subject"] == {"email": "a@b.example"}
    assert (third.problem.code, third.problem.field) == ("repeated_key", "actor")
    assert "id" not in third.mapping


def test_open_rows_refuses_one_row_when_a_parquet_cell_is_not_utf8_or_not_finite(tmp_path):
    """CON-7: bytes, NaN and huge cells in Parquet are the problem of their row."""
    text = pa.array([b"good", b"\xff\xfe", b"x", b"y" * 2_000_000], pa.binary())
    as_text = pa.Array.from_buffers(pa.string(), 4, text.buffers())
    table = pa.table({"a": as_text, "b": pa.array([1.0, 2.0, float("inf"), 3.0])})
    pq.write_table(table, tmp_path / "file")
    codes = [row.problem.code if row.problem else None for row in open_rows(tmp_path / "file").rows]
    assert codes == [None, "not_unicode", "not_finite", "row_too_large"]


def test_open_rows_reports_the_rest_when_parquet_is_damaged_inside(tmp_path):
    """CON-2: rows behind a damaged page are one row that says how many are missing."""
    path = tmp_path / "file"
    table = pa.table({"a": [f"value {number} " * 20 for number in range(20_000)]})
    pq.write_table(table, path, row_group_size=5_000, use_dictionary=False, compression="snappy")
    raw = bytearray(path.read_bytes())
    middle = len(raw) // 2
    raw[middle : middle + 3_000] = b"\xff" * 3_000
    path.write_bytes(raw)
    found = list(open_rows(path).rows)
    good = sum(row.problem is None for row in found)
    assert 0 < good < 20_000
    assert found[-1].problem.code == "damaged"
    assert (found[-1].number, len(found)) == (good + 1, good + 1)


def test_open_rows_reads_parquet_times_and_types_as_json_would(tmp_path):
    """CON-8: a time column without a zone stays without one, so that the gate sees it."""
    stamps = pa.array([1_767_225_600_000_000], pa.timestamp("us"))
    table = pa.table(
        {
            "naive": stamps,
            "zoned": stamps.cast(pa.timestamp("us", tz="UTC")),
            "listed": pa.array([[{"field": "title"}]]),
            "flag": [True],
        }
    )
    pq.write_table(table, tmp_path / "file")
    (row,) = open_rows(tmp_path / "file").rows
    assert row.mapping == {
        "naive": "2026-01-01T00:00:00",
        "zoned": "2026-01-01T00:00:00+00:00",
        "listed": [{"field": "title"}],
        "flag": True,
    }


def test_open_rows_stays_quick_when_every_line_is_hostile(tmp_path):
    """CON-7: the worst lines cost no more than a fraction of a second each."""
    lines = [b'{"a":"' + b'\\"' * 500_000, b'{"a":' + b"[1," * 300_000, b"[" * 1_000_000, b'"' * 1_000_000]
    start = time.process_time()
    assert len(rows(tmp_path, b'{"a":1}\n' + b"\n".join(lines))) == 5
    assert len(rows(tmp_path, b'[{"a":1},' + b",".join(lines))) >= 2
    assert time.process_time() - start < 10


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


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=200), start=st.sampled_from([b"", b"[", b'[{"a":1},', b"PAR1", b'{"a":1}\n']))
def test_open_rows_never_raises_whatever_the_bytes(tmp_path, data, start):
    """CON-7: any file gives rows or a problem, and numbers never go backwards."""
    path = tmp_path / "any"
    path.write_bytes(start + data)
    numbers = [row.number for row in open_rows(path, limits=replace(DEFAULT_LIMITS, max_line_bytes=50)).rows]
    assert numbers == sorted(set(numbers))


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
