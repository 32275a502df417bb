"""A CRM that goes wrong on request: an HTTP server in a process of its own, on loopback. Run as a module.

`python -m wb_pipeline_tests.apply.fake_crm STATE_FILE SETTLE_SECONDS` prints its port. A call that arrives later than
the settle time after it was sent is never carried out: so "wait, then read" tells a client what happened. A time limit
that the client would have hit is answered with status 598 at once: no test waits for one, and none fires by accident.
"""

from __future__ import annotations

import json
import os
import random
import socket
import struct
import sys
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from wb_pipeline_tests.apply.fake_faults import LATE_SHARE, RETRY_AFTER_SECONDS, SLOW_SECONDS
from wb_pipeline_tests.apply.fake_store import Answer, Call, FakeStore

TIME_LIMIT = 598
_SOMEBODY = "user:u-somebody"


class FaultPlan:
    """Which faults are still to come: one per request, in order; of some records always."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.set({})

    def set(self, plan: dict[str, Any]) -> None:
        """Take `writes` and `reads` (lists), `refused` (record ids), `rate` and `seed` (for faults at random)."""
        with self._lock:
            self._due = {"write": list(plan.get("writes", [])), "read": list(plan.get("reads", []))}
            self.refused = frozenset(plan.get("refused", []))
            self._any, self._rate = plan.get("any", []), plan.get("rate", 0.0)
            self._random = random.Random(plan.get("seed", 0))

    def next(self, kind: str) -> str:
        """Return the fault of the next request; nothing where it is to go well."""
        with self._lock:
            if self._due[kind]:
                return str(self._due[kind].pop(0))
            if kind == "write" and self._any and self._random.random() < self._rate:
                return str(self._random.choice(self._any))
            return ""


class FakeServer(ThreadingHTTPServer):
    """The server with its store and its plan of faults."""

    daemon_threads = True

    def __init__(self, store: FakeStore) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.store = store
        self.plan = FaultPlan()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Killed clients break their connections: that is what they are killed for."""


