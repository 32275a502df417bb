"""Ways to falsify the files that the ledger cites: their bytes, and their rows. The ledger itself: `tampers_ledger`."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from wb_pipeline.home import Home
from wb_pipeline.ledger.decision_columns import PERSONAL_COLUMNS

Rows = list[dict[str, Any]]


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


OF_FILES = (
    change_bytes, change_length, remove_file, swap_files, change_value, move_value_rows, forge_tombstone,
    change_segment_rows,
)  # fmt: skip
