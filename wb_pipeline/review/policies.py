"""Which policy is in force, and what it says for review: kept policies, read once. Who may decide is in `people`."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from wb_pipeline.errors import InputError
from wb_pipeline.ledger.policy_in_force import deeds, policy_in_force, put_in_force
from wb_pipeline.policy.models_crm import CONTRACT_NAMES, Crm
from wb_pipeline.policy.store import read_policy
from wb_pipeline.review.rule_book import RuleBook, rule_book

if TYPE_CHECKING:
    from wb_pipeline.home import Home
    from wb_pipeline.ledger.chain import Event
    from wb_pipeline.ledger.store import Book, Ledger
    from wb_pipeline.policy.load import Policy


def crm_names(home: Home, ledger: Ledger) -> Crm:
    """Return what the policy in force calls things in the CRM's database; the contract's names if there is none."""
    policies = policies_of(home, ledger)
    return policies.current().document.crm if policies.in_force else CONTRACT_NAMES


def policies_of(home: Home, ledger: Ledger) -> Policies:
    """Return the policies of a home, as of now."""
    policies = Policies(home)
    for event in deeds(ledger):
        policies.note(event)
    return policies


def has_moved(source: Ledger | Book, sequence: int) -> bool:
    """Say whether another policy is in force now than at a ledger event."""
    since = deeds(source, sequence)
    return bool(since) and put_in_force(since[-1]) != policy_in_force(source, at=sequence)


class Policies:
    """The policies of a home; fed with events in order, it knows which one is in force."""

    def __init__(self, home: Home) -> None:
        self.in_force = ""
        self.read = lru_cache(maxsize=32)(lambda policy_hash: read_policy(home, policy_hash))
        self._rules = lru_cache(maxsize=8)(lambda policy_hash: rule_book(self.read(policy_hash).document))

    def note(self, event: Event) -> None:
        """Take an event in."""
        self.in_force = put_in_force(event) or self.in_force

    def current(self) -> Policy:
        """Return the policy in force. Raises InputError where none was ever used."""
        if not self.in_force:
            raise InputError("no policy was ever used in this home", hint="`wb run` registers one")
        return self.read(self.in_force)

    def rules(self) -> RuleBook:
        """Return what the policy in force says of fields."""
        return self._rules(self.current().policy_hash)
