"""One passage of evidence: words of one voice. How they are found stands in `passages`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from datetime import datetime

Side = Literal["prospect", "seller", "system", "unknown"]
"""On whose side a voice is: the buyer's, ours, a machine's or vendor's, or nobody can say."""
Kind = Literal["subject", "body", "quoted", "signature", "turn", "field"]


class Passage(NamedTuple):
    """Words of one voice.

    `speaker` is a name or address as given, `address` the speaker's mailbox in small letters; None where unknown.
    `said_at` is UTC without tzinfo; None where unknown, as for text that a message only quotes. `offset_s` counts the
    seconds from the start of a recording.
    """

    text: str
    kind: Kind
    speaker: str | None
    address: str | None
    side: Side
    said_at: datetime | None
    offset_s: int | None = None
