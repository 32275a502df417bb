"""Whose voice may speak for a record: the buyer's side, and for a person only that person's own (EVD-6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from wb_pipeline.normalize.given_names import roots_of
from wb_pipeline.normalize.person_names import parse_person

if TYPE_CHECKING:
    from wb_pipeline.evidence.passage import Passage


class Voices(NamedTuple):
    """Who may speak: `is_person` if the record is one; its addresses and names; domains that are ours."""

    is_person: bool
    addresses: frozenset[str]
    names: tuple[tuple[str | None, str | None], ...]
    own_domains: frozenset[str]
    is_by_record: bool
    """Whether the item's author is of the record."""

    def may_say(self, passage: Passage) -> bool:
        """Say whether a passage is in a voice that may speak for the record."""
        if passage.kind != "turn":
            # A message is its author's; one that came in speaks for the record only if the record's side wrote it.
            return passage.side != "unknown" and (passage.side != "prospect" or self.is_by_record)
        if passage.side in ("seller", "system"):
            return False
        if passage.address is not None:
            return self._is_theirs(passage.address, is_prospect=passage.side == "prospect")
        return passage.side == "prospect" and (not self.is_person or self._may_be_called(passage.speaker))

    def _is_theirs(self, address: str, *, is_prospect: bool) -> bool:
        if address.rpartition("@")[2] in self.own_domains:
            return False
        return address in self.addresses or (not self.is_person and is_prospect)

    def _may_be_called(self, speaker: str | None) -> bool:
        """Say whether a speaker's name is the record's; a transcript that only says `prospect` names nobody."""
        return any(is_same_name(speaker or "", first, last) for first, last in self.names)


def is_same_name(full_name: str, first: str | None, last: str | None) -> bool:
    """Say whether a full name is that of a record: the same family name, and a given name that may stand for it."""
    if not first or not last:
        return False
    one, other = parse_person(full_name, None), parse_person(first, last)
    if not one.given or not other.given or not one.core or one.core != other.core or one.suffix != other.suffix:
        return False
    return bool(set(roots_of(one.given)) & set(roots_of(other.given)))
