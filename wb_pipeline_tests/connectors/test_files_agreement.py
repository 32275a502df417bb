"""What the writer of CRM files reads and writes is what the next pull sees, whatever stands in the files."""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wb_pipeline.connectors.files_writing import WritableFiles
from wb_pipeline.connectors.writing import Conflict
from wb_pipeline_tests.connectors.crm_folder import (
    EARLIER,
    call,
    done,
    pulled,
    row,
    write_rows,
)


def test_file_changed_underneath_is_read_again_before_comparing(crm: Path) -> None:
    """SYN-3: also a change that keeps size and time of the file is seen before anything is written over it."""
    writer = WritableFiles(crm)
    assert writer.read("contact", ["con-1"])["con-1"].fields["title"] == "CTO"
    path = crm / "contacts.jsonl"
    kept = path.stat()
    with path.open("r+b") as stream:
        data = stream.read()
        stream.seek(0)
        stream.write(data.replace(b"CTO", b"CEO"))
    os.utime(path, ns=(kept.st_atime_ns, kept.st_mtime_ns))
    (answer,) = writer.write_many([call("update", "con-1", fields={"title": "X"}, expected={"title": "CTO"})])
    assert isinstance(answer, Conflict)
    done(writer, call("update", "con-2", fields={"title": "X"}))
    assert writer.read("contact", ["con-1"])["con-1"].fields["title"] == "CEO"


@pytest.mark.parametrize(
    ("archived_at", "live_at", "is_archived"),
    [(EARLIER, EARLIER, False), (None, None, False), (None, EARLIER, False), ("2026-03-01T00:00:01Z", EARLIER, True)],
)
def test_row_that_counts_is_the_one_the_reader_takes(
    tmp_path: Path, archived_at: str | None, live_at: str | None, is_archived: bool
) -> None:
    """SYN-1: of a record in two files the reader's row is written; an archived twin hides a live row only if later."""
    for names in (("a", "b"), ("b", "a")):
        crm = tmp_path / names[0]
        write_rows(crm / f"{names[0]}.jsonl", row("contact", "con-1", updated_at=archived_at, archived=True))
        write_rows(crm / f"{names[1]}.jsonl", row("contact", "con-1", updated_at=live_at, fields={"title": "VP"}))
        assert WritableFiles(crm).read("contact", ["con-1"])["con-1"].is_archived is is_archived
        assert pulled(crm)["con-1"] == ({} if is_archived else {"title": "VP"})
        if not is_archived:
            done(crm, call("update", "con-1", fields={"title": "CTO"}))
            assert pulled(crm)["con-1"]["title"] == "CTO"


TITLES = st.sampled_from(["CTO", "Zoë", "", "a\u2028b"])
TIMES = st.sampled_from([None, EARLIER, "2027-01-01T00:00:00+02:00", "no time"])


@settings(max_examples=20)
@given(rows=st.lists(st.tuples(TITLES, TIMES, st.booleans()), min_size=2, max_size=4))
def test_writer_and_reader_agree_on_rows_updated_at_once(rows: list[tuple[str, str | None, bool]]) -> None:
    """SYN-1: whatever ties there are, what the writer reads and writes is what the next pull sees."""
    with tempfile.TemporaryDirectory() as folder:
        for number, (title, time, archived) in enumerate(rows):
            path = Path(folder) / f"{number}.jsonl"
            write_rows(path, row("contact", "con-1", updated_at=time, archived=archived, fields={"title": title}))
        record = WritableFiles(Path(folder)).read("contact", ["con-1"])["con-1"]
        assert pulled(Path(folder))["con-1"] == record.fields
        if not record.is_archived:
            done(Path(folder), call("update", "con-1", fields={"title": "new"}, expected=dict(record.fields)))
            assert pulled(Path(folder))["con-1"]["title"] == "new"


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab", max_size=3), inner, max_size=3),
    max_leaves=5,
)  # fmt: skip


@settings(max_examples=30)
@given(values=st.dictionaries(st.integers(0, 5), JSON_VALUES, min_size=1), is_array=st.booleans())
def test_what_was_written_is_read_back_and_the_rest_is_untouched(values: dict[int, Any], is_array: bool) -> None:
    """SYN-1, SYN-3: any JSON value survives the way through the file; rows that nobody wrote keep every byte."""
    with tempfile.TemporaryDirectory() as folder:
        rows = [json.dumps(row("contact", f"c-{number}", extra_key=[number])) for number in range(6)]
        text = "[ " + " ,\n".join(rows) + "\n]" if is_array else "\n".join(rows)
        path = Path(folder) / ("all.json" if is_array else "all.jsonl")
        path.write_text(text, encoding="utf-8")
        done(Path(folder), *(call("update", f"c-{n}", fields={"v": v}, key=f"k-{n}") for n, v in values.items()))
        read = WritableFiles(Path(folder)).read("contact", [f"c-{number}" for number in range(6)])
        assert {n: read[f"c-{n}"].fields.get("v") for n in values} == values
        kept = path.read_bytes()
        assert all(rows[number].encode() in kept for number in set(range(6)) - set(values))
        assert pulled(Path(folder)).keys() == read.keys()


def test_clock_behind_the_record_does_not_hide_the_write(tmp_path: Path) -> None:
    """SYN-1: a record that was updated in the future is updated just behind it, so that the written row counts."""
    write_rows(tmp_path / "a.jsonl", row("contact", "con-1", updated_at="2027-01-01T00:00:00Z", fields={"title": "A"}))
    write_rows(tmp_path / "b.jsonl", row("contact", "con-1", updated_at="2026-12-31T00:00:00Z", fields={"title": "B"}))
    sent = call("update", "con-1", fields={"title": "C"})
    done(tmp_path, sent, replace(sent, key="key-2", fields={"title": "D"}))
    assert pulled(tmp_path)["con-1"]["title"] == "D"
