"""Runs the page on a port of this machine until it is told to end. Where it may listen is for the command line."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import uvicorn

from wb_pipeline.errors import InputError

if TYPE_CHECKING:
    from starlette.types import ASGIApp

_MOST_AT_ONCE = 64
_MOST_HEADER_BYTES = 1 << 16


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens. Raises InputError if the port is taken or the host is not of this machine."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    found = socket.socket(family, socket.SOCK_STREAM)
    try:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind((host, port))
        found.listen(_MOST_AT_ONCE)
    except OSError as error:
        found.close()
        raise InputError(f"{host}:{port} cannot be used: {error.strerror}", hint="name another with --port") from error
    return found


def make_server(app: ASGIApp) -> uvicorn.Server:
    """Return a server for the page; `run(sockets=[...])` serves until its `should_exit` is set."""
    return uvicorn.Server(
        uvicorn.Config(
            app,
            loop="asyncio",
            http="h11",
            ws="none",
            lifespan="off",
            access_log=False,
            log_level="warning",
            server_header=False,
            date_header=False,
            proxy_headers=False,
            limit_concurrency=_MOST_AT_ONCE,
            h11_max_incomplete_event_size=_MOST_HEADER_BYTES,
            # A browser may send a form on a connection that lay idle: it must not have just been closed.
            timeout_keep_alive=75,
            timeout_graceful_shutdown=5,
        )
    )
