"""`wb review serve` and `wb review token`: where the page may listen, and that it does."""

from __future__ import annotations

import signal
import subprocess
import urllib.error
import urllib.request
from contextlib import suppress

import pytest

from wb_pipeline.web.server import listen
from wb_pipeline.web.tokens import Tokens
from wb_pipeline_tests.conftest import wb_environment, wb_process

_SECONDS = 60


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--host", "0.0.0.0"], "is not this machine alone"),  # noqa: S104 - that it is refused is the test
        (["--host", "192.0.2.7"], "is not this machine alone"),
        (["--host", "::"], "is not this machine alone"),
        (["--host", "review.example"], "is not this machine alone"),
        (["--host", "0.0.0.0", "--open-to-network"], "has to know the address that they type"),  # noqa: S104 - as above
        (["--origin", "review.example"], "is no origin"),
        (["--origin", "https://review.example/path"], "is no origin"),
        (["--origin", "javascript://x"], "is no origin"),
    ],
)
def test_page_that_others_reach_has_to_be_meant(wb, small_home, options, words):
    """RVW-5: the page listens on this machine alone unless somebody says otherwise, and then it knows its own name."""
    run = wb("review", "serve", "--home", small_home.root, *options)
    assert run.exit_code == 2
    assert words in run.err


def test_page_of_a_home_without_books_is_refused(wb, tmp_path):
    """There is nothing to decide where nothing was judged."""
    assert "there are no books" in wb("review", "serve", "--home", tmp_path / "none").err
    assert "there are no books" in wb("review", "token", "ana", "--home", tmp_path / "none").err


def test_port_that_is_taken_is_told(wb, small_home):
    """A taken port is a sentence, not a traceback."""
    with listen("127.0.0.1", 0) as door:
        run = wb("review", "serve", "--home", small_home.root, "--port", str(door.getsockname()[1]))
    assert (run.exit_code, "cannot be used" in run.err) == (2, True)


def test_token_is_shown_once_listed_and_revoked(wb, page):
    """RVW-5: a token on the screen alone, so that it can be handed on; afterwards only whose there are."""
    home = page.office.home
    made = wb("review", "token", "ana", "--home", home.root)
    token = made.out.strip()
    assert Tokens(home).holder(token).name == "ana"
    listed = wb("review", "token", "--list", "--home", home.root).out
    assert "ana  made" in listed
    assert token not in listed
    assert "1 tokens of ana are revoked." in wb("review", "token", "ana", "--revoke", "--home", home.root).out
    assert Tokens(home).holder(token) is None
    assert "whose token?" in wb("review", "token", "--home", home.root).err


def test_page_serves_and_ends_when_told(small_home):
    """RVW-1: one command serves the page over a home; it ends at once when it is told to."""
    command = wb_process("review", "serve", "--home", small_home.root, "--port", "0")
    with subprocess.Popen(command, env=wb_environment(), stdout=subprocess.PIPE, text=True) as server:
        try:
            address = server.stdout.readline().split()[0]
            with urllib.request.urlopen(f"{address}/", timeout=_SECONDS) as answer:  # noqa: S310 - our own page
                assert answer.url == f"{address}/sign-in"
                assert "Your token" in answer.read().decode()
            forged = urllib.request.Request(address, headers={"Host": "evil.example"})  # noqa: S310 - our own page
            with pytest.raises(urllib.error.HTTPError, match="421") as refused:
                urllib.request.urlopen(forged, timeout=_SECONDS)  # noqa: S310 - our own page
            refused.value.close()
            server.send_signal(signal.SIGTERM)
            server.wait(_SECONDS)
        finally:
            with suppress(ProcessLookupError):
                server.kill()
