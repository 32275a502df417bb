"""Makes up people: names, jobs, addresses, numbers. Their look-alikes and their records are made elsewhere."""

from __future__ import annotations

from functools import cache

from wb_pipeline.synthetic.cultures import Culture, Spelled, culture
from wb_pipeline.synthetic.dice import Dice
from wb_pipeline.synthetic.entities import Company, Job, Person
from wb_pipeline.synthetic.mailboxes import private_address, work_address
from wb_pipeline.synthetic.places import City, Country, Phone, country
from wb_pipeline.synthetic.romanise import slug
from wb_pipeline.synthetic.word_files import culture_names, word_file
from wb_pipeline.synthetic.world import World

_MIXED_FAMILY = 0.06
_TWO_SURNAMES = 0.62
_DOUBLE_NAME = 0.035
_MIDDLE = 0.3
_GENERATION = 0.012
_ABROAD = 0.07
_LARGE_FIRM = 15.0
_OWN_LINE, _OWN_LINE_IN_LARGE_FIRM = 0.35, 0.75
_BEHIND_SWITCHBOARD = 0.5


def new_person(world: World, company: Company | None = None) -> Person:
    """Return a person who has nothing to do with the others, employed by the firm or by any."""
    dice = world.dice
    employer = company or world.hire()
    people = _culture_of(dice, employer.country)
    female = dice.chance(0.45)
    first = people.draw_first(dice, female=female)
    last = _draw_surname(dice, people, female=female)
    return named_person(world, people, first, last, employer, female=female)


def named_person(
    world: World, people: Culture, first: Spelled, last: Spelled, employer: Company, *, female: bool
) -> Person:
    """Return a new person of this name and employer."""
    dice = world.dice
    home, city = _home(world, employer)
    return Person(
        entity_id=world.next_id("PE"),
        culture=people,
        is_female=female,
        first=first[0],
        middle=people.draw_middle(dice, female=female) if dice.chance(_MIDDLE) else "",
        last=last[0],
        native_first=first[1],
        native_last=last[1],
        generation=dice.pick(word_file("titles")["generations"]) if dice.chance(_GENERATION) else "",
        job=new_job(world, employer, first[0], last[0]),
        mobile=home.draw_mobile(dice, city.area) if dice.chance(0.8) else None,
        free_email=private_address(world, home, first[0], last[0]) if dice.chance(0.12) else "",
        linkedin=linkedin_slug(dice, first[0], last[0]) if dice.chance(0.72) else "",
        country=home,
        city=city.name,
    )


def new_job(world: World, employer: Company, first: str, last: str) -> Job:
    """Return a job at the firm for somebody of this name."""
    dice = world.dice
    has_line = dice.chance(_OWN_LINE if employer.weight < _LARGE_FIRM else _OWN_LINE_IN_LARGE_FIRM)
    return Job(
        company=employer,
        email=work_address(world, employer, first, last),
        title=draw_title(dice),
        direct=_own_line(dice, employer) if has_line else None,
    )


def _own_line(dice: Dice, employer: Company) -> Phone:
    """Return a line of one's own: often the switchboard's number with other last digits."""
    board = employer.phone
    if dice.chance(_BEHIND_SWITCHBOARD):
        return board._replace(line=f"{board.line[:-3]}{dice.below(1000):03d}")
    return employer.country.draw_landline(dice, employer.address.city.area)


def earlier_job(world: World, person: Person) -> Job:
    """Return the job that a person had before, at another firm; the same one whenever it is asked for."""
    if person.earlier is None:
        employer = world.hire_elsewhere(person.job.company)
        person.earlier = new_job(world, employer, person.first, person.last)
    return person.earlier


def draw_title(dice: Dice) -> str:
    """Return a job title."""
    words = word_file("titles")
    if dice.chance(0.35):
        fixed: str = dice.pick(words["fixed"])
        return fixed
    level: str = dice.ranked(words["levels"])
    return level.format(dice.ranked(words["areas"]))


def linkedin_slug(dice: Dice, first: str, last: str) -> str:
    """Return the last part of a profile's address; common names carry a number that LinkedIn adds."""
    plain = f"{slug(first, '-')}-{slug(last, '-')}".strip("-")
    drawn = dice.random()
    if drawn < 0.45:  # noqa: PLR2004 - how often profiles carry LinkedIn's own number
        return f"{plain}-{dice.below(1 << 32):08x}"
    return plain if drawn < 0.85 else f"{plain.replace('-', '')}{dice.below(100)}"  # noqa: PLR2004 - the rest chose one


def married_name(world: World, person: Person) -> str:
    """Return the surname after a wedding; the same one whenever it is asked for."""
    if not person.married_last:
        new = person.culture.draw_last(world.dice, female=person.is_female)[0]
        person.married_last = world.dice.pick(
            (new, new, f"{person.last}-{new}", f"{new}-{person.last}", f"{person.last} {new}")
        )
    return person.married_last


def _culture_of(dice: Dice, where: Country) -> Culture:
    return culture(dice.pick(_culture_list())) if dice.chance(_MIXED_FAMILY) else culture(where.cultures.spin(dice))


@cache
def _culture_list() -> list[str]:
    return culture_names()


def _draw_surname(dice: Dice, people: Culture, *, female: bool) -> Spelled:
    last = people.draw_last(dice, female=female)
    if people.style == "two_surnames" and dice.chance(_TWO_SURNAMES):
        second = people.draw_last(dice, female=female)
        return (f"{last[0]} {second[0]}", "")
    if not last[1] and dice.chance(_DOUBLE_NAME):
        return (f"{last[0]}-{people.draw_last(dice, female=female)[0]}", "")
    return last


def _home(world: World, employer: Company) -> tuple[Country, City]:
    dice = world.dice
    if dice.chance(_ABROAD):
        where = country(world.countries.spin(dice))
        return where, dice.ranked(where.cities)
    if dice.chance(0.25):
        return employer.country, dice.ranked(employer.country.cities)
    return employer.country, employer.address.city
