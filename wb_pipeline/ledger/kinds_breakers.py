"""The kinds of ledger events about breakers (TRG-3). All other kinds, and the list of them, are in `kinds`."""

from __future__ import annotations

from typing import Literal

from wb_pipeline.ledger.payload import Count, Payload, Sha256


class BreakerOpened(Payload):
    """A run found a budget spent. Subject: the breaker's key (`actor:...`, `workflow:...`, `record:...`).

    `used` proposals within the `window` before the manifest's clock, where `limit` are allowed. It comes with the seal
    of that manifest: both or neither.
    """

    kind = "breaker_opened"
    manifest_id: Sha256
    window: Literal["hour", "day"]
    used: Count
    limit: Count


class BreakerReset(Payload):
    """A person closed a breaker; its budget counts anew from here. Subject: key. The person is `recorded_by`."""

    kind = "breaker_reset"
    reason: str
