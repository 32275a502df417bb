"""Rights as written ("update contact.title", "* *.*") -> action, object, field. Who holds them does not belong here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from wb_pipeline.policy.findings import did_you_mean
from wb_pipeline.policy.vocabulary import ACTIONS, ANY, OBJECTS

_FORM = re.compile(r"^(\S+) ([^\s.]+)\.([^\s.]+)$")


@dataclass(frozen=True, slots=True)
class Right:
    """Leave to do an action on a field of an object; '*' = any."""

    action: str
    object: str
    field: str

    def covers(self, object_name: str, action: str, field: str) -> bool:
        """Say whether the right reaches a field for an action."""
        return self.action in (ANY, action) and self.object in (ANY, object_name) and self.field in (ANY, field)


def parse_right(text: str) -> Right | None:
    """Return the right, or None where the text has not the form `action object.field`."""
    found = _FORM.match(text)
    return Right(*found.groups()) if found else None


def mistake_in_right(text: str, known: Mapping[str, set[str]]) -> tuple[str, str] | None:
    """Return message and hint of what is wrong with a right, or None. `known` = the fields of every object."""
    right = parse_right(text)
    if right is None:
        return f"{text!r} is no right", 'write "action object.field", as in "update contact.title" or "* deal.*"'
    if right.action not in (ANY, *ACTIONS):
        return f"{right.action!r} is no action", did_you_mean(right.action, ACTIONS)
    if right.object not in (ANY, *OBJECTS):
        return f"{right.object!r} is no object", did_you_mean(right.object, OBJECTS)
    fields = set().union(*known.values()) if right.object == ANY else known[right.object]
    if right.field != ANY and right.field not in fields:
        return f"{right.object} has no field {right.field!r}", did_you_mean(right.field, fields)
    return None
