"""A form's fields, read from a body of limited size. What the fields mean is for the pages."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException

from wb_pipeline.web.guard import MOST_BODY_BYTES

if TYPE_CHECKING:
    from starlette.requests import Request

MOST_FIELDS = 5_000


class Form:
    """The fields of a form or of an address, each with all its values in order."""

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        self._values: dict[str, list[str]] = {}
        for name, value in pairs:
            self._values.setdefault(name, []).append(value)

    def __getitem__(self, name: str) -> str:
        """Return a field's last value, "" if it is not there."""
        return self._values.get(name, [""])[-1]

    def every(self, name: str) -> list[str]:
        """Return all values of a field."""
        return self._values.get(name, [])

    def starting(self, prefix: str) -> dict[str, str]:
        """Return the fields whose names start so, by the rest of the name."""
        return {
            name.removeprefix(prefix): values[-1] for name, values in self._values.items() if name.startswith(prefix)
        }


async def read_form(request: Request) -> Form:
    """Return the form of a request. Raises HTTPException if it is too large or no form."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > MOST_BODY_BYTES:
            raise HTTPException(413)
    return parsed(body.decode("utf-8", "replace"))


def parsed(text: str) -> Form:
    """Return the fields of a text as forms and addresses have it."""
    try:
        # Browsers end the lines of a text area in their own way.
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError as error:
        raise HTTPException(413) from error
    return Form([(name, value.replace("\r\n", "\n")) for name, value in pairs])
