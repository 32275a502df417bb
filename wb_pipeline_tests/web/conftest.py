"""A page over a small queue, asked without a network; and the same page behind a real port for the browser."""

from __future__ import annotations

import asyncio
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from wb_pipeline.home import Home
from wb_pipeline.ledger.store import Ledger
from wb_pipeline.review.model import Item
from wb_pipeline.web.app import make_app
from wb_pipeline.web.guard import Address
from wb_pipeline.web.office import Office
from wb_pipeline.web.server import listen, make_server
from wb_pipeline_tests.ledger.factories import CLOCK
from wb_pipeline_tests.review.factories import Rows, create, queue, suggestion, update
from wb_pipeline_tests.web.asgi import Client
from wb_pipeline_tests.web.browser import Tab, browser_tab

REVIEWER = "u-ops-1"
SECOND = "u-sales-1"
PROPOSALS = (
    update("title", "VP IT", old="Head of IT"),
    update("title", "Chief of IT", record_id="con-2"),
    update("phone", "+13035550199"),
    update("phone", "+13035550188", record_id="con-2"),
    update("title", "Boss", record_id="con-2", actor_id="agent-sales-1"),
    update("persona", "decision_maker"),
    update("persona", "user", record_id="con-2", actor_id="agent-notes-1"),
    create("lead", {"first_name": "Ana", "last_name": "Ruiz", "email": "ana.ruiz@northwind.example"}),
    suggestion(),
)


@dataclass(frozen=True)
class Page:
    """A page that is asked in this process: its office, and a client that is signed in."""

    office: Office
    client: Client

    @property
    def ledger(self) -> Ledger:
        """The ledger of its home."""
        return self.office.ledger

    def somebody(self, name: str) -> Client:
        """Return a client of another person, signed in."""
        client = Client(self.client.app, self.client.runner)
        assert client.sign_in(self.office.tokens.issue(name)).status == 303
        return client


@pytest.fixture(scope="session")
def runner() -> Iterator[asyncio.Runner]:
    """One event loop for all that is asked without a network."""
    with asyncio.Runner() as found:
        yield found


@pytest.fixture
def page_over(tmp_path: Path, runner: asyncio.Runner) -> Callable[..., Page]:
    """Return a function that makes a page over proposals (none: one contact's title waits)."""

    def make(*proposals: Rows) -> Page:
        return page_of(*queue(tmp_path, *proposals), runner)

    return make


@pytest.fixture(scope="session")
def small_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Return a home in which one item waits, to be copied."""
    home, _ = queue(tmp_path_factory.mktemp("small"))
    return home


@pytest.fixture
def page(small_home: Home, tmp_path: Path, runner: asyncio.Runner) -> Page:
    """Return a page over one item that the test may decide on."""
    return copy_of(small_home, tmp_path, runner)


@pytest.fixture(scope="module")
def shared_page(small_home: Home, tmp_path_factory: pytest.TempPathFactory, runner: asyncio.Runner) -> Page:
    """Return a page over one item for all tests of a file, which leave everything as it is."""
    return copy_of(small_home, tmp_path_factory.mktemp("shared"), runner)


def copy_of(home: Home, folder: Path, runner: asyncio.Runner) -> Page:
    """Return a page over a copy of a home."""
    shutil.copytree(home.root, folder / "home")
    copied = Home(folder / "home")
    return page_of(copied, Ledger.open(copied, clock=lambda: CLOCK), runner)


def page_of(home: Home, ledger: Ledger, runner: asyncio.Runner, now: datetime = CLOCK) -> Page:
    """Return a page over a home, with a reviewer signed in."""
    office = Office(home, ledger, Address.loopback(8787), lambda: now)
    client = Client(make_app(office), runner)
    assert client.sign_in(office.tokens.issue(REVIEWER)).status == 303
    return Page(office, client)


def waiting(office: Office, *, is_suggestion: bool = False) -> list[Item]:
    """Return what waits: suggestions, or everything else."""
    return [item for item in office.open_items() if (item.kind == "suggestion") is is_suggestion]


@dataclass(frozen=True)
class Served:
    """A page behind a port."""

    office: Office
    address: str


@contextmanager
def served(home: Home, ledger: Ledger, now: datetime = CLOCK) -> Iterator[Served]:
    """Serve a home on a free port of this machine until the block ends."""
    with listen("127.0.0.1", 0) as door:
        port = door.getsockname()[1]
        office = Office(home, ledger, Address.loopback(port), lambda: now)
        server = make_server(make_app(office))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [door]})
        thread.start()
        try:
            yield Served(office, f"http://127.0.0.1:{port}")
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture(scope="session")
def tab(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    """Return a tab of a browser, one for all tests: it takes seconds to start."""
    with browser_tab(chromium, tmp_path_factory.mktemp("browser")) as found:
        yield found


@pytest.fixture(scope="module")
def some_home(tmp_path_factory) -> Home:
    """A home in which some items wait, to be copied."""
    home, _ = queue(tmp_path_factory.mktemp("some"), *PROPOSALS)
    return home


@pytest.fixture
def site(some_home, tmp_path, tab) -> Iterator[Served]:
    """A served page over some items that the test may decide on, with a reviewer signed in by hand."""
    shutil.copytree(some_home.root, tmp_path / "home")
    home = Home(tmp_path / "home")
    with served(home, Ledger.open(home, clock=lambda: CLOCK)) as found:
        sign_in(tab, found)
        yield found


@pytest.fixture(scope="module")
def shared_site(some_home, tab) -> Iterator[Served]:
    """A served page over the same items for tests that only look."""
    with served(some_home, Ledger.open(some_home, clock=lambda: CLOCK)) as found:
        yield found


@pytest.fixture
def look(shared_site, tab) -> Served:
    """The shared page, with a reviewer signed in."""
    sign_in(tab, shared_site)
    return shared_site


def sign_in(tab: Tab, site: Served) -> None:
    """Come in as a person does."""
    tab.size(1280, 900)
    tab.problems.clear()
    tab.go(f"{site.address}/sign-in")
    if tab.run("location.pathname") == "/":
        return
    tab.type(site.office.tokens.issue(REVIEWER))
    tab.press_away("Enter")
