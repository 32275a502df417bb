"""A Postgres server of the tests' own: made in a temporary folder, gone with the process that asked for it.

No assertions here.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

# The shell stops the server when its own input ends, and takes its folder away: also when the tests were killed.
# At once (QUIT): nobody will read the data again.
_UNTIL_INPUT_ENDS = '"$@" & server=$!; cat >/dev/null; kill -QUIT "$server"; wait "$server"; rm -rf "$0"'
_SETTINGS = (
    "fsync=off",
    "full_page_writes=off",
    "listen_addresses=",
    "max_connections=50",
    "jit=off",
    "log_checkpoints=off",
)
_START_SECONDS = 60


def program(name: str) -> str | None:
    """Return where a program of Postgres lies, the newest one first; Debian keeps it off the PATH."""
    kept = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[4]))
    return str(kept[-1]) if kept else shutil.which(name)


class Server:
    """A running server; every URL names a schema or a database that nobody else uses."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._made = 0

    def url(self, database: str = "postgres", schema: str | None = None) -> str:
        """Return the URL of a database, with one schema as the search path where given."""
        path = f"&options=-csearch_path%3D{schema}" if schema else ""
        return f"postgresql://postgres@/{database}?host={self.folder}{path}"

    def new_schema(self) -> str:
        """Return the URL of a new, empty schema."""
        name = self._next("s")
        self.run(f"create schema {name}")
        return self.url(schema=name)

    def new_database(self, rest: str = "") -> str:
        """Return the URL of a new, empty database."""
        name = self._next("d")
        self.run(f"create database {name} {rest}")
        return self.url(name)

    def run(self, *statements: str, url: str | None = None) -> list[tuple[Any, ...]]:
        """Run statements as the owner of everything; return the rows of the last one."""
        with psycopg.connect(url or self.url(), autocommit=True) as connection:
            for statement in statements:
                cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def _next(self, prefix: str) -> str:
        self._made += 1
        return f"{prefix}{self._made}"


@contextmanager
def running_server() -> Iterator[Server]:
    """Make a server, yield it when it answers, and stop it."""
    # Not below pytest's folder: only its owner may go in there, and the name of a socket is short.
    folder = Path(tempfile.mkdtemp(prefix="wbpg-"))
    try:
        user = _user()
        if user:
            os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
        _initdb(folder / "data", user)
        with _process(folder, user) as process:
            server = Server(folder)
            _wait(server, process)
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _user() -> str | None:
    """Return as whom the server runs, None for who runs the tests: Postgres refuses root."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def _initdb(data: Path, user: str | None) -> None:
    command = [program("initdb"), "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
    done = subprocess.run(command, user=user, cwd="/", capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@contextmanager
def _process(folder: Path, user: str | None) -> Iterator[subprocess.Popen[bytes]]:
    settings = [part for setting in (*_SETTINGS, f"unix_socket_directories={folder}") for part in ("-c", setting)]
    command = ["sh", "-c", _UNTIL_INPUT_ENDS, folder, program("postgres"), "-D", folder / "data", *settings]
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(command, user=user, cwd="/", stdin=subprocess.PIPE, stdout=log, stderr=log)
    # Leaving the block closes the shell's input, and waits for it.
    with process:
        yield process


def _wait(server: Server, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + _START_SECONDS
    while True:
        try:
            server.run("select 1")
        except psycopg.OperationalError:
            log = (server.folder / "server.log").read_text(errors="replace")
            assert process.poll() is None, log
            assert time.monotonic() < end, log
            time.sleep(0.05)
        else:
            return
