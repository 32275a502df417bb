"""What a field and its value say about whether a person may be written to (HIA-2). Pure; knows words, no records."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import Any, Literal

Stance = Literal["out", "open", "silent"]
"""`out` = must not be written to; `open` = may be; `silent` = nothing is said (empty, or words that nobody knows)."""
CONTRACT_FIELDS = ("consent_at", "do_not_contact", "email_opt_out", "lawful_basis")
"""The fields of the contract that carry consent. A CRM has more of its own making, known by their names."""

_LETTERS = re.compile(r"[^a-z]+")
# Names of flags that say no, of flags that say yes, and of fields that hold a word.
_SAYS_NO = re.compile(
    r"optout|optedout|unsubscri|donot(contact|email|mail|call|market)|noemail|nomarketing|suppress|blocklist|^dnc$|^dnm$"
)
_SAYS_YES = re.compile(r"optin|optedin|^subscribed$|consent|^maycontact$|^canemail$|permission")
_HOLDS_A_WORD = re.compile(r"subscription|lawfulbasis|legalbasis|(marketing|consent|contact|privacy|gdpr|email)status$")
_FALSE = frozenset({"false", "no", "n", "0", "off", "none", "null", "never"})
_TRUE = frozenset({"true", "yes", "y", "1", "on"})
_WORDS_OF_NO = re.compile(
    r"unsubscri|opt(ed)?[ _-]?out|withdr[ae]w|revok|refus|object(ed|ion)|declin|suppress|do[ _-]not|not[ _-]subscribed"
    r"|denied|erasure|blocked|non[ _-]?marketing|no[ _-]consent"
)
# The state of an address, such as `bounced`, is no wish of the person's.
_OF_NO_WISH = frozenset({"emailstatus"})


@lru_cache(maxsize=4_096)
def is_consent_field(field: str) -> bool:
    """Say whether a field, by the CRM's own name or any other, tells whether a person may be written to."""
    name = _plain(field)
    return name not in _OF_NO_WISH and any(kind.search(name) for kind in (_SAYS_NO, _SAYS_YES, _HOLDS_A_WORD))


def stance(field: str, value_json: str | None) -> Stance:
    """Return what a value, as JSON text, says in a field. A field without consent in its name is silent."""
    if not is_consent_field(field):
        return "silent"
    value = _read(value_json)
    text = value.strip().lower() if isinstance(value, str) else json.dumps(value).lower()
    if value is None or text in ("", "null", "[]", "{}"):
        return "silent"
    if _WORDS_OF_NO.search(text[:1_000]):
        return "out"
    name = _plain(field)
    if _HOLDS_A_WORD.search(name):
        return "silent" if text in _FALSE | _TRUE else "open"
    if _SAYS_NO.search(name):
        # A date, a reason, a list: whatever stands in such a field but a plain no says no.
        return "open" if text in _FALSE else "out"
    return "silent" if text in _FALSE else "open"


def _plain(field: str) -> str:
    return _LETTERS.sub("", field.lower())


def _read(value_json: str | None) -> Any:
    try:
        return None if value_json is None else json.loads(value_json)
    except (ValueError, RecursionError):
        return value_json
