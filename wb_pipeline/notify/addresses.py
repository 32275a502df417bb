"""To which address each piece of news goes: the policy's routes, the owners' addresses in the CRM. Sends nothing."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from wb_pipeline.connectors.snapshots import snapshot_path
from wb_pipeline.policy.store import read_policy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wb_pipeline.home import Home
    from wb_pipeline.ledger.manifests import Manifest

News = Literal["change_denied", "review_waiting", "batch_quarantined", "breaker_opened"]

# What a mail program takes for one plain address; anything else in a CRM goes to the fallback instead.
_ADDRESS = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,190}\.[A-Za-z]{2,24}")
_USERS = """
select record_id, fields from read_parquet($path) where object = 'user' and coalesce(is_archived, false) is false
"""


@dataclass(frozen=True)
class AddressBook:
    """The routes of a policy, its fallback, and the address of each active user of a CRM snapshot."""

    routes: Mapping[str, str]
    fallback: str
    users: Mapping[str, str]

    @classmethod
    def of(cls, home: Home, manifest: Manifest) -> AddressBook:
        """Return the addresses as they stood when a batch was decided."""
        told = read_policy(home, manifest.policy_hash).document.notifications
        routes = {name: str(route) for name, route in told.routes.model_dump().items()}
        return cls(routes, told.fallback, _users(home, manifest.snapshot_hash))

    def address(self, news: News, owner_id: str | None = None) -> str:
        """Return who is told: the owner where the route says so and the owner can be reached, else the fallback."""
        route = self.routes[news]
        if route == "owner":
            return self.users.get(owner_id or "", self.fallback)
        return self.fallback if route == "fallback" else route


def _users(home: Home, snapshot_hash: str) -> dict[str, str]:
    import duckdb

    path = snapshot_path(home, "crm", snapshot_hash)
    with duckdb.connect() as con:
        rows = con.execute(_USERS, {"path": str(path)}).fetchall()
    return {record_id: address for record_id, fields in rows if (address := _reachable(json.loads(fields)))}


def _reachable(fields: Mapping[str, object]) -> str | None:
    """Return a user's address; None for who left, or whose address is none."""
    address = str(fields.get("email") or "").strip()
    return address if fields.get("active") is True and _ADDRESS.fullmatch(address) else None
