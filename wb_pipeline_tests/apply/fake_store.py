"""What the fake CRM holds and what was ever asked of it: in SQLite, so that no kill loses any of it. No HTTP here.

It is as simple-minded as a real CRM: the same call sent twice is carried out twice, and the log shows it.
"""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from pathlib import Path
from typing import Any

from wb_pipeline.connectors.search_keys import holds
from wb_pipeline.connectors.writing import KEY_FIELD

Answer = dict[str, Any]
Call = dict[str, Any]

_TABLES = """
create table if not exists records (
    object text, id text, fields text, archived int, merged_into text, earlier text, stale_until real,
    primary key (object, id)
);
create table if not exists log (
    sequence integer primary key, at real, request text, write_key text, action text, object text, record_id text,
    effect text, before text, after text, expected text, by text
);
"""
_PARSED = ("before", "after", "expected")
REFERENCES = {"company": ("company_id",), "contact": ("contact_id", "primary_contact_id"), "deal": ("deal_id",)}


class FakeStore:
    """Records and a log of every call. Every method is one transaction, safe on disk when it returns."""

    def __init__(self, path: Path, settle_seconds: float) -> None:
        self.settle_seconds = settle_seconds
        self.stale_seconds = 0.0
        self._lock = threading.Lock()
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._db.row_factory = sqlite3.Row
        # A killed process loses nothing that the operating system has: no need to wait for the disk.
        self._db.executescript(f"pragma journal_mode=wal; pragma synchronous=off; {_TABLES}")

    def reset(self, records: list[dict[str, Any]], log: list[dict[str, Any]]) -> None:
        """Begin anew with these records (object, id, fields; maybe archived, merged_into) and this log."""
        with self._lock, self._db:
            self._db.executescript("delete from records; delete from log;")
            for record in records:
                self._put(record["object"], record["id"], record["fields"], archived=bool(record.get("archived")))
                merged = (record.get("merged_into"), record["object"], record["id"])
                self._db.execute("update records set merged_into = ? where object = ? and id = ?", merged)
            for row in log:
                texts = {name: json.dumps(row[name]) for name in _PARSED if row[name] is not None}
                self._db.execute(f"insert into log values ({', '.join('?' * len(row))})", [*(row | texts).values()])

    def state(self) -> list[dict[str, Any]]:
        """Return every record as it really stands."""
        with self._lock:
            rows = self._db.execute("select object, id, fields, archived, merged_into from records order by 1, 2")
            return [dict(row) | {"fields": json.loads(row["fields"])} for row in rows.fetchall()]

    def log(self) -> list[dict[str, Any]]:
        """Return everything that was asked and done, in order."""
        with self._lock:
            rows = [dict(row) for row in self._db.execute("select * from log order by sequence").fetchall()]
        return [row | {name: json.loads(row[name]) for name in _PARSED if row[name]} for row in rows]

    def read(self, object_name: str, ids: list[str]) -> list[dict[str, Any]]:
        """Return records as a reader sees them: for a while after a write maybe the old values."""
        with self._lock:
            found = [self._get(object_name, record_id) for record_id in ids]
        now = time.time()
        return [_seen(record, now) for record in found if record is not None]

    def find(self, object_name: str, keys: list[str]) -> dict[str, str]:
        """Return which records carry these keys, as a reader sees them."""
        marks = ", ".join("?" * len(keys))
        query = f"select * from records where object = ? and json_extract(fields, '$.{KEY_FIELD}') in ({marks})"
        with self._lock:
            rows = self._db.execute(query, [object_name, *keys]).fetchall()
        seen = [_seen(row, time.time()) for row in rows]
        held = {str(record["fields"].get(KEY_FIELD)): record["id"] for record in seen}
        return {key: held[key] for key in keys if key in held}

    def search(self, object_name: str, wanted: dict[str, list[str]]) -> list[dict[str, Any]]:
        """Return the live records that hold one of the keys in its field, as a reader sees them."""
        with self._lock:
            rows = self._db.execute("select * from records where object = ?", (object_name,)).fetchall()
        seen = [_seen(row, time.time()) for row in rows]
        return [each for each in seen if each["id"] and not each["archived"] and holds(each["fields"], wanted)]

    def edit(self, object_name: str, record_id: str, fields: dict[str, Any], by: str) -> None:
        """Let somebody else change a record."""
        call = {"key": "", "action": "edit", "object": object_name, "record_id": record_id, "by": by}
        self.carry_out(call | {"fields": fields, "sent_at": time.time()}, "edit")

    def note(self, call: Call, request: str, effect: str) -> None:
        """Log a call that was received and not carried out."""
        with self._lock, self._db:
            self._log(call, request, effect)

    def carry_out(self, call: Call, request: str) -> Answer:
        """Do what a call asks for, unless it is too late for that; log it either way."""
        with self._lock, self._db:
            self._db.execute("begin immediate")
            if time.time() > call["sent_at"] + self.settle_seconds:
                self._log(call, request, "late")
                return {"status": "late", "text": "the call came too late and was not carried out"}
            if call["action"] in ("create", "enroll"):
                return self._create(call, request)
            return self._change(call, request)

    def _create(self, call: Call, request: str) -> Answer:
        record_id = f"{call['object']}-fake-{self._db.execute('select count(*) from records').fetchone()[0]}"
        self._put(call["object"], record_id, call["fields"] | {KEY_FIELD: call["key"]}, call=call)
        self._log(call | {"record_id": record_id}, request, "committed", {}, call["fields"])
        return {"status": "done", "record_id": record_id, "text": "created"}

    def _change(self, call: Call, request: str) -> Answer:
        record = self._get(call["object"], call["record_id"])
        if record is None:
            self._log(call, request, "refused")
            return {"status": "refused", "text": f"there is no {call['object']} {call['record_id']}"}
        fields = json.loads(record["fields"])
        if record["archived"] or any(fields.get(name) != value for name, value in call.get("expected", {}).items()):
            self._log(call, request, "conflict", fields)
            return {"status": "conflict", "text": "a value moved"}
        self._commit(call, request, fields)
        return {"status": "done", "record_id": call["record_id"], "text": "written"}

    def _commit(self, call: Call, request: str, fields: dict[str, Any]) -> None:
        named = {} if call["action"] == "edit" else {KEY_FIELD: call["key"]}
        changed = fields | call["fields"] | named
        self._put(call["object"], call["record_id"], changed, archived=call["action"] == "archive", call=call)
        if call["action"] == "merge":
            self._merge(call)
        self._log(call, request, "committed", fields, changed)

    def _merge(self, call: Call) -> None:
        loser = self._get(call["object"], call["loser_id"])
        if loser is not None:
            self._put(call["object"], call["loser_id"], json.loads(loser["fields"]), archived=True, call=call)
            where = "where object = ? and id = ?"
            given = (call["record_id"], call["object"], call["loser_id"])
            self._db.execute(f"update records set merged_into = ? {where}", given)
        for name in REFERENCES.get(call["object"], ()):
            path = f"$.{name}"
            self._db.execute(
                "update records set fields = json_set(fields, ?, ?) where json_extract(fields, ?) = ? and not archived",
                (path, call["record_id"], path, call["loser_id"]),
            )

    def _get(self, object_name: str, record_id: str | None) -> sqlite3.Row | None:
        found = self._db.execute("select * from records where object = ? and id = ?", (object_name, record_id))
        row: sqlite3.Row | None = found.fetchone()
        return row

    def _put(
        self,
        object_name: str,
        record_id: str,
        fields: dict[str, Any],
        *,
        archived: bool = False,
        call: Call | None = None,
    ) -> None:
        before = self._get(object_name, record_id)
        earlier = json.dumps(dict(before) | {"earlier": None}) if before else None
        stale_until = call["sent_at"] + self.stale_seconds if call else 0.0
        self._db.execute(
            "insert or replace into records values (?, ?, ?, ?, ?, ?, ?)",
            (object_name, record_id, json.dumps(fields), archived, None, earlier, stale_until),
        )

    def _log(self, call: Call, request: str, effect: str, before: Any = None, after: Any = None) -> None:
        texts = (json.dumps(value) for value in (before, after, call.get("expected", {})))
        given = (time.time(), request, call["key"], call["action"], call["object"], call["record_id"], effect, *texts)
        self._db.execute(f"insert into log values (null, {', '.join('?' * 11)})", (*given, call["by"]))


def _seen(record: sqlite3.Row | dict[str, Any], now: float) -> dict[str, Any]:
    row = dict(record)
    if now < row["stale_until"]:
        row = json.loads(row["earlier"]) if row["earlier"] else row | {"id": None, "fields": "{}"}
    return {name: row[name] for name in ("object", "id", "archived", "merged_into")} | {
        "fields": json.loads(row["fields"])
    }
