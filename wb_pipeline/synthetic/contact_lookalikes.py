"""Different people who look like one: each type is a function that returns the others. No records are made here."""

from __future__ import annotations

from collections.abc import Callable

from wb_pipeline.synthetic.cultures import Spelled
from wb_pipeline.synthetic.entities import Company, Person
from wb_pipeline.synthetic.mailboxes import local_part
from wb_pipeline.synthetic.persons import linkedin_slug, named_person, new_person
from wb_pipeline.synthetic.places import Phone
from wb_pipeline.synthetic.romanise import slug
from wb_pipeline.synthetic.typos import misspelt
from wb_pipeline.synthetic.word_files import word_file
from wb_pipeline.synthetic.world import World

Maker = Callable[[World, Person], list[Person]]
_TRIES = 8


def contact_group(world: World, base: Person, kind: str | None = None) -> list[Person]:
    """Return the person and the look-alikes, and note the group. The kind is drawn unless it is given."""
    chosen = kind or world.draw_kind(CONTACT_LOOKALIKE_WEIGHTS)
    members = [base, *_MAKERS[chosen](world, base)]
    world.note_group(chosen, members)
    return members


def _like(
    world: World, base: Person, company: Company, first: Spelled | None = None, last: Spelled | None = None
) -> Person:
    """Return another person of the base's culture; names that are not given are the base's."""
    return named_person(
        world,
        base.culture,
        first or (base.first, base.native_first),
        last or (base.last, base.native_last),
        company,
        female=base.is_female,
    )


def _other_first(world: World, base: Person, *, same_initial: bool = False) -> Spelled:
    for _ in range(60 if same_initial else _TRIES):
        female = world.dice.chance(0.5) if not same_initial else base.is_female
        name = base.culture.draw_first(world.dice, female=female)
        if name[0] != base.first and (not same_initial or name[0][:1] == base.first[:1]):
            return name
    return (f"{base.first[:1]}{misspelt(world.dice, base.first)[1:]}a", "")


def _some(world: World, most: int) -> range:
    return range(1 + int(most * world.dice.random() ** 2.5))


def _same_name_same_company(world: World, base: Person) -> list[Person]:
    return [_like(world, base, base.job.company)]


def _same_name_other_company(world: World, base: Person) -> list[Person]:
    return [_like(world, base, world.hire_elsewhere(base.job.company)) for _ in _some(world, 3)]


def _rare_name(world: World, base: Person) -> list[Person]:
    """Return a namesake with a surname that hardly anybody bears."""
    base.last, base.native_last = (
        f"{misspelt(world.dice, base.last)}{world.dice.pick(('ek', 'sko', 'ano', 'ley', 'wyn', 'ou'))}",
        "",
    )
    base.job.email = f"{local_part(base.job.company.email_pattern, base.first, base.last)}@{base.job.company.domain}"
    base.linkedin = linkedin_slug(world.dice, base.first, base.last) if base.linkedin else ""
    return [_like(world, base, world.hire_elsewhere(base.job.company))]


def _family(world: World, base: Person) -> list[Person]:
    """Return relatives: one surname and, often, one telephone, mailbox or firm."""
    dice = world.dice
    is_one_phone, is_one_mailbox, is_one_firm = dice.chance(0.6), dice.chance(0.25), dice.chance(0.5)
    if is_one_phone:
        base.shared_phone = base.country.draw_landline(dice, base.job.company.address.city.area)
    if is_one_mailbox:
        base.shared_email = f"{dice.pick(('family.', 'the', '', 'fam.'))}{slug(base.last)}{dice.below(100)}@gmail.com"
    relatives = []
    for _ in _some(world, 3):
        firm = base.job.company if is_one_firm else world.hire()
        relative = _like(world, base, firm, first=_other_first(world, base))
        relative.shared_phone, relative.shared_email = base.shared_phone, base.shared_email
        relative.city, relative.country = base.city, base.country
        relatives.append(relative)
    return relatives


def _father_and_son(world: World, base: Person) -> list[Person]:
    firm = base.job.company if world.dice.chance(0.6) else world.hire()
    son = _like(world, base, firm)
    base.generation, son.generation = world.dice.pick(
        (("Sr.", "Jr."), ("", "Jr."), ("Sr", "Jr"), ("", "III"), ("II", "III"))
    )
    son.city, son.country = base.city, base.country
    if world.dice.chance(0.4):
        base.shared_phone = base.country.draw_landline(world.dice, base.job.company.address.city.area)
        son.shared_phone = base.shared_phone
    return [son]


def _siblings_same_initial(world: World, base: Person) -> list[Person]:
    firm = base.job.company if world.dice.chance(0.6) else world.hire()
    sibling = _like(world, base, firm, first=_other_first(world, base, same_initial=True))
    sibling.city, sibling.country = base.city, base.country
    return [sibling]


def _colleagues(world: World, base: Person, most: int) -> list[Person]:
    return [new_person(world, base.job.company) for _ in _some(world, most)]


def _shared_role_mailbox(world: World, base: Person) -> list[Person]:
    others = _colleagues(world, base, 4)
    role = world.dice.pick(word_file("companies")["role_mailboxes"])
    for person in (base, *others):
        person.shared_email = f"{role}@{base.job.company.domain}"
    return others


def _shared_switchboard(world: World, base: Person) -> list[Person]:
    others = _colleagues(world, base, 5)
    for person in (base, *others):
        person.shared_phone = base.job.company.phone
    return others


