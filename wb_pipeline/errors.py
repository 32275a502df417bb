"""Errors that a person is meant to read: what is wrong, where, and the way out. Bugs raise anything else."""

from __future__ import annotations


class WbError(Exception):
    """A problem the user can mend. The command line prints it without a traceback.

    `hint` says the way out in one sentence; `exit_code` is what a script sees.
    """

    exit_code = 2

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}\n  {self.hint}" if self.hint else self.message


class InputError(WbError):
    """Something that was handed in (a file, a folder, an option) cannot be used."""


class PolicyError(WbError):
    """The policy file is refused. The message names file, line and key."""

    exit_code = 3


class GateBrokenError(WbError):
    """A gate could not be evaluated: the run stops before anything is approved (EXC-3)."""

    exit_code = 4


class OutcomeError(WbError):
    """A blocking check on the outcome failed: nothing is sealed, published or applied."""

    exit_code = 4


class NotificationError(WbError):
    """Some messages did not leave; they stay due (EXC-3)."""

    exit_code = 6


class ApplyError(WbError):
    """Some writes did not get through to the CRM; they stay approved, or went back to a person."""

    exit_code = 7


class AuditError(WbError):
    """The books of record do not verify."""

    exit_code = 5


class AlarmError(WbError):
    """Something went round the books: it is on record, and a person has to look at it."""

    exit_code = 8
