"""Makes the CRM's records of people: the first one, and its damaged repeats. Which damage: contact_variants."""

from __future__ import annotations

from typing import NamedTuple

from wb_pipeline.synthetic.contact_channel_variants import profile_address
from wb_pipeline.synthetic.contact_variants import (
    COMPANY_NAME_WEIGHTS,
    CONTACT_VARIANT_WEIGHTS,
    apply_contact_variant,
)
from wb_pipeline.synthetic.dice import Wheel
from wb_pipeline.synthetic.entities import Company, Job, Person
from wb_pipeline.synthetic.persons import earlier_job
from wb_pipeline.synthetic.phones import phone_text
from wb_pipeline.synthetic.rows import ContactRow
from wb_pipeline.synthetic.times import draw_times
from wb_pipeline.synthetic.world import World

_COMPANY_NAME_AS_IS = 0.5
_SAME_MOBILE = 0.6
_SAME_PROFILE = 0.5
_NAME_ONLY = 0.25
_FREE_MAIL_FIRST = 0.25
_OWN_LINE_USED = 0.8
_OWN_SCRIPT = 0.15


class Source(NamedTuple):
    """How likely a way of getting contacts fills each field, before `Rates.missing`."""

    email: float
    phone: float
    mobile: float
    title: float
    place: float
    profile: float
    company: float


_SOURCES = {
    "import": Source(0.97, 0.75, 0.45, 0.9, 0.85, 0.15, 0.98),
    "form": Source(1.0, 0.4, 0.35, 0.5, 0.35, 0.02, 0.8),
    "mail": Source(1.0, 0.3, 0.4, 0.25, 0.1, 0.03, 0.55),
    "card": Source(0.93, 0.7, 0.75, 0.95, 0.75, 0.05, 1.0),
    "profile": Source(0.65, 0.1, 0.2, 0.97, 0.9, 1.0, 0.97),
    "call": Source(0.5, 0.6, 0.75, 0.35, 0.2, 0.02, 0.85),
    "bought": Source(0.92, 0.85, 0.5, 0.95, 0.95, 0.6, 1.0),
}
_SOURCE_WHEEL = Wheel({"import": 28, "form": 20, "mail": 14, "card": 11, "profile": 13, "call": 5, "bought": 17})


class ContactRecorder:
    """Writes records of people as careless people would."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._variants = Wheel(world.rates.weighted(CONTACT_VARIANT_WEIGHTS))
        self._company_names = Wheel(world.rates.weighted(COMPANY_NAME_WEIGHTS))

    def records(self, person: Person) -> list[ContactRow]:
        """Return all records of a person: the first one and its repeats."""
        repeats = self._world.repeats(self._world.rates.contact_duplicates)
        return [self.first(person), *(self.repeat(person) for _ in range(repeats))]

    def first(self, person: Person) -> ContactRow:
        """Return the record that somebody made first; it may be damaged as well."""
        row = self.observed(person, person.job)
        if person.native_last and self._world.dice.chance(_OWN_SCRIPT):
            apply_contact_variant(self._world, row, "p_native_script")
        if self._world.dice.chance(self._world.rates.first_record_damage):
            self._damage(row)
        return row

    def repeat(self, person: Person) -> ContactRow:
        """Return one more record of a person, damaged, and sometimes from another job of theirs."""
        if self._world.dice.chance(self._world.rates.job_changes):
            row = self.job_changer(person)
        else:
            row = self.observed(person, person.job)
        row.is_primary = False
        self.damage(row)
        return row

    def damage(self, row: ContactRow) -> None:
        """Do one or more variants to a record; at least one changes something."""
        before = len(row.variants)
        self._damage(row)
        while len(row.variants) == before or self._world.dice.chance(self._world.rates.variants_more):
            self._damage(row)

    def job_changer(self, person: Person) -> ContactRow:
        """Return a record from a person's other job. What stays the same is the name and, often, mobile and profile."""
        dice = self._world.dice
        row = self.observed(person, earlier_job(self._world, person))
        row.variants.append("p_job_change")
        if dice.chance(_NAME_ONLY):
            row.mobile = row.linkedin_url = None
        elif not dice.chance(_SAME_MOBILE):
            row.mobile = None
        elif not dice.chance(_SAME_PROFILE):
            row.linkedin_url = None
        return row

    def observed(self, person: Person, job: Job) -> ContactRow:
        """Return a record as one source of contacts would have filled it, without mistakes."""
        world, dice = self._world, self._world.dice
        source, gap = _SOURCES[_SOURCE_WHEEL.spin(dice)], world.rates.missing
        has_place = self._is_filled(source.place, gap)
        created_at, updated_at = draw_times(dice)
        row = ContactRow(
            entity=person,
            job=job,
            first_name=person.first,
            last_name=f"{person.last} {person.generation}" if person.generation and dice.chance(0.8) else person.last,
            email=self._email(person, job) if self._is_filled(source.email, gap) else None,
            phone=None,
            mobile=phone_text(dice, person.mobile) if person.mobile and self._is_filled(source.mobile, gap) else None,
            job_title=job.title if self._is_filled(source.title, gap) else None,
            city=person.city if has_place and dice.random() > 0.2 * gap else None,
            country=dice.ranked(person.country.names, 3) if has_place else None,
            linkedin_url=profile_address(dice, person.linkedin) if self._is_filled(source.profile, gap) else None,
            company_name=None,
            company_id=None,
            created_at=created_at,
            updated_at=updated_at,
        )
        if self._is_filled(source.phone, gap):
            self._fill_phone(row)
        if self._is_filled(source.company, gap):
            self._fill_company(row, job.company)
        return row

    def _is_filled(self, share: float, gap: float) -> bool:
        return self._world.dice.random() > (1 - share) * gap

    def _email(self, person: Person, job: Job) -> str:
        if person.shared_email and job is person.job:
            return person.shared_email
        return person.free_email if person.free_email and self._world.dice.chance(_FREE_MAIL_FIRST) else job.email

    def _fill_phone(self, row: ContactRow) -> None:
        person, job, dice = row.entity, row.job, self._world.dice
        if person.shared_phone is not None and job is person.job:
            row.phone = phone_text(dice, person.shared_phone)
        elif job.direct is not None and dice.chance(_OWN_LINE_USED):
            row.phone = phone_text(dice, job.direct)
        else:
            row.phone = phone_text(dice, job.company.phone)
            row.variants.append("ph_switchboard")

    def _fill_company(self, row: ContactRow, company: Company) -> None:
        dice = self._world.dice
        if company.record_ids and dice.chance(self._world.rates.company_linked):
            row.company_id = dice.ranked(company.record_ids, 2)
        if row.company_id is None or dice.chance(0.8):
            row.company_name = company.name
            if not dice.chance(_COMPANY_NAME_AS_IS):
                apply_contact_variant(self._world, row, self._company_names.spin(dice))

    def _damage(self, row: ContactRow) -> None:
        apply_contact_variant(self._world, row, self._variants.spin(self._world.dice))
