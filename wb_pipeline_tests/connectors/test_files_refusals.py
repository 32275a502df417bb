"""When nothing is written to CRM files: values, files and folders that cannot take it, and how that is said."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from filelock import FileLock

from wb_pipeline.connectors.files_writing import WritableFiles
from wb_pipeline.connectors.writing import Refused, Unavailable
from wb_pipeline.errors import InputError
from wb_pipeline_tests.connectors.crm_folder import (
    call,
    contents,
    done,
    only,
    row,
)


@pytest.mark.parametrize(
    ("value", "word"),
    [("half \ud83d", "Unicode"), (float("nan"), "JSON"), ("x" * (1 << 20), "bytes"), (10**200, "digits")],
)
def test_value_that_could_not_be_read_again_is_refused(crm: Path, value: Any, word: str) -> None:
    """SYN-4, CON-7: nothing is written that would make the row unreadable for the next pull."""
    before = contents(crm)
    answer = only(crm, call("update", "con-1", fields={"title": value}))
    assert isinstance(answer, Refused)
    assert word in answer.text
    assert contents(crm) == before


def test_file_that_cannot_be_written_is_refused_in_plain_words(tmp_path: Path) -> None:
    """SYN-4: Parquet and broken arrays are read; a write to them says what to do."""
    table = pa.Table.from_pylist([row("contact", "con-1") | {"fields": '{"title":"VP"}'}])
    pq.write_table(table, tmp_path / "a.parquet")
    (tmp_path / "b.json").write_text(f"[{json.dumps(row('company', 'com-1'))},")
    writer = WritableFiles(tmp_path)
    assert writer.read("contact", ["con-1"])["con-1"].fields == {"title": "VP"}
    answers = writer.write_many([
        call("update", "con-1", fields={"title": "CTO"}), call("update", "com-1", object="company", fields={"a": 1})
    ])  # fmt: skip
    assert [type(answer) for answer in answers] == [Refused, Refused]
    assert "a.parquet" in answers[0].text
    assert "JSON Lines" in answers[0].text
    assert "b.json" in answers[1].text


def test_folder_that_somebody_else_holds_is_unavailable(crm: Path) -> None:
    """SYN-4: two who write wait for each other; who waits too long says so and has written nothing."""
    with FileLock(crm / ".wb-writes.lock"):
        (answer,) = WritableFiles(crm, lock_seconds=0.05).write_many([call("update", "con-1", fields={"title": "X"})])
        with pytest.raises(Unavailable, match="holds"):
            WritableFiles(crm, lock_seconds=0.05).read("contact", ["con-1"])
    assert isinstance(answer, Unavailable)
    done(crm, call("update", "con-1", fields={"title": "X"}))


def test_folder_without_room_for_a_lock_is_unavailable(crm: Path) -> None:
    """SYN-4: where no lock can be taken nothing is read or written, and the reason is said."""
    (crm / ".wb-writes.lock").mkdir()
    answer = only(crm, call("update", "con-1", fields={"title": "X"}))
    assert isinstance(answer, Unavailable)
    assert "cannot be read or written" in answer.text


def test_missing_folder_is_an_error_in_words(tmp_path: Path) -> None:
    """SYN-1: a misspelt folder is not made."""
    with pytest.raises(InputError, match="does not exist") as caught:
        WritableFiles(tmp_path / "nowhere")
    assert caught.value.hint
