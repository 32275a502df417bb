"""A mistake in a policy file, where it stands, and how a list of them reads. Looking for them does not belong here."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from wb_pipeline.errors import PolicyError

KeyPath: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """One mistake. `line` 0 = found from `path` when it is shown."""

    path: KeyPath
    message: str
    hint: str = ""
    line: int = 0


def key_path(path: KeyPath) -> str:
    """Return a path as a person writes it: `fields.contact.update.safe[2]`; '' for the whole file."""
    text = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".")


def did_you_mean(given: str, known: Iterable[str]) -> str:
    """Return a hint that names the closest known words; '' when none is close."""
    close = difflib.get_close_matches(given.lower(), sorted(known), n=2, cutoff=0.6)
    return f"did you mean {' or '.join(close)}?" if close else ""


def line_of(path: KeyPath, lines: dict[KeyPath, int]) -> int:
    """Return the line of a path, or of the nearest part above it that the file has."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)


def policy_error(name: str, findings: Iterable[Finding], lines: dict[KeyPath, int]) -> PolicyError:
    """Return the error that lists all findings in the order of the file: `file:line: key: message (hint)`."""
    placed = sorted(
        {(item.line or line_of(item.path, lines), key_path(item.path), item.message, item.hint) for item in findings}
    )
    shown = [
        f"{name}:{line}: {key + ': ' if key else ''}{message}{f' ({hint})' if hint else ''}"
        for line, key, message, hint in placed
    ]
    count = f"{len(shown)} mistake" + ("s" if len(shown) != 1 else "")
    return PolicyError(
        f"The policy is refused: {count}.\n" + "\n".join(shown), hint="docs/policy.md explains every section."
    )
