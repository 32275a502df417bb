"""The fake CRM from outside: the process that it runs in, and a WritableCrm that speaks to it over HTTP."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wb_pipeline.connectors.search_keys import FieldKeys
from wb_pipeline.connectors.writing import (
    Conflict,
    CrmAnswer,
    CrmCall,
    CrmError,
    CrmRecord,
    Locked,
    OutcomeUnknown,
    Refused,
    Throttled,
    Unavailable,
)
from wb_pipeline_tests.apply.fake_crm import TIME_LIMIT

SETTLE_SECONDS = 0.4
# The server says itself when a time limit would have been hit: this one is for a server that hangs.
_PATIENCE_SECONDS = 60.0
_ERRORS = {"locked": Locked, "refused": Refused, "conflict": Conflict}


@dataclass(frozen=True)
class Reply:
    """What came back: a status and an answer; status 0 where the connection broke, -1 where there was none."""

    status: int
    answer: dict[str, Any]
    retry_after: float | None = None


def ask(port: int, path: str, body: dict[str, Any]) -> Reply:
    """Send one request on a connection of its own, and close it whatever happens."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE_SECONDS)
    try:
        connection.request("POST", f"/{path}", json.dumps(body))
        response = connection.getresponse()
        waits = response.headers.get("Retry-After")
        return Reply(response.status, json.loads(response.read() or b"{}"), float(waits) if waits else None)
    except ConnectionRefusedError:
        return Reply(-1, {})
    except (OSError, http.client.HTTPException, ValueError):
        return Reply(0, {})
    finally:
        connection.close()


class FakeCrm:
    """A WritableCrm over the fake server."""

    name = "fake"
    settle_seconds = SETTLE_SECONDS

    def __init__(self, port: int, batch_size: int = 4) -> None:
        self.port = port
        self.batch_size = batch_size

    def read(self, object_name: str, record_ids: Sequence[str]) -> dict[str, CrmRecord]:
        """Return the records as the server shows them."""
        found = self._look("read", {"object": object_name, "ids": list(record_ids)})["records"]
        return {
            each["id"]: CrmRecord(object_name, each["id"], each["fields"], bool(each["archived"]), each["merged_into"])
            for each in found
            if each["id"]
        }

    def find_by_key(self, object_name: str, keys: Sequence[str]) -> dict[str, str]:
        """Return which records carry the keys, as the server shows them."""
        found: dict[str, str] = self._look("find", {"object": object_name, "keys": list(keys)})["found"]
        return found

    def find_by_fields(self, object_name: str, wanted: FieldKeys) -> list[CrmRecord]:
        """Return which records hold the keys in their fields, as the server shows them."""
        given = {name: list(keys) for name, keys in wanted.items()}
        found = self._look("search", {"object": object_name, "wanted": given})["records"]
        return [CrmRecord(object_name, each["id"], each["fields"]) for each in found]

    def write_many(self, calls: Sequence[CrmCall]) -> list[CrmAnswer | CrmError]:
        """Send calls in one request; map the answers back by key."""
        assert len(calls) <= self.batch_size, "more calls than the CRM takes at once"
        reply = ask(self.port, "write", {"calls": [_as_json(call) for call in calls]})
        if reply.status != 200:
            return [_whole_failure(reply)] * len(calls)
        results = {each["key"]: each for each in reply.answer["results"]}
        return [_result(results.get(call.key)) for call in calls]

    def close(self) -> None:
        """Every request closes its own connection."""

    def _look(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        reply = ask(self.port, path, body)
        if reply.status != 200:
            raise (
                Throttled("too many", reply.retry_after) if reply.status == 429 else Unavailable("no answer to a read")
            )
        return reply.answer


def _as_json(call: CrmCall) -> dict[str, Any]:
    return {
        "key": call.key, "action": call.action, "object": call.object, "record_id": call.record_id,
        "fields": dict(call.fields), "expected": dict(call.expected), "by": call.by, "loser_id": call.loser_id,
        "sent_at": call.sent_at.timestamp(),
    }  # fmt: skip


def _whole_failure(reply: Reply) -> CrmError:
    """Return what a request without results means: only some of them say for sure that nothing was done."""
    if reply.status == 429:
        return Throttled("429 too many requests", reply.retry_after)
    if reply.status == 423:
        return Locked("423 locked")
    if reply.status in (503, -1):
        return Unavailable("503 service unavailable")
    return OutcomeUnknown("the time limit passed" if reply.status == TIME_LIMIT else f"broken off ({reply.status})")


def _result(result: dict[str, Any] | None) -> CrmAnswer | CrmError:
    if result is None:
        return OutcomeUnknown("no answer for this call")
    status, text = result["status"], result["text"]
    if status == "done":
        return CrmAnswer(result["record_id"], text)
    if status == "throttled":
        return Throttled(text)
    return _ERRORS.get(status, Unavailable)(text)


class FakeCrmProcess:
    """The server's process and its control calls, which always go well."""

    def __init__(self, state: Path, settle_seconds: float = SETTLE_SECONDS) -> None:
        self._state, self._settle_seconds = state, settle_seconds
        self.start()

    def start(self) -> None:
        """Start the server on what the state file holds; its port is a new one."""
        command = [
            sys.executable,
            "-m",
            "wb_pipeline_tests.apply.fake_crm",
            str(self._state),
            str(self._settle_seconds),
        ]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        with self._process.stdout as out:
            self.port = int(out.readline())

    def kill(self) -> None:
        """Kill -9 the server."""
        with self._process:
            self._process.kill()

    def control(self, path: str, **body: Any) -> dict[str, Any]:
        """Send a control call: reset, plan, edit, state."""
        reply = ask(self.port, path, body)
        assert reply.status == 200, f"the fake CRM did not take {path}: {reply.status}"
        return reply.answer

    def log(self) -> list[dict[str, Any]]:
        """Return everything that was ever asked of the server."""
        found: list[dict[str, Any]] = self.control("state")["log"]
        return found

    def fields(self, object_name: str, record_id: str) -> dict[str, Any]:
        """Return what really stands in a record."""
        records = self.control("state")["records"]
        found: dict[str, Any] = next(
            each["fields"] for each in records if (each["object"], each["id"]) == (object_name, record_id)
        )
        return found


@contextmanager
def fake_crm(state: Path, settle_seconds: float = SETTLE_SECONDS) -> Iterator[FakeCrmProcess]:
    """Run the server in a process of its own while the block runs."""
    process = FakeCrmProcess(state, settle_seconds)
    try:
        yield process
    finally:
        process.kill()
