"""How a message leaves: a file in the outbox, and what `WB_NOTIFY_URLS` names, through apprise. No texts here."""

from __future__ import annotations

import importlib
import logging
import os
import warnings
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from wb_pipeline.errors import InputError
from wb_pipeline.ledger.durable import replace_text

if TYPE_CHECKING:
    from wb_pipeline.home import Home
    from wb_pipeline.notify.digests import Message

URLS = "WB_NOTIFY_URLS"
"""Environment variable: apprise addresses, parted by blanks; `{address}` in one stands for the person's. OPS-5: the
passwords in them are read here and nowhere kept."""

Channel = Callable[["Message"], None]


class ChannelError(Exception):
    """A channel did not take a message. Its text names no address and no secret."""


def channels(home: Home, environment: Mapping[str, str] | None = None) -> dict[str, Channel]:
    """Return the channels by kind, the file first. Raises InputError if apprise is asked for and not installed."""
    found: dict[str, Channel] = {"file": lambda message: _write(home, message)}
    urls = (os.environ if environment is None else environment).get(URLS, "").split()
    if urls:
        _apprise()
        found["apprise"] = lambda message: _send(urls, message)
    return found


def _write(home: Home, message: Message) -> None:
    """Write a message to the outbox; the same one again replaces itself."""
    text = f"To: {message.address}\nSubject: {message.subject}\n\n{message.text}"
    try:
        replace_text(home.outbox / f"{message.key}.txt", text)
    except OSError as error:
        raise ChannelError(f"the outbox cannot be written: {error.strerror}") from error


def _send(urls: list[str], message: Message) -> None:
    apprise = _apprise()
    # Its own words about a failure may show an address with a password in it.
    logging.getLogger("apprise").setLevel(logging.CRITICAL)
    with warnings.catch_warnings():
        # It loads its parts late, and tries a module that later Pythons drop; there it does without.
        warnings.simplefilter("ignore", DeprecationWarning)
        sender = apprise.Apprise()
        for url in urls:
            if not sender.add(url.replace("{address}", quote(message.address, safe=""))):
                raise ChannelError(f"an address in {URLS} cannot be read")
        is_taken = sender.notify(body=message.text, title=message.subject, body_format=apprise.NotifyFormat.TEXT)
    if not is_taken:
        raise ChannelError("it was not taken")


def _apprise() -> Any:
    """Return the library of the extra `notify`, by name: the package does without it."""
    try:
        return importlib.import_module("apprise")
    except ImportError as error:
        raise InputError(
            f"{URLS} is set, but apprise is not installed", hint='install it: pip install "wb-pipeline[notify]"'
        ) from error
