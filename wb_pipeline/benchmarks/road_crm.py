"""The CRM of the load test: record number n as a pure function of n, so that nothing has to be kept in memory.

Proposals are built elsewhere (`road_proposals`); they ask here what a record says, to quote its true current values.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from wb_pipeline.benchmarks import road_words as words
from wb_pipeline.synthetic.cultures import culture
from wb_pipeline.synthetic.dice import Dice
from wb_pipeline.synthetic.romanise import slug
from wb_pipeline.synthetic.word_files import culture_names

if TYPE_CHECKING:
    from collections.abc import Iterator

Json: TypeAlias = dict[str, Any]
Item = TypeVar("Item")

_CREATED = "2025-04-01T08:00:00Z"
_UPDATED = "2025-11-03T08:00:00Z"
_CULTURES = tuple(culture_names())
# Leads and new contacts are other people than the contacts.
_FIRST_LEAD, FIRST_NEW_CONTACT = 10_000_000, 20_000_000


@dataclass(frozen=True)
class Shape:
    """How many records of each object there are; all follow from the number of contacts."""

    contacts: int

    @property
    def companies(self) -> int:
        """Companies: one for eight contacts."""
        return max(2, self.contacts // 8)

    @property
    def deals(self) -> int:
        """Deals: one for twelve contacts."""
        return max(2, self.contacts // 12)

    @property
    def leads(self) -> int:
        """Leads: one for twenty contacts."""
        return max(2, self.contacts // 20)

    @property
    def users(self) -> int:
        """Users of the CRM, who own records: never more than fifty."""
        return min(50, max(2, self.contacts // 200))


def records(shape: Shape) -> Iterator[tuple[str, Json]]:
    """Yield (file name, record) for the whole CRM, file by file."""
    for number in range(shape.users):
        yield "users.jsonl", _record("user", f"u-{number}", user(number))
    for number, workflow in enumerate(words.WORKFLOWS):
        yield "workflows.jsonl", _record("workflow", f"wf-{number}", workflow)
    for number in range(shape.companies):
        yield "companies.jsonl", _record("company", f"com-{number}", company(number, shape))
    for number in range(shape.contacts):
        yield "contacts.jsonl", _contact_record(number, shape)
    for number in range(shape.deals):
        yield "deals.jsonl", _record("deal", f"deal-{number}", deal(number, shape))
    for number in range(shape.leads):
        yield "leads.jsonl", _record("lead", f"lead-{number}", lead(number))


def user(number: int) -> Json:
    """Return the fields of user `number`."""
    return {"name": f"Owner {number}", "email": f"owner{number}@{words.OWN_DOMAIN}", "active": number % 17 != 0}


def company_domain(number: int) -> str:
    """Return the domain of company `number`; no two companies share one."""
    first, second = _company_words(number)
    return f"{first}-{second}-{number}.example".lower()


def company(number: int, shape: Shape) -> Json:
    """Return the fields of company `number`."""
    first, second = _company_words(number)
    domain = company_domain(number)
    return {
        "name": f"{first} {second} {number}",
        "domain": domain,
        "website": f"https://www.{domain}",
        "industry": pick(words.INDUSTRIES, number),
        "employee_range": pick(words.EMPLOYEE_RANGES, number // 3),
        "account_owner": f"u-{number % shape.users}",
        "country": "US",
    }


def contact_email(number: int, shape: Shape) -> str:
    """Return the email address of contact `number`; no two contacts share one."""
    return f"{_mailbox(number)}@{company_domain(number % shape.companies)}"


def contact(number: int, shape: Shape) -> Json:
    """Return the fields of contact `number`."""
    first, last = person_name(number)
    return {
        "first_name": first,
        "last_name": last,
        "email": contact_email(number, shape),
        "title": pick(words.TITLES, number),
        "phone": f"+1206555{100 + number % 100:04d}",
        "linkedin_url": f"https://www.linkedin.com/in/{_mailbox(number).replace('.', '-')}",
        "persona": pick(words.PERSONAS, number),
        "owner": f"u-{number % shape.users}",
        "company_id": f"com-{number % shape.companies}",
        "country": "US",
    }


def deal(number: int, shape: Shape) -> Json:
    """Return the fields of deal `number`; its company is the contact's of the same number."""
    return {
        "name": f"Deal {number}",
        "company_id": f"com-{number % shape.companies}",
        "primary_contact_id": f"con-{number}",
        "stage": pick(words.STAGES, number),
        "amount": 4000 + number % 40 * 500,
        "currency": words.CURRENCY,
        "owner": f"u-{number % shape.users}",
        "next_step": pick(words.NEXT_STEPS, number),
    }


def lead(number: int) -> Json:
    """Return the fields of lead `number`, who works at a company that the CRM does not know."""
    first, last = person_name(_FIRST_LEAD + number)
    address = f"{_mailbox(_FIRST_LEAD + number)}@newco-{number}.example"
    return {"first_name": first, "last_name": last, "email": address, "company_name": f"Newco {number}"}


def pick(choices: tuple[Item, ...], number: int) -> Item:
    """Return the choice that `number` falls on, round and round."""
    return choices[number % len(choices)]


def person_name(number: int) -> tuple[str, str]:
    """Return the first and last name of person `number`: as frequent, and as rare, as names of many countries are."""
    dice = Dice(number)
    people, female = culture(dice.pick(_CULTURES)), dice.chance(0.5)
    return people.draw_first(dice, female=female)[0], people.draw_last(dice, female=female)[0]


def _mailbox(number: int) -> str:
    first, last = person_name(number)
    return f"{slug(first)}.{slug(last)}.{number}"


def _company_words(number: int) -> tuple[str, str]:
    return pick(words.COMPANY_FIRST, number), pick(words.COMPANY_SECOND, number // len(words.COMPANY_FIRST))


def _record(object_name: str, record_id: str, fields: Json) -> Json:
    return {
        "object": object_name,
        "id": record_id,
        "fields": fields,
        "created_at": _CREATED,
        "updated_at": _UPDATED,
        "archived": False,
    }


def _contact_record(number: int, shape: Shape) -> Json:
    record = _record("contact", f"con-{number}", contact(number, shape))
    writer = f"user:u-{number % shape.users}" if number % 5 == 0 else f"integration:{words.ENRICHER.source}"
    record["meta"] = {"title": {"by": writer, "at": _UPDATED}}
    return record
