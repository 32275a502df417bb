"""What holds of any file, whatever is in it. Each format has tests of its own: `test_read_...`."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wb_pipeline.contract.limits import DEFAULT_LIMITS
from wb_pipeline.contract.read import open_rows
from wb_pipeline.errors import InputError
from wb_pipeline_tests.contract.opened import complaint, rows


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\xef\xbb\xbf", b"[]", b" [ ] \n"])
def test_open_rows_finds_no_rows_when_the_file_is_empty(tmp_path, data):
    """CON-2: nothing is no fault."""
    assert rows(tmp_path, data) == []


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


def test_open_rows_raises_when_the_file_is_not_there(tmp_path):
    """A missing file is an error of whoever named it, with a way out."""
    with pytest.raises(InputError, match="cannot be opened"):
        open_rows(tmp_path / "none.jsonl")


def test_open_rows_stays_quick_when_every_line_is_hostile(tmp_path):
    """CON-7: the worst lines cost no more than a fraction of a second each."""
    lines = [b'{"a":"' + b'\\"' * 500_000, b'{"a":' + b"[1," * 300_000, b"[" * 1_000_000, b'"' * 1_000_000]
    start = time.process_time()
    assert len(rows(tmp_path, b'{"a":1}\n' + b"\n".join(lines))) == 5
    assert len(rows(tmp_path, b'[{"a":1},' + b",".join(lines))) >= 2
    assert time.process_time() - start < 10


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=200), start=st.sampled_from([b"", b"[", b'[{"a":1},', b"PAR1", b'{"a":1}\n']))
def test_open_rows_never_raises_whatever_the_bytes(tmp_path, data, start):
    """CON-7: any file gives rows or a problem, and numbers never go backwards."""
    path = tmp_path / "any"
    path.write_bytes(start + data)
    numbers = [row.number for row in open_rows(path, limits=replace(DEFAULT_LIMITS, max_line_bytes=50)).rows]
    assert numbers == sorted(set(numbers))
