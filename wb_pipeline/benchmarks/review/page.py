"""`wb bench page`: how long a reviewer waits for each page of a long queue, asked over a real connection."""

from __future__ import annotations

import http.client
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from html import unescape
from statistics import median
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlencode

from wb_pipeline.benchmarks.measure import BenchmarkError
from wb_pipeline.benchmarks.review.queue import CLOCK, make_queue
from wb_pipeline.ledger.store import Ledger
from wb_pipeline.web.app import make_app
from wb_pipeline.web.guard import Address
from wb_pipeline.web.office import Office
from wb_pipeline.web.server import listen, make_server

if TYPE_CHECKING:
    from pathlib import Path

    from wb_pipeline.home import Home

AIM_SECONDS = 0.3
_REVIEWER = "u-ops-1"
_HIDDEN = re.compile(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)">')
_OPEN = re.compile(r'class="open" href="([^"]+)"')
_Result = TypeVar("_Result")


@dataclass(frozen=True)
class PageReport:
    """Milliseconds by page: on the clock, and of computing; medians. `first` is the first one after the start."""

    items: int
    first_ms: float
    clock_ms: dict[str, float]
    computing_ms: dict[str, float]

    def as_json(self) -> dict[str, object]:
        """Return all figures as JSON values."""
        return asdict(self)

    def render(self) -> str:
        """Return the figures as plain text."""
        lines = [f"{self.items:,} items wait; the first page after the start: {self.first_ms:,.0f} ms"]
        lines += [
            f"{name:<28}{self.clock_ms[name]:7.0f} ms, computing {self.computing_ms[name]:5.0f} ms"
            for name in self.clock_ms
        ]
        return "\n".join([*lines, f"aim for each page: {AIM_SECONDS * 1_000:.0f} ms"])


class _Reviewer:
    """A browser without a screen: one connection, a session's cookie."""

    def __init__(self, port: int, token: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._headers = {"Origin": f"http://127.0.0.1:{port}", "Content-Type": "application/x-www-form-urlencoded"}
        answer = self._ask("POST", "/sign-in", urlencode({"token": token, "back": "/"}))
        self._headers["Cookie"] = (answer.getheader("Set-Cookie") or "").partition(";")[0]

    def get(self, path: str) -> str:
        """Return a page."""
        return self._read(self._ask("GET", path), 200)

    def approve(self, path: str) -> None:
        """Approve the item of a page that is open."""
        fields = dict(_HIDDEN.findall(self.get(path).partition('id="approve"')[2].partition("</form>")[0]))
        self._read(self._ask("POST", path, urlencode(fields)), 303)

    def close(self) -> None:
        """Leave."""
        self._connection.close()

    def _ask(self, method: str, path: str, body: str = "") -> http.client.HTTPResponse:
        self._connection.request(method, path, body if method == "POST" else None, self._headers)
        answer = self._connection.getresponse()
        self._text: str = answer.read().decode()
        return answer

    def _read(self, answer: http.client.HTTPResponse, expected: int) -> str:
        if answer.status != expected:
            raise BenchmarkError(f"the page answered {answer.status}", hint="open it with `wb review serve`")
        return self._text


def bench_page(folder: Path, items: int, repeats: int, echo: Callable[[str], None]) -> PageReport:
    """Make a queue below `folder`, serve it, and ask for each kind of page `repeats` times."""
    echo(f"sealing {items:,} items in {folder}")
    home = make_queue(folder / "page", items)
    echo("asking for pages")
    with _served(home) as reviewer:
        (first_ms, _), text = _timed(lambda: reviewer.get("/"))
        group = unescape(_OPEN.findall(text)[0])
        asked: dict[str, Callable[[], object]] = {
            "queue": lambda: reviewer.get("/"),
            "queue, filtered": lambda: reviewer.get("/?object=deal&field=stage"),
            "one cause, item by item": lambda: reviewer.get(group),
            "question about a third of it": lambda: reviewer.get("/bulk?decision=approve&all=1&object=deal"),
            "cause, item and approval": lambda: reviewer.approve(_first_item(reviewer.get(group))),
        }
        item = _first_item(reviewer.get(group))
        asked["item"] = lambda: reviewer.get(item)
        times = {name: [_timed(work)[0] for _ in range(repeats)] for name, work in asked.items()}
    clock, computing = ({name: median(pair[at] for pair in found) for name, found in times.items()} for at in (0, 1))
    return PageReport(items, first_ms, clock, computing)


def _first_item(text: str) -> str:
    links: list[str] = _OPEN.findall(text)
    return next(unescape(link) for link in links if link.startswith("/item/"))


@contextmanager
def _served(home: Home) -> Iterator[_Reviewer]:
    """Serve a home on a free port of this machine, with a reviewer signed in."""
    with listen("127.0.0.1", 0) as door:
        port = door.getsockname()[1]
        office = Office(home, Ledger.open(home, clock=lambda: CLOCK), Address.loopback(port), lambda: CLOCK)
        server = make_server(make_app(office))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [door]})
        thread.start()
        reviewer = _Reviewer(port, office.tokens.issue(_REVIEWER))
        try:
            yield reviewer
        finally:
            reviewer.close()
            server.should_exit = True
            thread.join()


def _timed(work: Callable[[], _Result]) -> tuple[tuple[float, float], _Result]:
    """Return milliseconds on the clock and of computing, ours and the page's, and what came of the work."""
    clock, computing = time.perf_counter(), time.process_time()
    result = work()
    return ((time.perf_counter() - clock) * 1_000, (time.process_time() - computing) * 1_000), result
