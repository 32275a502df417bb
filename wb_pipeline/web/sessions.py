"""Who is signed in: a signed cookie and the word that proves a form came from our own page. No passwords, no roles."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import secrets
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from wb_pipeline.home import Home
    from wb_pipeline.web.tokens import TokenEntry, Tokens

COOKIE = "wb_review"
LASTS_SECONDS = 10 * 3600
"""A working day: in the evening everybody signs in again."""
_SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class Session:
    """One sign-in. `person` is the name that stands in the books; `expires_at` counts seconds of the clock."""

    session_id: str
    token_id: str
    person: str
    expires_at: int


class Sessions:
    """Makes and reads session cookies. Nothing is kept of a session but that it was ended."""

    def __init__(self, home: Home, tokens: Tokens, seconds: Callable[[], float] = time.time) -> None:
        self._secret = _secret(home.root / "review-secret")
        self._tokens = tokens
        self._seconds = seconds
        self._ended: set[str] = set()

    def begin(self, entry: TokenEntry) -> Session:
        """Return a session of the holder of a token."""
        expires_at = int(self._seconds()) + LASTS_SECONDS
        return Session(secrets.token_hex(16), entry.token_id, entry.name, expires_at)

    def cookie(self, session: Session) -> str:
        """Return the value of a session's cookie."""
        body = base64.urlsafe_b64encode(json.dumps(asdict(session)).encode()).decode()
        return f"{body}.{self._sign(body)}"

    def read(self, cookie: str | None) -> Session | None:
        """Return the session of a cookie; None if it is forged, expired or ended, or if its token was revoked."""
        body, _, signature = (cookie or "").partition(".")
        if not body or not hmac.compare_digest(self._sign(body).encode(), signature.encode("utf-8", "replace")):
            return None
        try:
            session = Session(**json.loads(base64.urlsafe_b64decode(body)))
        except (TypeError, ValueError):
            # It is ours, but of another release.
            return None
        is_over = session.expires_at <= self._seconds() or session.session_id in self._ended
        return None if is_over or not self._tokens.is_open(session.token_id) else session

    def end(self, session: Session) -> None:
        """End a session: its cookie opens nothing from now on."""
        self._ended.add(session.session_id)

    def form_word(self, session: Session) -> str:
        """Return the word that each of the session's forms carries; no other site can know it (CSRF)."""
        return self._sign(f"form {session.session_id}")

    def is_form_word(self, session: Session, given: str) -> bool:
        """Say whether a form carries the session's word."""
        return hmac.compare_digest(self.form_word(session).encode(), given.encode("utf-8", "replace"))

    def _sign(self, text: str) -> str:
        return hmac.new(self._secret, text.encode("utf-8", "replace"), hashlib.sha256).hexdigest()


def _secret(path: Path) -> bytes:
    """Return the key that signs cookies, made on first use and readable by its owner alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        found = path.read_bytes()
        if len(found) == _SECRET_BYTES:
            return found
        path.unlink()
        return _secret(path)
    with os.fdopen(handle, "wb") as stream:
        made = secrets.token_bytes(_SECRET_BYTES)
        stream.write(made)
    return made
