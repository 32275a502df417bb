"""A CRM in Postgres as firms have them, and a wire to it that breaks on demand. No assertions here."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from wb_pipeline.policy.models_crm import Crm

_MARKS = """ai_writeback_confidence numeric, ai_writeback_evidence text, ai_writeback_source text,
ai_writeback_fields text, ai_writeback_labels text"""
_COMMON = f"""created_at timestamptz, updated_at timestamptz, archived boolean not null default false, merged_into text,
meta jsonb, history jsonb, ai_writeback_key text, {_MARKS}"""

SCHEMA = (
    f"create table company (id text primary key, name text not null, employees integer, {_COMMON})",
    f"""create table contact (
        id text primary key, email text unique, title varchar(40), score numeric(10, 2), tags text[], born date,
        do_not_contact boolean check (do_not_contact is not false), notes jsonb, "Odd ""name" text,
        company_id text references company (id) deferrable initially deferred, {_COMMON}
    )""",
    f"""create table deal (
        id bigint generated always as identity primary key, name text, amount numeric, company_id text,
        primary_contact_id text, {_COMMON}
    )""",
    f"""create table activity (
        id uuid primary key, type text, company_id text, contact_id text, ai_writeback_key text, {_MARKS}
    )""",
    f"""create table enrollment (
        id text primary key, workflow_id text, contact_id text, ai_writeback_key text unique, {_MARKS}
    )""",
    "create table shop_orders (id integer)",
    """insert into company (id, name, updated_at) values
        ('com-1', 'Acme', '2026-03-01T00:00:00Z'), ('com-2', 'Acme Inc', '2026-03-01T00:00:00Z')""",
    """insert into contact (id, email, title, score, tags, born, notes, company_id, updated_at) values
        ('con-1', 'ana@a.example', 'CTO', 10.50, array['a', 'b'], '1990-01-02', '{"x": [1]}', 'com-2',
         '2026-03-01T00:00:00+02'),
        ('con-2', null, 'VP', null, null, null, null, 'com-2', '2026-03-01T00:00:00Z'),
        ('con-3', null, null, null, null, null, null, null, '2030-01-01T00:00:00Z')""",
    """insert into deal (name, amount, company_id, primary_contact_id) values ('Big', 1000, 'com-2', 'con-2')""",
)

OTHER_NAMES = Crm(
    tables={"contact": "sales.People"},
    columns={
        "contact": {"id": "person no", "title": 'Job "Title', "ai_writeback_key": "wb_key", "archived": "is_gone",
                    "updated_at": "changed"}
    },
)  # fmt: skip
OTHER_SCHEMA = (
    "drop schema if exists sales cascade",
    "create schema sales",
    f"""create table sales."People" ("person no" integer primary key, "Job ""Title" text, phone text, wb_key text,
        is_gone boolean, changed timestamptz, {_MARKS})""",
    """insert into sales."People" values (7, 'CTO', '1', null, false, '2026-03-01T00:00:00Z')""",
)


@contextmanager
def breaking_wire(server_folder: Path, folder: Path, at: bytes, *, delivers: bool) -> Iterator[str]:
    """Yield the host of a wire to the server that breaks when the client sends `at`; `delivers` it before, or not."""
    name = ".s.PGSQL.5432"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(folder / name))
        listener.listen()
        ends: list[threading.Thread] = []

        def serve() -> None:
            with suppress(OSError):
                client, _ = listener.accept()
                with client, socket.socket(socket.AF_UNIX) as server:
                    server.connect(str(server_folder / name))
                    back = threading.Thread(target=_copy, args=(server, client))
                    back.start()
                    _copy(client, server, at, delivers=delivers)
                    back.join()

        ends.append(threading.Thread(target=serve))
        ends[0].start()
        try:
            yield str(folder)
        finally:
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            ends[0].join(10)


def _copy(source: socket.socket, target: socket.socket, at: bytes = b"", *, delivers: bool = False) -> None:
    """Copy until either side closes or `at` comes by; then both sides are shut."""
    with suppress(OSError):
        while data := source.recv(1 << 16):
            if at and at in data:
                # The client hears nothing more; the server gets what was sent, or not.
                source.shutdown(socket.SHUT_RDWR)
                if delivers:
                    target.sendall(data)
                    # A server reads what came before the end.
                    target.shutdown(socket.SHUT_WR)
                break
            target.sendall(data)
    for end in (source, target) if not delivers else (source,):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
