"""A thousand ways to falsify small books, each by one random choice. Used by `test_tampering`; no assertions here.

Whoever falsifies is taken to know the format: guards are put back, hashes of single rows are made to fit.
"""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from wb_pipeline.home import Home
from wb_pipeline.ledger.chain import GENESIS_HASH, event_hash
from wb_pipeline.ledger.decision_columns import PERSONAL_COLUMNS
from wb_pipeline.ledger.dialects import guards

Rows = list[dict[str, Any]]
_COLUMNS = ("sequence", "kind", "recorded_at", "recorded_by", "subject", "payload", "previous_hash", "event_hash")


@contextmanager
def _events(home: Home) -> Iterator[Rows]:
    """Yield all events; what the block leaves in the list is stored, behind restored guards."""
    with closing(sqlite3.connect(home.ledger, isolation_level=None)) as connection:
        rows = [dict(zip(_COLUMNS, row, strict=True)) for row in connection.execute("select * from events")]
        yield rows
        connection.execute("begin")
        for name in guards("sqlite"):
            connection.execute(f"drop trigger {name}")
        connection.execute("delete from events")
        for row in rows:
            connection.execute("insert into events values (?, ?, ?, ?, ?, ?, ?, ?)", [row[name] for name in _COLUMNS])
        for statement in guards("sqlite").values():
            connection.execute(statement)
        connection.execute("commit")


def _rechain(rows: Rows, start: int = 0) -> None:
    for index in range(start, len(rows)):
        rows[index]["sequence"] = index + 1
        rows[index]["previous_hash"] = rows[index - 1]["event_hash"] if index else GENESIS_HASH
        rows[index]["event_hash"] = event_hash(rows[index])


def _falsify(row: dict[str, Any], chance: random.Random) -> None:
    column = chance.choice(("kind", "recorded_at", "recorded_by", "subject", "payload", "previous_hash", "event_hash"))
    text = row[column]
    place = chance.randrange(len(text))
    row[column] = text[:place] + ("0" if text[place] != "0" else "1") + text[place + 1 :]


def change_event(home: Home, chance: random.Random) -> None:
    """Change one character of one event."""
    with _events(home) as rows:
        _falsify(chance.choice(rows), chance)


def change_event_with_its_hash(home: Home, chance: random.Random) -> None:
    """Change an event and make its own hash fit; the next event does not follow it any more."""
    with _events(home) as rows:
        row = chance.choice(rows[:-1])
        row["recorded_by"] += "x"
        row["event_hash"] = event_hash(row)


def remove_event(home: Home, chance: random.Random) -> None:
    """Remove an event from the middle; half the time the rest is numbered anew."""
    with _events(home) as rows:
        del rows[chance.randrange(len(rows) - 1)]
        if chance.random() < 0.5:
            for number, row in enumerate(rows, start=1):
                row["sequence"] = number


def insert_event(home: Home, chance: random.Random) -> None:
    """Put an event between others, with a hash that fits itself."""
    with _events(home) as rows:
        place = chance.randrange(len(rows))
        new = dict(chance.choice(rows)) | {"recorded_by": "eve"}
        new["previous_hash"] = rows[place - 1]["event_hash"] if place else GENESIS_HASH
        rows.insert(place, new)
        for number, row in enumerate(rows, start=1):
            row["sequence"] = number
        new["event_hash"] = event_hash(new)


def swap_events(home: Home, chance: random.Random) -> None:
    """Let two events change places."""
    with _events(home) as rows:
        one, other = chance.sample(range(len(rows)), 2)
        rows[one], rows[other] = rows[other], rows[one]
        rows[one]["sequence"], rows[other]["sequence"] = one + 1, other + 1


def rewrite_from_event(home: Home, chance: random.Random) -> None:
    """Change an event and rewrite all behind it into a chain that fits; the head file still knows the old one."""
    with _events(home) as rows:
        place = chance.randrange(len(rows))
        rows[place]["recorded_by"] += "x"
        _rechain(rows, place)


def cut_tail(home: Home, chance: random.Random) -> None:
    """Remove the newest events."""
    with _events(home) as rows:
        del rows[chance.randrange(len(rows)) :]


def cut_tail_without_head_file(home: Home, chance: random.Random) -> None:
    """Remove the newest events and the head file."""
    cut_tail(home, chance)
    (home.root / "ledger.head").unlink()


def _write_head(home: Home, rows: Rows) -> None:
    text = f"{len(rows)} {rows[-1]['event_hash'] if rows else GENESIS_HASH}\n"
    (home.root / "ledger.head").write_text(text)


def cut_tail_and_head_file(home: Home, chance: random.Random) -> None:
    """Remove the newest events and make the head file fit: only the exported head tells."""
    with _events(home) as rows:
        del rows[chance.randrange(len(rows)) :]
        _write_head(home, rows)


def rewrite_everything(home: Home, chance: random.Random) -> None:
    """Change an event, rewrite the chain and the head file: only the exported head tells."""
    with _events(home) as rows:
        rows[chance.randrange(len(rows))]["recorded_by"] = "eve"
        _rechain(rows)
        _write_head(home, rows)


def change_head_file(home: Home, chance: random.Random) -> None:
    """Change one character of the head file."""
    path = home.root / "ledger.head"
    text = path.read_text()
    place = chance.randrange(len(text))
    path.write_text(text[:place] + ("7" if text[place] != "7" else "8") + text[place + 1 :])


def drop_guard(home: Home, chance: random.Random) -> None:
    """Remove a guard, or put a harmless one in its place."""
    name = chance.choice(sorted(guards("sqlite")))
    with closing(sqlite3.connect(home.ledger, isolation_level=None)) as connection:
        connection.execute(f"drop trigger {name}")
        if chance.random() < 0.5:
            connection.execute(f"create trigger {name} before delete on events begin select 1; end")


