"""What every connector offers, and the shape of what it pulls. No vendor, no file and no network here."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol

import pyarrow as pa

from wb_pipeline.contract.tables import CRM_RECORDS, EVIDENCE_ITEMS, REJECTED_ROWS

if TYPE_CHECKING:
    from collections.abc import Mapping

SourceKind = Literal["crm", "evidence"]
_FILE_NAME = pa.field("file_name", pa.string())

PULLED_SCHEMAS: dict[SourceKind, pa.Schema] = {
    "crm": CRM_RECORDS.append(_FILE_NAME),
    "evidence": EVIDENCE_ITEMS.append(_FILE_NAME),
}
"""What a pull holds: the contract's columns, and where a row came from (a file, or what the CRM calls its parts)."""


@dataclass(frozen=True, slots=True)
class Pull:
    """What one pull brought.

    `rows` has the columns of `PULLED_SCHEMAS`, `rejected` those of REJECTED_ROWS. `notices` counts, by sentence, what
    was odd but kept, for people to read.
    """

    kind: SourceKind
    rows: pa.Table
    rejected: pa.Table = field(default_factory=REJECTED_ROWS.empty_table)
    notices: Mapping[str, int] = field(default_factory=dict)


class CrmConnector(Protocol):
    """A CRM. Conditional batch writes and their read back join it when writes are applied."""

    @property
    def name(self) -> str:
        """What messages and audit rows call this CRM."""

    def pull_crm(self) -> Pull:
        """Return every record, with the last writer of each field and the field history as far as the CRM knows them.

        Raises InputError when the CRM cannot be read at all; a record that cannot be read is a rejected row.
        """


class EvidenceConnector(Protocol):
    """A store of evidence: emails, calendar events, calls, enrichment, documents."""

    @property
    def name(self) -> str:
        """What messages and audit rows call this store."""

    def pull_evidence(self) -> Pull:
        """Return every item. Raises and rejects like `CrmConnector.pull_crm`."""
