"""Which part of the queue somebody looks at: filters as they stand in the address, and items grouped by their cause."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from wb_pipeline.canonical import content_hash
from wb_pipeline.review.filters import ItemFilter

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from wb_pipeline.review.model import Item
    from wb_pipeline.web.forms import Form

_LEAST_IN_GROUP = 3
_LEAST_IN_CASE = 2
_KEY_CHARACTERS = 12


@dataclass(frozen=True, slots=True)
class Filter:
    """What an item has to be to be shown; "" asks for nothing. `group`: the key of a cause (`cause_key`)."""

    object: str = ""
    field: str = ""
    actor: str = ""
    gate: str = ""
    owner: str = ""
    batch: str = ""
    group: str = ""

    @classmethod
    def from_query(cls, query: Form) -> Filter:
        """Return the filter of an address or a form."""
        return cls(**{name: query[name] for name in NAMES})

    @property
    def given(self) -> dict[str, str]:
        """What is asked for, by name."""
        return {name: value for name, value in asdict(self).items() if value}

    @property
    def query(self) -> str:
        """The filter as the end of an address, "" for none."""
        return urlencode(self.given)

    def without(self, name: str) -> Filter:
        """Return the filter without one of its parts."""
        return replace(self, **{name: ""})

    def is_met(self, item: Item) -> bool:
        """Say whether an item is asked for."""
        is_of_group = not self.group or self.group in (item.case_id, cause_key(item))
        return is_of_group and _asked(self).takes(item)


@lru_cache(maxsize=64)
def _asked(given: Filter) -> ItemFilter:
    """Return the filter as `wb review` knows it, made once for thousands of items; the desk was asked for the state."""
    return ItemFilter(**replace(given, group="").given, states=())


NAMES = tuple(Filter.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the queue: one item, or several of one cause (`key` is then not "")."""

    items: tuple[Item, ...]
    key: str = ""

    @property
    def first(self) -> Item:
        """The item that matters most."""
        return self.items[0]


def gates(item: Item) -> list[str]:
    """Return the gates that hold an item up, each once."""
    return list(dict.fromkeys(each.gate for each in item.objections if each.verdict != "label"))


def cause_key(item: Item) -> str:
    """Return a key that items have in common where one cause made them: gates, actor, object and field."""
    field = item.fields[0].field if item.action == "update" and item.fields else ""
    return _key(item.kind, item.action, item.object, field, item.actor_id, tuple(sorted(gates(item))))


@lru_cache(maxsize=4_096)
def _key(*cause: str | tuple[str, ...]) -> str:
    """Return a short digest; thousands of items have few causes."""
    return content_hash(cause)[:_KEY_CHARACTERS]


def entries(items: Sequence[Item]) -> list[Entry]:
    """Return items as lines, in their order: those of one case together, many of one cause as one line."""
    keys = [item.case_id or cause_key(item) for item in items]
    counted = Counter(keys)
    together: dict[str, list[Item]] = defaultdict(list)
    for key, item in zip(keys, items, strict=True):
        least = _LEAST_IN_CASE if item.case_id else _LEAST_IN_GROUP
        together[key if counted[key] >= least else item.item_id].append(item)
    return [Entry(tuple(found), key if len(found) > 1 else "") for key, found in together.items()]


def single_entries(items: Iterable[Item]) -> list[Entry]:
    """Return each item as a line of its own."""
    return [Entry((item,)) for item in items]


def choices(items: Iterable[Item]) -> dict[str, list[tuple[str, int]]]:
    """Return what may be asked for, by filter: each value with how many items have it, most frequent first."""
    counted: dict[str, Counter[str]] = {name: Counter() for name in NAMES if name != "group"}
    for item in items:
        counted["object"][item.object] += 1
        counted["actor"][item.actor_id] += 1
        counted["batch"][item.batch_key] += 1
        counted["owner"][item.owner_id or ""] += 1
        counted["gate"].update(gates(item))
        counted["field"].update({change.field for change in item.fields})
    return {
        name: sorted(((value, count) for value, count in found.items() if value), key=lambda pair: (-pair[1], pair[0]))
        for name, found in counted.items()
    }
