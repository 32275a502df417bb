"""Which CRM a folder or a URL names, to pull and to write. One entry per kind; how each works is its own module's."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from wb_pipeline.errors import InputError
from wb_pipeline.policy.models_crm import CONTRACT_NAMES, Crm

if TYPE_CHECKING:
    from wb_pipeline.connectors.base import Pull
    from wb_pipeline.connectors.writing import WritableCrm


POSTGRES = "postgres:"
"""Names the database whose URL is in WB_CRM_URL: so the URL is in no command line, run or page (OPS-5)."""

URL_VARIABLE = "WB_CRM_URL"


def _files(target: str, _names: Crm) -> WritableCrm:
    from wb_pipeline.connectors.files_writing import WritableFiles

    return WritableFiles(Path(target))


def _postgres(target: str, names: Crm) -> WritableCrm:
    url = _postgres_url(target)
    from wb_pipeline.connectors.postgres_writing import WritablePostgres

    crm = WritablePostgres(url, names)
    try:
        crm.require_columns()
    except BaseException:
        crm.close()
        raise
    return crm


# Scheme of a URL -> what opens it.
_BY_SCHEME: dict[str, Callable[[str, Crm], WritableCrm]] = {"postgresql": _postgres, "postgres": _postgres}


@contextmanager
def opened_crm(target: str, names: Crm | None = None) -> Iterator[WritableCrm]:
    """Open the CRM that a folder, a file or a URL names, and close it when the block ends.

    `names`: what its database calls things. Raises InputError for a URL that no connector knows or that holds a
    password; the message holds none of its secrets.
    """
    crm = _opened(target, names or CONTRACT_NAMES)
    try:
        yield crm
    finally:
        crm.close()


def pulled_crm(target: str, names: Crm | None = None) -> Pull:
    """Pull every record of the CRM that a folder, a file or `postgres:` names. Raises InputError where it cannot."""
    if _scheme(target) in ("postgres", "postgresql"):
        url = _postgres_url(target)
        from wb_pipeline.connectors.postgres import PostgresConnector

        return PostgresConnector(url, names or CONTRACT_NAMES).pull_crm()
    from wb_pipeline.connectors.files import FilesConnector

    return FilesConnector(Path(target)).pull_crm()


def _opened(target: str, names: Crm) -> WritableCrm:
    scheme = _scheme(target)
    if scheme and scheme not in _BY_SCHEME:
        known = ", ".join(f"{name}://" for name in sorted(_BY_SCHEME))
        hint = f"name a folder of CRM files{f', or a URL that begins with {known}' if known else ''}"
        raise InputError(f"no connector writes to {scheme[:40]}://", hint=hint)
    return _BY_SCHEME.get(scheme, _files)(target, names)


def _scheme(target: str) -> str:
    if target == POSTGRES:
        return "postgres"
    return target.partition("://")[0].lower() if "://" in target else ""


def _postgres_url(target: str) -> str:
    """Return the URL of the database. Raises InputError without one, for a password in sight, or without psycopg."""
    try:
        from wb_pipeline.connectors.postgres_session import has_password
    except ImportError as error:
        hint = "install the extra: pip install 'wb-pipeline[postgres]'"
        raise InputError("the CRM is in Postgres, and psycopg is not installed", hint=hint) from error
    if target != POSTGRES:
        if has_password(target):
            hint = f"put the URL into {URL_VARIABLE} and name the CRM as {POSTGRES}"
            raise InputError("the URL of the CRM holds a password, or cannot be read", hint=hint)
        return target
    url = os.environ.get(URL_VARIABLE, "").strip()
    if not url:
        raise InputError(f"the CRM is in Postgres, and {URL_VARIABLE} is not set", hint="set it to postgresql://...")
    return url
