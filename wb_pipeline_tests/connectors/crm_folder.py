"""A small CRM folder with every oddity of real ones, and calls on it. No assertions here."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pyarrow.parquet as pq

from wb_pipeline.connectors.files import FilesConnector
from wb_pipeline.connectors.files_writing import WritableFiles
from wb_pipeline.connectors.snapshots import keep_pull
from wb_pipeline.connectors.writing import CrmAnswer, CrmCall
from wb_pipeline.home import Home

SENT = datetime(2026, 3, 2, 9, tzinfo=UTC)
EARLIER = "2026-03-01T00:00:00Z"


def row(object_name: str, record_id: str, /, *, updated_at: str | None = EARLIER, **more: Any) -> dict[str, Any]:
    """A record as it stands in a file; `fields` and other keys of the row by name."""
    made = {"object": object_name, "id": record_id, "fields": {}, "updated_at": updated_at}
    return {key: value for key, value in (made | more).items() if key != "updated_at" or value is not None}


def write_rows(path: Path, *rows: Any) -> None:
    """Write JSON Lines; text is written as it is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join((each if isinstance(each, str) else json.dumps(each)) + "\n" for each in rows))


def odd_folder(root: Path) -> Path:
    """Make a folder with a CRLF line, a compact row, unknown keys, a bad row, no last line feed, an array."""
    crm = root / "crm"
    write_rows(
        crm / "contacts.jsonl",
        json.dumps(row("contact", "con-1", fields={"title": "CTO", "company_id": "com-2"}, tag={"kept": 1})) + "\r",
        '{"object":"contact","id":"con-2","fields":{"title":"VP","note":"Zo\\u00eb"},"x":1.50}',
        "{broken",
        "",
        row("contact", "con-3", fields={"title": "CFO", "company_id": "com-2"}),
    )
    (crm / "contacts.jsonl").write_bytes((crm / "contacts.jsonl").read_bytes().rstrip(b"\n"))
    companies = [row("company", "com-1", fields={"name": "Acme"}), row("company", "com-2", fields={"name": "Acme Inc"})]
    (crm / "sub").mkdir()
    (crm / "sub" / "companies.json").write_text(json.dumps(companies, indent=2))
    write_rows(
        crm / "deals.jsonl", row("deal", "deal-1", fields={"company_id": "com-2", "primary_contact_id": "con-3"})
    )
    return crm


def call(action: str, record_id: str | None = None, /, *, key: str = "key-1", **more: Any) -> CrmCall:
    """A call on a contact, unless `object` says otherwise."""
    given = {"object": "contact", "fields": {}, "sent_at": SENT, "by": "agent:a-1"} | more
    return CrmCall(key=key, action=action, record_id=record_id, **given)


def done(crm: Path | WritableFiles, *calls: CrmCall) -> list[CrmAnswer]:
    """Carry out calls that have to go through."""
    answers = (crm if isinstance(crm, WritableFiles) else WritableFiles(crm)).write_many(calls)
    for answer in answers:
        assert isinstance(answer, CrmAnswer), answer
    return answers  # type: ignore[return-value]  # all of them are, as was just asserted


def contents(folder: Path) -> dict[str, bytes]:
    """Return what stands in every file that readers see."""
    files = (path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(files)}


def record_in(path: Path, record_id: str) -> dict[str, Any]:
    """Return a record of a file of JSON Lines as it stands there."""
    rows = [json.loads(line) for line in path.read_bytes().splitlines() if line.startswith(b"{") and b":" in line]
    return next(each for each in rows if each["id"] == record_id)


def only(crm: Path, *calls: Any) -> Any:
    """Return the answer to the last of some calls."""
    return WritableFiles(crm).write_many(calls)[-1]


def pulled(crm: Path) -> dict[str, dict[str, Any]]:
    """Return {record id: fields} as the reader sees the folder, and keeps it."""
    with tempfile.TemporaryDirectory() as kept:
        path = keep_pull(Home(Path(kept)), FilesConnector(crm).pull_crm()).path
        return {each["record_id"]: json.loads(each["fields"]) for each in pq.read_table(path).to_pylist()}


class ProcessDiedError(BaseException):
    """Stands for a kill -9: whoever catches it is dead already, so nothing that it does has an effect."""


@contextmanager
def dying(step: int) -> Iterator[Callable[[], int]]:
    """Let the process die before its n-th durable operation; give a function that says how many there were."""
    done_steps = [0]

    def mortal(real: Callable[..., Any]) -> Callable[..., Any]:
        def operation(*given: Any, **named: Any) -> Any:
            done_steps[0] += 1
            if done_steps[0] >= step:
                raise ProcessDiedError
            return real(*given, **named)

        return operation

    with patch.multiple(os, **{name: mortal(getattr(os, name)) for name in ("fsync", "replace", "unlink", "chmod")}):
        yield lambda: done_steps[0]