class Handler(BaseHTTPRequestHandler):
    """One request: control calls always go well, reads and writes as the plan says."""

    server: FakeServer

    def do_POST(self) -> None:
        """Answer a request; every one is JSON in and JSON out."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])) or b"{}")
        answer: Callable[[dict[str, Any]], None] = getattr(self, f"_{self.path.strip('/')}")
        answer(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing: the store has the log."""

    def _reset(self, body: dict[str, Any]) -> None:
        self.server.store.stale_seconds = 0.0
        self.server.plan.set({})
        self.server.store.reset(body["records"], body.get("log", []))
        self._send({})

    def _plan(self, body: dict[str, Any]) -> None:
        self.server.plan.set(body)
        self._send({})

    def _edit(self, body: dict[str, Any]) -> None:
        self.server.store.edit(body["object"], body["id"], body["fields"], body.get("by", _SOMEBODY))
        self._send({})

    def _state(self, _: dict[str, Any]) -> None:
        self._send({"records": self.server.store.state(), "log": self.server.store.log()})

    def _read(self, body: dict[str, Any]) -> None:
        if not self._is_read_fault():
            self._send({"records": self.server.store.read(body["object"], body["ids"])})

    def _find(self, body: dict[str, Any]) -> None:
        if not self._is_read_fault():
            self._send({"found": self.server.store.find(body["object"], body["keys"])})

    def _search(self, body: dict[str, Any]) -> None:
        if not self._is_read_fault():
            self._send({"records": self.server.store.search(body["object"], body["wanted"])})

    def _is_read_fault(self) -> bool:
        fault = self.server.plan.next("read")
        if fault == "slow":
            time.sleep(SLOW_SECONDS)
            return False
        if fault:
            self._fail(fault)
        return bool(fault)

    def _write(self, body: dict[str, Any]) -> None:
        Writing(self, body["calls"], f"{time.time_ns()}").answer(self.server.plan.next("write"))

    def _fail(self, fault: str) -> None:
        """End a request without a result."""
        if fault.startswith("throttle"):
            self._send({}, 429, {"Retry-After": str(RETRY_AFTER_SECONDS)} if fault == "throttle_after" else {})
        elif fault.startswith("reset") or fault == "cut_in_middle":
            # Closing with data unsent and no patience makes the kernel send a reset.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        else:
            self._send({}, {"down": 503, "locked": 423}.get(fault, TIME_LIMIT if "time" in fault else 500))

    def _send(self, answer: dict[str, Any], status: int = 200, headers: dict[str, str] | None = None) -> None:
        data = json.dumps(answer).encode()
        self.send_response(status)
        for name, value in {"Content-Length": str(len(data)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)


class Writing:
    """One write request: its calls carried out, or not, as a fault says."""

    def __init__(self, handler: Handler, calls: list[Call], request: str) -> None:
        self._handler, self._calls, self._request = handler, calls, request
        self._store, self._refused = handler.server.store, handler.server.plan.refused

    def answer(self, fault: str) -> None:
        """Answer the request with what the fault makes of it."""
        half = (len(self._calls) + 1) // 2
        if fault in ("", "shuffled", "slow", "stale", "moved", "moved_after"):
            self._answer_well(fault)
        elif fault.startswith("partial"):
            status = fault.removeprefix("partial_")
            self._send([*self._carried_out(self._calls[:half]), *self._turned_away(self._calls[half:], status)])
        elif fault == "timeout_late":
            self._carry_out_late()
            self._handler._fail(fault)
        else:
            if fault in ("stale_unknown", "moved_unknown"):
                self._prepare(fault.removesuffix("_unknown"))
            is_carried_out = fault.endswith(("_after", "_unknown")) and fault != "throttle_after"
            done = self._calls if is_carried_out else self._calls[:half] if fault == "cut_in_middle" else []
            self._carried_out(done)
            self._turned_away(self._calls[len(done) :], "not_done")
            self._handler._fail("timeout" if fault.endswith("_unknown") else fault)

    def _answer_well(self, fault: str) -> None:
        self._prepare(fault)
        results = self._carried_out(self._calls)
        if fault == "slow":
            time.sleep(SLOW_SECONDS)
        if fault == "moved_after" and results[0]["status"] == "done":
            self._store.edit(self._calls[0]["object"], results[0]["record_id"], {"owner": "u-mover"}, _SOMEBODY)
        self._send(results[::-1] if fault == "shuffled" else results)

    def _prepare(self, fault: str) -> None:
        self._store.stale_seconds = self._store.settle_seconds if fault == "stale" else 0.0
        if fault == "moved":
            for call in self._calls[:1]:
                if call["record_id"] and call["fields"]:
                    fields = {next(iter(call["fields"])): "somebody else's"}
                    self._store.edit(call["object"], call["record_id"], fields, _SOMEBODY)

    def _carried_out(self, calls: list[Call]) -> list[Answer]:
        results = []
        for call in calls:
            if call["record_id"] in self._refused:
                results += self._turned_away([call], "refused")
            else:
                results.append({"key": call["key"]} | self._store.carry_out(call, self._request))
        return results

    def _turned_away(self, calls: list[Call], status: str) -> list[Answer]:
        for call in calls:
            self._store.note(call, self._request, status)
        return [{"key": call["key"], "status": status, "text": f"it was {status}"} for call in calls]

    def _carry_out_late(self) -> None:
        """Carry the calls out at a later moment, in a thread; a call whose time is over then is dropped."""
        for call in self._calls:
            due = call["sent_at"] + LATE_SHARE * self._store.settle_seconds - time.time()
            timer = threading.Timer(max(due, 0.0), self._carried_out, [[call]])
            timer.daemon = True
            timer.start()

    def _send(self, results: list[Answer]) -> None:
        self._handler._send({"results": results})


def _end_with_parent() -> None:
    """End when whoever started the server is gone, however that came: then nobody holds the other end of our input."""
    sys.stdin.read()
    os._exit(0)


def main() -> None:
    """Serve until killed, or left alone."""
    server = FakeServer(FakeStore(Path(sys.argv[1]), float(sys.argv[2])))
    threading.Thread(target=_end_with_parent, daemon=True).start()
    print(server.server_address[1], flush=True)  # noqa: T201 - whoever started it reads the port
    server.serve_forever()


if __name__ == "__main__":
    main()
