"""Finding records of a folder by the values of key fields, whatever their spelling. Nothing is written here.

What was indexed once is only a hint: whether a record still holds a key is read from its row.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from wb_pipeline.connectors.search_keys import holds, keys_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wb_pipeline.connectors.files_folder import CrmFolder
    from wb_pipeline.connectors.files_row_text import Record
    from wb_pipeline.connectors.files_rowfile import RecordKey
    from wb_pipeline.connectors.search_keys import FieldKeys

_Place = tuple[str, str]
"""Object and field."""


class FolderSearch:
    """An index per object and field, made at the first search for it and kept in step with what is written."""

    def __init__(self, folder: CrmFolder) -> None:
        self._folder = folder
        self._reading = -1
        self._taken = 0
        self._carriers: dict[_Place, dict[str, set[str]]] = {}

    def find(self, object_name: str, wanted: FieldKeys) -> list[tuple[str, Record]]:
        """Return the live records that hold one of the keys in its field. Call it under the folder's lock."""
        self._catch_up()
        if missing := [name for name in wanted if (object_name, name) not in self._carriers]:
            self._index(object_name, missing)
        found = {
            record_id
            for name, keys in wanted.items()
            for key in keys
            for record_id in self._carriers[object_name, name].get(key, ())
        }
        records = ((record_id, self._folder.record((object_name, record_id))) for record_id in sorted(found))
        return [(each, record) for each, record in records if record and _is_live(record, wanted)]

    def _catch_up(self) -> None:
        """Forget what was read before the files changed; take in what was written since."""
        folder = self._folder
        if self._reading != folder.reading:
            self._carriers.clear()
            self._reading, self._taken = folder.reading, 0
        for key in folder.written[self._taken :]:
            self._take(key, [name for (kind, name) in self._carriers if kind == key[0]])
        self._taken = len(folder.written)

    def _index(self, object_name: str, names: Sequence[str]) -> None:
        for name in names:
            self._carriers[object_name, name] = defaultdict(set)
        for key in self._folder.keys():  # noqa: SIM118 - a folder is no mapping
            if key[0] == object_name and not self._folder.is_archived(key):
                self._take(key, names)

    def _take(self, key: RecordKey, names: Sequence[str]) -> None:
        record = self._folder.record(key)
        for name in names if record else ():
            for found in keys_in(name, record["fields"].get(name)) if record else ():
                self._carriers[key[0], name][found].add(key[1])


def _is_live(record: Record, wanted: FieldKeys) -> bool:
    return not record.get("archived") and holds(record["fields"], wanted)
