"""Files of judged pairs: CSV and Parquet say the same, bad rows are named."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from wb_pipeline.errors import InputError
from wb_pipeline.steps.label_files import read_labels

HEADER = "object,left_id,right_id,is_same,note\n"


def write(folder: Path, text: str) -> Path:
    """Write a file of labels."""
    path = folder / "labels.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_csv_and_parquet_say_the_same(tmp_path: Path) -> None:
    """IDN-2: pairs either way round, each once, sorted; truth in several spellings; other columns do not count."""
    path = write(tmp_path, HEADER + "contact,b,a,true,x\ncontact,a,b,YES,\ncompany,c,d,0,\n")
    expected = [("company", "c", "d", False), ("contact", "a", "b", True)]
    assert read_labels(path) == expected
    table = pa.table(
        {"object": ["company", "contact"], "left_id": ["d", "b"], "right_id": ["c", "a"], "is_same": [False, True]}
    )
    parquet.write_table(table, tmp_path / "labels.parquet")
    assert read_labels(tmp_path / "labels.parquet") == expected


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("deal,a,b,true,", "row 2, object: 'deal' is not contact or company"),
        ("contact,,b,true,", "row 2, left_id: '' is no id of a record"),
        (f"contact,a,{'x' * 600},true,", "row 2, right_id: 'xxx"),
        ("contact,a,a,true,", "row 2, right_id: it is the same record"),
        ("contact,a,b,perhaps,", "row 2, is_same: 'perhaps' is neither true nor false"),
        ("contact,z,y,false,", "row 2, is_same: the same pair stands in the file with the other answer"),
        ("contact,a", "row 2, right_id: None is no id"),
    ],
)
def test_bad_row_is_named_by_file_row_and_field(tmp_path: Path, row: str, said: str) -> None:
    """IDN-2: nothing is learned from half of a file."""
    path = write(tmp_path, HEADER + "contact,y,z,true,\n" + row + "\n")
    with pytest.raises(InputError, match="the labels cannot be used") as raised:
        read_labels(path)
    assert f"labels.csv, {said}" in str(raised.value)


def test_ten_bad_rows_are_shown_at_most(tmp_path: Path) -> None:
    """CON-7: a file of rubbish is not answered with a flood."""
    with pytest.raises(InputError) as raised:
        read_labels(write(tmp_path, HEADER + "x,a,b,true,\n" * 5_000))
    assert str(raised.value).count("labels.csv, row") == 10


@pytest.mark.parametrize("content", [b"object,left_id\n", b"", b"PAR1\x00\xff", b"\xff\xfe\x00"])
def test_file_that_is_none_says_so(tmp_path: Path, content: bytes) -> None:
    """CON-2: whatever its name says."""
    for suffix in ("csv", "parquet"):
        path = tmp_path / f"labels.{suffix}"
        path.write_bytes(content)
        with pytest.raises(InputError, match=f"labels.{suffix}"):
            read_labels(path)
