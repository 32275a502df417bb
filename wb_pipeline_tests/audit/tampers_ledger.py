"""Ways to falsify the ledger: its events, its head file, its guards. Files that it cites: `tampers_files`."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from wb_pipeline.home import Home
from wb_pipeline.ledger.chain import GENESIS_HASH, event_hash
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


OF_LEDGER = (
    change_event, change_event_with_its_hash, remove_event, insert_event, swap_events, rewrite_from_event, cut_tail,
    cut_tail_without_head_file, cut_tail_and_head_file, rewrite_everything, change_head_file, drop_guard,
)  # fmt: skip
