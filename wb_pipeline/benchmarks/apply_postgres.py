"""An empty Postgres database as a CRM for measuring writes, and the same updates in plain SQL. Writes nothing else."""

from __future__ import annotations

import time

from wb_pipeline.connectors.postgres_session import connect
from wb_pipeline.errors import InputError

_CONTACTS = """
create table contact (
    id text primary key, email text, title text, phone text, updated_at timestamptz, archived boolean default false,
    ai_writeback_key text, ai_writeback_confidence numeric, ai_writeback_evidence text, ai_writeback_source text,
    ai_writeback_fields text, ai_writeback_labels text, meta jsonb, history jsonb
)
"""
_KEY = "create index contact_by_key on contact (ai_writeback_key)"
_FILL = """
insert into contact (id, email, title, phone)
select 'bench-' || i, 'person-' || i || '@customer.example', 'Head of IT', '+442079460144'
from generate_series(1, %s::integer) as numbers(i)
"""
_PLAIN = "create table plain_contact as select id, title from contact", "alter table plain_contact add primary key (id)"


def fill(url: str, writes: int) -> None:
    """Make the contacts bench-1, bench-2 ... Raises InputError for a database that holds contacts already."""
    with connect(url) as connection:
        if connection.execute("select to_regclass('contact')").fetchall() != [(None,)]:
            raise InputError("the database holds contacts already", hint="name an empty one: it is only for measuring")
        for statement in (_CONTACTS, _KEY):
            connection.execute(statement)
        connection.execute(_FILL, [writes])
        for statement in _PLAIN:
            connection.execute(statement)


def plain_updates(url: str, writes: int, group: int) -> float:
    """Return the seconds for updating as many titles one by one, so many to a commit."""
    with connect(url) as connection:
        started = time.perf_counter()
        for start in range(1, writes + 1, group):
            with connection.transaction():
                for number in range(start, min(start + group, writes + 1)):
                    connection.execute(
                        "update plain_contact set title = %s where id = %s", [f"VP IT {number}", f"bench-{number}"]
                    )
        return time.perf_counter() - started
