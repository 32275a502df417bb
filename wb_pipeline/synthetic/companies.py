"""Makes up firms, one by one and in groups of look-alikes. The records of them are made in company_records.py."""

from __future__ import annotations

from wb_pipeline.synthetic import company_names as names
from wb_pipeline.synthetic.company_lookalikes import company_group
from wb_pipeline.synthetic.dice import Wheel
from wb_pipeline.synthetic.entities import Company
from wb_pipeline.synthetic.places import country
from wb_pipeline.synthetic.world import World

_PATTERN_WHEEL = Wheel({
    "first.last": 38, "flast": 20, "first": 8, "firstl": 4, "first_last": 5, "lastf": 3, "last.first": 4, "f.last": 7,
    "last": 3, "firstlast": 5, "first-last": 2, "initials": 1,
})  # fmt: skip
_TAIL = 0.85
"""Exponent of the sizes of firms: many have one contact, few have hundreds (Zipf's law of firms, Axtell 2001)."""


def make_companies(world: World, count: int) -> None:
    """Add `count` firms to the world, some of them in groups of look-alikes."""
    while len(world.companies) < count:
        group = [new_company(world)]
        if world.is_group(world.rates.company_lookalikes):
            group = company_group(world, group[0])
        world.companies.extend(group)


def new_company(world: World) -> Company:
    """Return a firm that has nothing to do with the others."""
    dice = world.dice
    where = country(world.countries.spin(dice))
    industry = names.draw_industry(dice)
    stem, descriptor = names.draw_name(dice, where, industry)
    legal, legal_long = dice.ranked(where.legal, 2) if dice.chance(0.8) else ("", "")
    address = where.draw_address(dice)
    size = min((1 - dice.random()) ** (-1 / _TAIL), world.largest_firm)
    return Company(
        entity_id=world.next_id("CE"),
        country=where,
        address=address,
        stem=stem,
        descriptor=descriptor,
        legal=legal,
        legal_long=legal_long,
        industry=industry,
        domain=world.domains.new(dice, where, stem, descriptor),
        phone=where.draw_landline(dice, address.city.area),
        email_pattern=_PATTERN_WHEEL.spin(dice),
        weight=size,
        employees=int(size * 3 ** (1 + 2 * dice.random())),
        alias_domain=world.domains.new(dice, where, stem, "") if dice.chance(0.16) else "",
        old_stem=names.draw_name(dice, where, industry)[0] if dice.chance(0.08) else "",
    )
