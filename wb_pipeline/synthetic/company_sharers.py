"""Different firms that share owner, brand, address, telephone or domain. Alike by name: company_namesakes."""

from __future__ import annotations

from typing import Any

from wb_pipeline.synthetic import company_names as names
from wb_pipeline.synthetic.company_namesakes import Maker, another, other_descriptor, rename, some
from wb_pipeline.synthetic.entities import Company
from wb_pipeline.synthetic.places import Phone, country
from wb_pipeline.synthetic.romanise import slug
from wb_pipeline.synthetic.word_files import word_file
from wb_pipeline.synthetic.world import World

_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")


def _parent_subsidiary(world: World, base: Company) -> list[Company]:
    children = []
    for _ in some(world.dice, 4):
        industry, descriptor = other_descriptor(world, base)
        where = country(world.countries.spin(world.dice)) if world.dice.chance(0.5) else base.country
        tail = world.dice.pick(where.geo) if world.dice.chance(0.5) else descriptor
        trade = f"{base.descriptor} {tail}".strip() if world.dice.chance(0.5) else tail
        changes: dict[str, Any] = {
            "country": where,
            "descriptor": trade,
            "industry": industry,
            "parent": base.entity_id,
        }
        if world.dice.chance(0.55):
            changes["domain"] = base.domain if world.dice.chance(0.6) else f"{slug(tail)}.{base.domain}"
        children.append(another(world, base, **changes))
    return children


def _franchise(world: World, base: Company) -> list[Company]:
    dice = world.dice
    brand = dice.pick(word_file("companies")["franchises"]) if dice.chance(0.4) else base.stem
    rename(world, base, brand, "")
    base.stem = f"{brand} {base.address.city.name}"
    is_one_site, is_one_phone = dice.chance(0.7), dice.chance(0.35)
    shops = []
    for _ in some(dice, 6):
        address = base.country.draw_address(dice)
        phone = base.phone if is_one_phone else base.country.draw_landline(dice, address.city.area)
        changes: dict[str, Any] = {"domain": base.domain} if is_one_site else {}
        place = address.city.name if dice.chance(0.7) else address.street.split(",")[0].strip("0123456789 ")
        shops.append(another(world, base, stem=f"{brand} {place}", address=address, phone=phone, **changes))
    return shops


def _stranger(world: World, base: Company, **changes: Any) -> Company:
    """Return a firm with a name of its own in the same country."""
    industry = names.draw_industry(world.dice)
    stem, descriptor = names.draw_name(world.dice, base.country, industry)
    return another(world, base, stem=stem, descriptor=descriptor, industry=industry, **changes)


def _shared_building(world: World, base: Company) -> list[Company]:
    units = base.country.units
    return [
        _stranger(
            world,
            base,
            address=base.address._replace(street=f"{base.address.street}, {world.dice.fill(world.dice.pick(units))}"),
        )
        if world.dice.chance(0.5)
        else _stranger(world, base, address=base.address)
        for _ in some(world.dice, 4)
    ]


def _registered_agent(world: World, base: Company) -> list[Company]:
    phone = base.phone if world.dice.chance(0.2) else None
    changes: dict[str, Any] = {"phone": phone} if phone else {}
    return [_stranger(world, base, address=base.address, **changes) for _ in range(2 + world.dice.below(5))]


def _shared_accountant_phone(world: World, base: Company) -> list[Company]:
    return [_stranger(world, base, phone=base.phone) for _ in some(world.dice, 4)]


def _placeholder_phone(world: World, base: Company) -> list[Company]:
    line = world.dice.pick(("0000000", "5550100", "1234567", "9999999", "1111111"))
    base.phone = Phone(base.country.code, base.phone.area, line)
    return [_stranger(world, base, phone=base.phone) for _ in some(world.dice, 4)]


def _holding_operating(world: World, base: Company) -> list[Company]:
    word = world.dice.pick(word_file("companies")["holding_words"])
    shared: dict[str, Any] = {"address": base.address, "parent": base.entity_id}
    if world.dice.chance(0.6):
        shared["phone"] = base.phone
    if world.dice.chance(0.5):
        shared["domain"] = base.domain
    return [another(world, base, descriptor=f"{base.descriptor} {word}".strip(), **shared)]


def _numbered(world: World, base: Company) -> list[Company]:
    word = world.dice.pick(word_file("companies")["serial_words"])
    first = world.dice.below(4)
    figures = _ROMAN if world.dice.chance(0.6) else tuple(str(number) for number in range(1, 11))
    base.descriptor = f"{word} {figures[first]}"
    shared: dict[str, Any] = {"address": base.address, "domain": base.domain, "phone": base.phone}
    count = 1 + world.dice.below(4)
    return [
        another(world, base, descriptor=f"{word} {figures[first + number]}", **shared) for number in range(1, count + 1)
    ]


def _departments(world: World, base: Company) -> list[Company]:
    dice, words = world.dice, word_file("companies")
    roof, parts = dice.pick(words["roofs"]).format(base.address.city.name), words["departments"]
    first = dice.below(len(parts))
    rename(world, base, roof, "")
    base.descriptor = parts[first]
    others = [parts[(first + step) % len(parts)] for step in range(1, 2 + dice.below(3))]
    return [another(world, base, descriptor=part, domain=base.domain) for part in others]


SHARERS: dict[str, tuple[float, Maker]] = {
    "parent_subsidiary": (13, _parent_subsidiary),
    "franchise": (8, _franchise),
    "shared_building": (6, _shared_building),
    "registered_agent": (3, _registered_agent),
    "shared_accountant_phone": (4, _shared_accountant_phone),
    "placeholder_company_phone": (2, _placeholder_phone),
    "holding_operating": (6, _holding_operating),
    "numbered_companies": (4, _numbered),
    "departments": (3, _departments),
}
"""How often each type is drawn, relative to the others, and what it does."""