def _assistant(world: World, base: Person) -> list[Person]:
    """Return whoever answers somebody's telephone, and now and then the mail."""
    helper = new_person(world, base.job.company)
    base.shared_phone = base.country.draw_landline(world.dice, base.job.company.address.city.area)
    helper.shared_phone = base.shared_phone
    helper.job.title = world.dice.pick(("Executive Assistant", "Assistant to the CEO", "Office Manager", "Sekretariat"))
    if world.dice.chance(0.4):
        helper.shared_email = base.job.email
    return [helper]


def _recycled_mailbox(world: World, base: Person) -> list[Person]:
    """Return who got somebody's address later: a namesake by pattern, or the next in the post."""
    if world.dice.chance(0.5):
        heir = _like(world, base, base.job.company, first=_other_first(world, base, same_initial=True))
    else:
        heir = new_person(world, base.job.company)
    heir.shared_email = base.shared_email = base.job.email
    return [heir]


def _recycled_mobile(world: World, base: Person) -> list[Person]:
    base.mobile = base.mobile or base.country.draw_mobile(world.dice, base.job.company.address.city.area)
    heir = new_person(world, base.job.company if world.dice.chance(0.5) else None)
    heir.mobile = base.mobile
    return [heir]


def _similar_names(world: World, base: Person) -> list[Person]:
    """Return a colleague whose name differs in a letter or two: Maria and Marie, Smith and Smyth."""
    changed = world.dice.pick(("first", "last", "both"))
    first = (misspelt(world.dice, base.first), "") if changed != "last" else None
    last = (misspelt(world.dice, base.last), "") if changed != "first" else None
    return [_like(world, base, base.job.company, first=first, last=last)]


def _same_first_same_title(world: World, base: Person) -> list[Person]:
    last = base.culture.draw_last(world.dice, female=base.is_female)
    other = _like(world, base, base.job.company, last=last)
    other.job.title = base.job.title
    return [other]


def _pattern_collision(world: World, base: Person) -> list[Person]:
    """Return a colleague who would get the same address, and got it with a number: jsmith2."""
    base.job.company.email_pattern = world.dice.pick(("flast", "f.last", "lastf"))
    first = _other_first(world, base, same_initial=True)
    local = local_part(base.job.company.email_pattern, base.first, base.last)
    base.job.email = f"{local}@{base.job.company.domain}"
    other = _like(world, base, base.job.company, first=first)
    other.job.email = f"{local}{2 + world.dice.below(3)}@{base.job.company.domain}"
    return [other]


def _profile_namesakes(world: World, base: Person) -> list[Person]:
    plain = f"{slug(base.first, '-')}-{slug(base.last, '-')}".strip("-")
    other = _like(world, base, world.hire_elsewhere(base.job.company))
    base.linkedin, other.linkedin = plain, f"{plain}-{world.dice.below(1 << 28):07x}"
    return [other]


def _placeholder_data(world: World, base: Person) -> list[Person]:
    """Return people who share what somebody typed in to get past a form."""
    dice = world.dice
    others = [new_person(world, base.job.company if dice.chance(0.3) else None) for _ in _some(world, 5)]
    phone = Phone(
        base.country.code, base.job.company.address.city.area, dice.pick(("5550100", "0000000", "1234567", "9999999"))
    )
    email = dice.pick(
        ("none@none.com", "test@test.com", "noemail@noemail.com", "na@na.com", "asdf@asdf.com", "x@x.com")
    )
    by_phone = dice.chance(0.5)
    for person in (base, *others):
        person.shared_phone = phone if by_phone else person.shared_phone
        person.shared_email = person.shared_email if by_phone else email
    return others


def _predecessor(world: World, base: Person) -> list[Person]:
    """Return who held the same post before: same firm, title and desk telephone."""
    before = new_person(world, base.job.company)
    before.job.title = base.job.title
    base.job.direct = base.job.direct or base.country.draw_landline(world.dice, base.job.company.address.city.area)
    before.job.direct = base.job.direct
    return [before]


def _same_name_city_title(world: World, base: Person) -> list[Person]:
    """Return a namesake in the same city and trade: name, city and title speak for one person."""
    other = _like(world, base, world.hire_elsewhere(base.job.company))
    other.city, other.country, other.job.title = base.city, base.country, base.job.title
    return [other]


_TYPES: dict[str, tuple[float, Maker]] = {
    "same_name_other_company": (16, _same_name_other_company),
    "same_name_same_company": (18, _same_name_same_company),
    "rare_name_other_company": (4, _rare_name),
    "same_name_city_title": (5, _same_name_city_title),
    "family": (12, _family),
    "father_and_son": (6, _father_and_son),
    "siblings_same_initial": (6, _siblings_same_initial),
    "shared_role_mailbox": (8, _shared_role_mailbox),
    "shared_switchboard": (5, _shared_switchboard),
    "assistant": (4, _assistant),
    "predecessor": (4, _predecessor),
    "recycled_mailbox": (4, _recycled_mailbox),
    "recycled_mobile": (4, _recycled_mobile),
    "similar_names": (7, _similar_names),
    "same_first_same_title": (4, _same_first_same_title),
    "pattern_collision": (5, _pattern_collision),
    "profile_namesakes": (4, _profile_namesakes),
    "placeholder_data": (4, _placeholder_data),
}
_MAKERS = {kind: maker for kind, (_, maker) in _TYPES.items()}
CONTACT_LOOKALIKE_WEIGHTS = {kind: float(weight) for kind, (weight, _) in _TYPES.items()}
"""How often each type is drawn, relative to the others."""
