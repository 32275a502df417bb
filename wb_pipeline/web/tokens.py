"""Tokens by which people sign in: random, shown once, only their hash is kept. What people may do is not here."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from filelock import FileLock

from wb_pipeline.errors import AuditError, InputError
from wb_pipeline.ledger.durable import replace_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from wb_pipeline.home import Home

LONGEST_NAME = 80
_PREFIX = "wb_"
_RANDOM_BYTES = 32


@dataclass(frozen=True, slots=True)
class TokenEntry:
    """A token as kept: whose it is and its hash. Times are UTC text; one that was revoked opens nothing."""

    token_id: str
    name: str
    digest: str
    made_at: str
    revoked_at: str | None = None


class Tokens:
    """The tokens of a home, in one file that only its owner may read."""

    def __init__(self, home: Home) -> None:
        self._path: Path = home.root / "review-tokens.json"

    def issue(self, name: str) -> str:
        """Make a token for a person and return it: the only time that anybody sees it."""
        person = valid_name(name)
        token = _PREFIX + secrets.token_urlsafe(_RANDOM_BYTES)
        entry = TokenEntry(secrets.token_hex(8), person, _digest(token), _now())
        with self._alone():
            self._write([*self.entries(), entry])
        return token

    def revoke(self, name: str) -> int:
        """Take all tokens of a person back; open sessions end with them. Return how many opened something."""
        with self._alone():
            entries = self.entries()
            ended = [entry for entry in entries if entry.name == name.strip() and entry.revoked_at is None]
            now = _now()
            self._write([replace(entry, revoked_at=now) if entry in ended else entry for entry in entries])
        return len(ended)

    def entries(self) -> list[TokenEntry]:
        """Return every token ever made, oldest first. Raises AuditError if the file is damaged."""
        try:
            text = self._path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return []
        try:
            return [TokenEntry(**entry) for entry in json.loads(text)]
        except (TypeError, ValueError) as error:
            hint = "delete it and make new tokens with `wb review token NAME`"
            raise AuditError(f"{self._path.name} is damaged", hint=hint) from error

    def holder(self, token: str) -> TokenEntry | None:
        """Return the entry of a token that opens something. Takes the same time whatever the token is."""
        digest, found = _digest(token.strip()), None
        for entry in self.entries():
            if hmac.compare_digest(entry.digest, digest) and entry.revoked_at is None:
                found = entry
        return found

    def is_open(self, token_id: str) -> bool:
        """Say whether a token still opens something."""
        return any(entry.token_id == token_id and entry.revoked_at is None for entry in self.entries())

    def _alone(self) -> FileLock:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        return FileLock(self._path.with_suffix(".lock"))

    def _write(self, entries: Sequence[TokenEntry]) -> None:
        # A new file from `replace_text` is its owner's alone (0600).
        replace_text(self._path, json.dumps([asdict(entry) for entry in entries], indent=1) + "\n")


def valid_name(name: str) -> str:
    """Return a person's name as it will stand in the books. Raises InputError for one that nobody could read there."""
    person = name.strip()
    if not person or len(person) > LONGEST_NAME or not person.isprintable():
        hint = f"a name has 1 to {LONGEST_NAME} visible characters, such as dana.whitfield"
        raise InputError(f"{person[:LONGEST_NAME]!r} cannot be a reviewer's name", hint=hint)
    return person


def _digest(token: str) -> str:
    # The token is 256 random bits: a plain hash of it cannot be guessed.
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
