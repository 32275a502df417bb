"""What a CRM that can be written offers: reads of records, conditional writes, plain kinds of failure (SYN-1).

No vendor, file or network here. Pulling whole CRMs is in `base`; when to write what is for `apply` to say.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

KEY_FIELD = "ai_writeback_key"
"""Every create, update and enrolment puts its key into this field of the record: reading tells whose write stands."""

CallAction = Literal["create", "update", "merge", "enroll", "archive"]


@dataclass(frozen=True, slots=True)
class CrmRecord:
    """A record as the CRM holds it now; `fields` are JSON values under the contract's names."""

    object: str
    record_id: str
    fields: Mapping[str, Any]
    is_archived: bool = False
    merged_into: str | None = None


@dataclass(frozen=True, slots=True)
class CrmCall:
    """One write.

    `key`: the write's key, the same whenever it is sent again. `expected`: field -> value that has to stand still when
    the write takes effect (None: no value); a CRM that cannot compare ignores it. `record_id` is None for a create and
    an enrolment. A merge archives the record `loser_id` into `record_id`, sets `fields` there, and lets what pointed to
    the loser point to the survivor. `by`: the last writer to note, as in `agent:agent-1`. `sent_at` is UTC.
    """

    key: str
    action: CallAction
    object: str
    record_id: str | None
    fields: Mapping[str, Any]
    sent_at: datetime
    by: str
    expected: Mapping[str, Any] = field(default_factory=dict)
    loser_id: str | None = None


@dataclass(frozen=True, slots=True)
class CrmAnswer:
    """A write that was carried out: on which record, and what the CRM said."""

    record_id: str
    text: str = ""


class CrmError(Exception):
    """A write that did not go through. Except for OutcomeUnknown it surely had no effect."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class Throttled(CrmError):
    """Too many calls; `retry_after` in seconds where the CRM says so."""

    def __init__(self, text: str, retry_after: float | None = None) -> None:
        super().__init__(text)
        self.retry_after = retry_after


class Unavailable(CrmError):
    """The CRM cannot be reached, or failed before it did anything."""


class Locked(CrmError):
    """The record is locked by somebody else for now."""


class Refused(CrmError):
    """The CRM will never take this write: validation, missing rights, no such record."""


class Conflict(CrmError):
    """A value in `expected` did not stand any more."""


class OutcomeUnknown(CrmError):
    """No answer, or a broken one: the write may have happened, or may still until `settle_seconds` after `sent_at`."""


class WritableCrm(Protocol):
    """A CRM that can be written. Raises CrmError for reads that fail; InputError if it cannot be used at all."""

    @property
    def name(self) -> str:
        """What messages and the audit call this CRM; holds no secret."""

    @property
    def settle_seconds(self) -> float:
        """How long after `sent_at` a call without an answer may still take effect."""

    @property
    def batch_size(self) -> int:
        """How many calls `write_many` takes at once."""

    def read(self, object_name: str, record_ids: Sequence[str]) -> dict[str, CrmRecord]:
        """Return {record id: record}, archived ones too; an unknown id is missing."""

    def find_by_key(self, object_name: str, keys: Sequence[str]) -> dict[str, str]:
        """Return {key: record id} of the records whose KEY_FIELD holds one of these keys."""

    def find_by_fields(self, object_name: str, wanted: Mapping[str, Collection[str]]) -> list[CrmRecord]:
        """Return the records that are not archived and hold, in one of these fields, one of the keys given for it.

        Fields and keys are those of `search_keys`: any spelling of a value that has the key counts.
        """

    def write_many(self, calls: Sequence[CrmCall]) -> list[CrmAnswer | CrmError]:
        """Carry out calls, each by itself; return the answers in the order of the calls. Does not raise for a call."""

    def close(self) -> None:
        """Give back what the connection holds."""
