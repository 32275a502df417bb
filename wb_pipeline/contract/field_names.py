"""A field name as given to the CRM's own name (CON-5). Pure: what is known is passed in. Unknown is the safe answer."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from wb_pipeline.contract.field_letters import latin_readings, plain, visible
from wb_pipeline.contract.fields import CONTRACT_FIELDS
from wb_pipeline.contract.limits import KEY_CHARACTERS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

How = Literal["exact", "folded", "path", "alias", "confusable", "custom", "unknown"]

# `properties.title`, `$.fields.title`, `properties["title"]`: how APIs wrap a record's fields.
_WRAPPERS = frozenset({"properties", "property", "fields", "field", "attributes", "$", ""})
_PATH_MARK = re.compile(r"[.\[\]/'\"]+")


class Resolution(NamedTuple):
    """What a field name means. `field` is None where no known name, or more than one, is meant."""

    field: str | None
    how: How


_UNKNOWN = Resolution(None, "unknown")


def resolve_field_name(name: str, known: Collection[str], aliases: Mapping[str, str]) -> Resolution:
    """Return the known field that a name means, and which step found it.

    The steps go from the plainest reading to the most suspicious: as it stands (`exact`, or `custom` for a name that
    only this CRM has), case and separators (`folded`), an alias, a path such as `properties.title`, and at last
    invisible characters and look-alike letters (`confusable`). The first step that finds a name decides; if it finds
    two, the name is unknown. `aliases` that lead to no known field count for nothing.
    """
    if len(name) > KEY_CHARACTERS:
        return _UNKNOWN
    if name in known:
        return Resolution(name, "exact" if name in CONTRACT_FIELDS else "custom")
    index = _index(frozenset(known), tuple(sorted(aliases.items())))
    if found := index.find(name):
        return found
    if found := index.find(visible(name)):
        return _suspicious({found})
    return _suspicious({found for reading in latin_readings(name) if (found := index.find(reading))})


def _suspicious(found: set[Resolution]) -> Resolution:
    fields = {resolution.field for resolution in found}
    field = fields.pop() if len(fields) == 1 else None
    return Resolution(field, "confusable") if field else _UNKNOWN


class _Index(NamedTuple):
    """Known names and aliases by their folded form."""

    fields: dict[str, frozenset[str]]
    aliases: dict[str, frozenset[str]]

    def find(self, name: str) -> Resolution | None:
        """Return what a name means by itself or behind a path; None where it means nothing."""
        for text, is_path in ((name, False), (_last_part(name), True)):
            form = plain(text)
            if meant := self.fields.get(form):
                return _one(meant, "path" if is_path else "folded")
            if meant := self.aliases.get(form):
                return _one(meant, "path" if is_path else "alias")
        return None


def _one(meant: frozenset[str], how: How) -> Resolution:
    return Resolution(next(iter(meant)), how) if len(meant) == 1 else _UNKNOWN


def _last_part(name: str) -> str:
    """Return the part behind wrapping words, or the name itself where something else stands before it."""
    parts = [part for part in _PATH_MARK.split(name.strip()) if part.strip()]
    wraps = all(plain(part) in _WRAPPERS for part in parts[:-1])
    return parts[-1] if len(parts) > 1 and wraps else name


@lru_cache(maxsize=64)
def _index(known: frozenset[str], aliases: tuple[tuple[str, str], ...]) -> _Index:
    usable = [(alias, field) for alias, field in aliases if field in known]
    return _Index(_by_form((name, name) for name in known), _by_form(usable))


def _by_form(pairs: Iterable[tuple[str, str]]) -> dict[str, frozenset[str]]:
    """Return the fields meant by each reading of each name: as it stands, as it looks, as it looks in Latin letters."""
    meant: dict[str, set[str]] = {}
    for name, field in pairs:
        for form in {plain(name), plain(visible(name)), *map(plain, latin_readings(name))}:
            if form:
                meant.setdefault(form, set()).add(field)
    return {form: frozenset(fields) for form, fields in meant.items()}
