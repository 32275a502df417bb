"""Who a voice is: mailboxes as evidence writes them, roles, and the participants of a call. Nothing about records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wb_pipeline.normalize.letters import words

if TYPE_CHECKING:
    from wb_pipeline.evidence.passage import Side

MAX_PARTICIPANTS = 1_000

_ROLES: dict[str, Side] = {
    "prospect": "prospect",
    "customer": "prospect",
    "buyer": "prospect",
    "seller": "seller",
    "rep": "seller",
    "host": "seller",
    "system": "system",
}


def mailbox(party: Any) -> tuple[str | None, str | None]:
    """Return (name, address in small letters) of `{name, email}`, `a@b.c` or `Ana <a@b.c>`; None if unknown."""
    if isinstance(party, dict):
        name, written = party.get("name"), party.get("email")
        _, address = mailbox(written) if isinstance(written, str) else (None, None)
        return (name.strip() or None if isinstance(name, str) else None), address
    if not isinstance(party, str):
        return None, None
    before, bracket, rest = party.partition("<")
    written = rest.partition(">")[0] if bracket else party
    address = written.strip().lower()
    name = before.strip(' "\t') if bracket or "@" not in party else ""
    return name or None, address if "@" in address and " " not in address else None


def side_of_role(role: Any) -> Side | None:
    """Return the side of a role in a transcript; None where the role is none that we know."""
    return _ROLES.get(role.strip().lower()) if isinstance(role, str) else None


def is_label(speaker: str | None) -> bool:
    """Say whether a transcript names its speaker by a label (`Prospect`, `Speaker 2`) or not at all."""
    key = _key(speaker)
    return not key or key in _ROLES or key.startswith("speaker")


class Speakers:
    """The participants of a call, known by address, name or given name. A name that two of them have is nobody's."""

    def __init__(self, participants: Any) -> None:
        self._on_side: dict[Side, set[str | None]] = {}
        self._address: dict[str, str | None] = {}
        self._side: dict[str, Side] = {}
        for party in (participants if isinstance(participants, list) else [])[:MAX_PARTICIPANTS]:
            if isinstance(party, dict):
                self._take(party)

    def address(self, speaker: str | None) -> str | None:
        """Return the mailbox of who is named so, or of the mailbox that is the name."""
        _, written = mailbox(speaker)
        return written or self._address.get(_key(speaker))

    def side(self, speaker: str | None) -> Side:
        """Return the side of who is named so."""
        _, written = mailbox(speaker)
        return self._side.get(written or "", self._side.get(_key(speaker), "unknown"))

    def only_one(self, side: Side) -> str | None:
        """Return the mailbox of the one participant on a side; None if there are several, or none."""
        found = self._on_side.get(side, set())
        return next(iter(found)) if len(found) == 1 else None

    def _take(self, party: dict[str, Any]) -> None:
        name, address = mailbox(party)
        side = side_of_role(party.get("role")) or "unknown"
        self._on_side.setdefault(side, set()).add(address)
        for key in {address or "", _key(name), _key(name).partition(" ")[0]} - {""}:
            is_taken = key in self._side
            self._address[key] = None if is_taken and self._address[key] != address else address
            self._side[key] = "unknown" if is_taken and self._side[key] != side else side


def _key(name: str | None) -> str:
    return " ".join(words(name or ""))
