"""`wb review serve` and `wb review token`: the page for reviewers, and who may open it."""

from __future__ import annotations

from pathlib import Path

import click

from wb_pipeline.cli.options import clock, existing_home, home_option
from wb_pipeline.errors import InputError

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@click.command("serve")
@click.option("--port", type=click.IntRange(0, 65_535), default=8787, show_default=True, help="0 takes any free port.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address of this machine to listen on.")
@click.option(
    "--open-to-network",
    is_flag=True,
    help="Listen on an address that others reach; needs --origin. Put a server that speaks https before it.",
)
@click.option("--origin", help="The address that people type, such as https://review.example.com.")
@click.option("--now", help="The time it is, such as 2026-03-02T09:00:00Z, for trying it on the demo.")
@home_option
def serve(port: int, host: str, open_to_network: bool, origin: str | None, now: str | None, home: Path) -> None:  # noqa: FBT001 - options
    """Serve the page on which people decide what waits for them. Ends with Ctrl-C.

    Each person signs in with a token of their own: `wb review token NAME`, where NAME is a reviewer of the policy.
    """
    from wb_pipeline.ledger.store import Ledger
    from wb_pipeline.ledger.times import utc_now
    from wb_pipeline.web.app import make_app
    from wb_pipeline.web.guard import Address
    from wb_pipeline.web.office import Office
    from wb_pipeline.web.server import listen, make_server

    _refuse_open_host(host, origin, is_meant=open_to_network)
    books, moment = existing_home(home), clock(now)
    with listen("127.0.0.1" if host == "localhost" else host, port) as door:
        port = door.getsockname()[1]
        address = Address.public(_origin(origin)) if origin else Address.loopback(port)
        ledger = Ledger.open(books, clock=(lambda: moment) if moment else utc_now)
        office = Office(books, ledger, address, ledger.clock)
        # Everything is read before somebody waits for it.
        office.open_items()
        click.echo(f"{origin or f'http://127.0.0.1:{port}'}  (Ctrl-C ends it)")
        if not office.tokens.entries():
            click.echo("Nobody has a token yet: make one with `wb review token NAME`.", err=True)
        make_server(make_app(office)).run(sockets=[door])


def _refuse_open_host(host: str, origin: str | None, *, is_meant: bool) -> None:
    """Raise InputError for a host that others reach, unless that is meant and the page knows its own name."""
    if host in _LOOPBACK:
        return
    if not is_meant:
        hint = "leave --host out, or say --open-to-network if others shall reach it"
        raise InputError(f"{host} is not this machine alone", hint=hint)
    if not origin:
        hint = "for example --origin https://review.example.com"
        raise InputError("a page that others reach has to know the address that they type: --origin", hint=hint)


def _origin(text: str) -> str:
    """Return an origin as browsers write it. Raises InputError for anything else."""
    from urllib.parse import urlsplit

    parts = urlsplit(text)
    if (
        parts.scheme not in ("http", "https")
        or not parts.netloc
        or text.rstrip("/") != f"{parts.scheme}://{parts.netloc}"
    ):
        raise InputError(f"--origin {text!r} is no origin", hint="write it like https://review.example.com")
    return f"{parts.scheme}://{parts.netloc}".lower()


@click.command("token")
@click.argument("name", required=False)
@click.option("--revoke", is_flag=True, help="Take all tokens of NAME back; open sessions end at once.")
@click.option("--list", "lists", is_flag=True, help="Show whose tokens there are.")
@home_option
def token(name: str | None, revoke: bool, lists: bool, home: Path) -> None:  # noqa: FBT001 - switches
    """Make a token with which NAME signs in to the page. It is shown once; only its hash is kept."""
    from wb_pipeline.audit.terminal_text import plain
    from wb_pipeline.web.tokens import Tokens

    tokens = Tokens(existing_home(home))
    if lists:
        for entry in tokens.entries():
            state = f"revoked {entry.revoked_at}" if entry.revoked_at else f"made {entry.made_at}"
            click.echo(f"{plain(entry.name)}  {state}")
    elif name is None:
        raise InputError("whose token?", hint="`wb review token NAME`; `--list` shows those that there are")
    elif revoke:
        click.echo(f"{tokens.revoke(name)} tokens of {plain(name)} are revoked.")
    else:
        click.echo(tokens.issue(name))
        click.echo(f"This opens the page for {plain(name)}. It is shown this once.", err=True)
