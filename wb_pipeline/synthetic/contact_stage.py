"""Second half of a generation: all people, their records in an order without meaning, and who may be proposed later."""

from __future__ import annotations

from dataclasses import dataclass, field

import pyarrow as pa

from wb_pipeline.synthetic.contact_lookalikes import contact_group
from wb_pipeline.synthetic.contact_records import ContactRecorder
from wb_pipeline.synthetic.entities import Person
from wb_pipeline.synthetic.persons import new_person
from wb_pipeline.synthetic.rows import ContactRow
from wb_pipeline.synthetic.tables import CRM_CONTACTS, TRUTH_CONTACTS, Collector
from wb_pipeline.synthetic.world import World

_ID_WIDTH = 7
_GROUPS_MORE = 8


@dataclass(slots=True)
class Member:
    """One person of a kept group with the numbers and contents of the CRM's records; no records if left out."""

    person: Person
    numbers: list[int] = field(default_factory=list)
    rows: list[ContactRow] = field(default_factory=list)


@dataclass(slots=True)
class ContactStage:
    """The records of people as tables. `kept` are groups (of one or more people) that proposals can be about.

    `position[n]` is where record number n ended up: its id is `contact_id(position[n])`.
    """

    records: pa.Table
    truth: pa.Table
    kept: list[list[Member]]
    position: list[int]
    recorder: ContactRecorder


def contact_id(position: int) -> str:
    """Return the id of the contact record at a position."""
    return f"ct_{position:0{_ID_WIDTH}d}"


class _Maker:
    def __init__(self, world: World, keep: float, left_out: float) -> None:
        self.world = world
        self.recorder = ContactRecorder(world)
        self.records = Collector(CRM_CONTACTS)
        self.truth = Collector(TRUTH_CONTACTS)
        self.kept: list[list[Member]] = []
        self._keep, self._left_out = keep, left_out

    def make(self, count: int) -> None:
        """Add records until there are exactly `count`."""
        while self.records.count < count:
            group = [new_person(self.world)]
            if self.world.is_group(self.world.rates.contact_lookalikes):
                group = contact_group(self.world, group[0])
            self._add(group, count)

    def _add(self, group: list[Person], count: int) -> None:
        members = [Member(person) for person in group]
        is_group = len(group) > 1
        spared = members[-1] if is_group and self.world.dice.chance(self._left_out) else None
        for member in members:
            if member is not spared:
                self._record(member, count)
        if is_group or self.world.dice.chance(self._keep):
            self._keep_group(members, is_group=is_group)

    def _record(self, member: Member, count: int) -> None:
        for row in self.recorder.records(member.person)[: count - self.records.count]:
            member.numbers.append(self.records.count)
            member.rows.append(row)
            self.records.add(("", *contact_values(row)))
            self.truth.add(_true_values(row))

    def _keep_group(self, members: list[Member], *, is_group: bool) -> None:
        is_wanted = not is_group or self.world.dice.chance(min(1.0, self._keep * _GROUPS_MORE))
        if self._keep and is_wanted and any(member.numbers for member in members):
            self.kept.append(members)


def make_contact_stage(world: World, records: int, *, keep: float, left_out: float) -> ContactStage:
    """Make exactly `records` records. `keep` is the share of people kept for proposals."""
    maker = _Maker(world, keep, left_out)
    maker.make(records)
    order = list(range(records))
    world.dice.shuffle(order)
    position = [0] * records
    for place, number in enumerate(order):
        position[number] = place
    ids = pa.array([contact_id(place) for place in range(records)], pa.string())
    return ContactStage(
        _numbered(maker.records.table(), order, ids), _numbered(maker.truth.table(), order, ids), maker.kept, position,
        maker.recorder,
    )  # fmt: skip


def contact_values(row: ContactRow) -> tuple[str | int | None, ...]:
    """Return what the CRM says, in the order of the columns after the id."""
    return (
        row.first_name, row.last_name, row.email, row.phone, row.mobile, row.job_title, row.city, row.country,
        row.linkedin_url, row.company_name, row.company_id, row.created_at, row.updated_at,
    )  # fmt: skip


def _true_values(row: ContactRow) -> tuple[object, ...]:
    person = row.entity
    return (
        "", person.entity_id, row.is_primary, row.variants, row.job.company.entity_id, person.first, person.last,
        person.lookalikes,
    )  # fmt: skip


def _numbered(table: pa.Table, order: list[int], ids: pa.Array) -> pa.Table:
    """Return the rows in the given order, with their ids in the first column."""
    shuffled = table.combine_chunks().take(pa.array(order, pa.int64()))
    return shuffled.set_column(0, table.schema.field(0), ids)
