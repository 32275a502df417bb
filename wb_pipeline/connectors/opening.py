"""Which writable CRM a folder or a URL names. One entry per kind of CRM; how each is written is its own module's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from wb_pipeline.errors import InputError

if TYPE_CHECKING:
    from wb_pipeline.connectors.writing import WritableCrm


def _files(target: str) -> WritableCrm:
    from wb_pipeline.connectors.files_writing import WritableFiles

    return WritableFiles(Path(target))


# Scheme of a URL -> what opens it.
_BY_SCHEME: dict[str, Callable[[str], WritableCrm]] = {}


@contextmanager
def opened_crm(target: str) -> Iterator[WritableCrm]:
    """Open the CRM that a folder, a file or a URL names, and close it when the block ends.

    Raises InputError for a URL that no connector knows; the message holds none of its secrets.
    """
    scheme = target.partition("://")[0].lower() if "://" in target else ""
    if scheme and scheme not in _BY_SCHEME:
        known = ", ".join(f"{name}://" for name in sorted(_BY_SCHEME))
        hint = f"name a folder of CRM files{f', or a URL that begins with {known}' if known else ''}"
        raise InputError(f"no connector writes to {scheme[:40]}://", hint=hint)
    crm = _BY_SCHEME.get(scheme, _files)(target)
    try:
        yield crm
    finally:
        crm.close()