def _cited(home: Home, chance: random.Random) -> Path:
    folders = (home.archive, home.snapshots, home.policies, home.segments, home.values)
    path = chance.choice(sorted(path for folder in folders for path in folder.iterdir()))
    path.chmod(0o600)
    return path


def change_bytes(home: Home, chance: random.Random) -> None:
    """Change one to eight bytes of a cited file."""
    path = _cited(home, chance)
    data = bytearray(path.read_bytes())
    for _ in range(chance.randint(1, 8)):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    data[0] ^= 0 if bytes(data) != path.read_bytes() else 1
    path.write_bytes(data)


def change_length(home: Home, chance: random.Random) -> None:
    """Cut a cited file, or add to it."""
    path = _cited(home, chance)
    data = path.read_bytes()
    path.write_bytes(data + b"\0" if chance.random() < 0.3 else data[: chance.randrange(len(data))])


def remove_file(home: Home, chance: random.Random) -> None:
    """Remove a cited file, or put a folder or a link in its place."""
    path = _cited(home, chance)
    data = path.read_bytes()
    path.unlink()
    what = chance.randrange(3)
    if what == 1:
        path.mkdir()
    elif what == 2:
        (home.root / "elsewhere").write_bytes(data)
        path.symlink_to(home.root / "elsewhere")


def swap_files(home: Home, chance: random.Random) -> None:
    """Let the files of two batches change places."""
    one, other = sorted(chance.choice((home.segments, home.values, home.archive)).iterdir())[:2]
    spare = one.with_suffix(".spare")
    one.rename(spare)
    other.rename(one)
    spare.rename(other)


def _rewrite(folder: Path, chance: random.Random, change: Callable[[Rows], None]) -> None:
    path = chance.choice(sorted(folder.iterdir()))
    table = pq.read_table(path)
    rows = table.to_pylist()
    change(rows)
    path.chmod(0o600)
    schema = pa.schema([field.with_nullable(True) for field in table.schema])
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), path)


def change_value(home: Home, chance: random.Random) -> None:
    """Change, empty or exchange a personal value or the salt."""

    def change(rows: Rows) -> None:
        row = chance.choice(rows)
        column = chance.choice(("salt", "change_id", *PERSONAL_COLUMNS))
        if column == "salt":
            row[column] = chance.choice((None, b"\0" * 16, row[column][::-1]))
        elif column == "change_id":
            row[column] = chance.choice((None, row[column] + "0"))
        else:
            others = (None, "", f"{row[column]} ", "other")
            row[column] = chance.choice([other for other in others if other != row[column]])

    _rewrite(home.values, chance, change)


def move_value_rows(home: Home, chance: random.Random) -> None:
    """Remove, insert, swap or reorder whole value rows, or swap values between two rows or columns."""
    _rewrite(home.values, chance, chance.choice((_remove, _insert, _swap, _swap_values, _swap_columns))(chance))


def forge_tombstone(home: Home, chance: random.Random) -> None:
    """Erase a row's values without an event that says so."""

    def change(rows: Rows) -> None:
        row = chance.choice(rows)
        row |= dict.fromkeys(("salt", *PERSONAL_COLUMNS)) | {"erased_sequence": chance.randint(1, 12)}

    _rewrite(home.values, chance, change)


def change_segment_rows(home: Home, chance: random.Random) -> None:
    """Change a decision, or remove, insert, swap rows of a segment."""

    def change(rows: Rows) -> None:
        row = chance.choice(rows)
        column = chance.choice(sorted(name for name, value in row.items() if isinstance(value, str)))
        row[column] = f"{row[column]}x"

    moves = (_remove, _insert, _swap)
    _rewrite(home.segments, chance, chance.choice((lambda _: change, lambda _: change, *moves))(chance))


def _remove(chance: random.Random) -> Callable[[Rows], None]:
    def change(rows: Rows) -> None:
        del rows[chance.randrange(len(rows))]

    return change


def _insert(chance: random.Random) -> Callable[[Rows], None]:
    return lambda rows: rows.insert(chance.randrange(len(rows) + 1), dict(chance.choice(rows)))


def _swap(chance: random.Random) -> Callable[[Rows], None]:
    def change(rows: Rows) -> None:
        one, other = chance.sample(range(len(rows)), 2)
        rows[one], rows[other] = rows[other], rows[one]

    return change


def _swap_values(chance: random.Random) -> Callable[[Rows], None]:
    def change(rows: Rows) -> None:
        one, other = chance.sample(rows, 2)
        column = chance.choice(("old_value", "new_value", "rationale", "salt"))
        one[column], other[column] = other[column], one[column]

    return change


def _swap_columns(chance: random.Random) -> Callable[[Rows], None]:
    def change(rows: Rows) -> None:
        row = chance.choice(rows)
        row["old_value"], row["new_value"] = row["new_value"], row["old_value"]

    return change


# Name -> tamper. Those that fit the head file too are found only with an exported head.
TAMPERS: dict[str, Callable[[Home, random.Random], None]] = {
    tamper.__name__: tamper
    for tamper in (
        change_event, change_event_with_its_hash, remove_event, insert_event, swap_events, rewrite_from_event, cut_tail,
        cut_tail_without_head_file, cut_tail_and_head_file, rewrite_everything, change_head_file, drop_guard,
        change_bytes, change_length, remove_file, swap_files, change_value, move_value_rows, forge_tombstone,
        change_segment_rows,
    )
}  # fmt: skip
NEEDS_EXPORTED_HEAD = frozenset({"cut_tail_and_head_file", "rewrite_everything"})
# The finding must name the row too, not only the file whose bytes differ.
NAMES_ROW = frozenset({"change_value", "move_value_rows", "forge_tombstone"})
