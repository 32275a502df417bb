"""Different firms whose names or domains look alike. What firms share beside names stands in company_sharers.py."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from wb_pipeline.synthetic import company_names as names
from wb_pipeline.synthetic.dice import Dice
from wb_pipeline.synthetic.entities import Company
from wb_pipeline.synthetic.places import country
from wb_pipeline.synthetic.typos import misspelt
from wb_pipeline.synthetic.world import World

Maker = Callable[[World, Company], list[Company]]
"""Returns the other members of a group; it may change the first one so that they look alike."""


def another(world: World, base: Company, **changes: Any) -> Company:
    """Return a firm with its own identity, contact points and address in the base's city, otherwise like the base."""
    dice, where = world.dice, changes.get("country", base.country)
    city = base.address.city if where is base.country else dice.ranked(where.cities)
    address = where.draw_address(dice, city)
    stem, descriptor = changes.get("stem", base.stem), changes.get("descriptor", base.descriptor)
    legal, legal_long = dice.ranked(where.legal, 2)
    own: dict[str, Any] = {
        "entity_id": world.next_id("CE"),
        "address": address,
        "legal": legal,
        "legal_long": legal_long,
        "phone": where.draw_landline(dice, address.city.area),
        "weight": max(1.0, base.weight * dice.random()),
        "employees": 1 + int(base.employees * 2 * dice.random()),
        "alias_domain": "",
        "old_stem": "",
        "parent": None,
        "lookalikes": [],
        "record_ids": [],
    }
    if "domain" not in changes:
        own["domain"] = world.domains.new(dice, where, stem, descriptor)
    return replace(base, **{**own, **changes})


def rename(world: World, firm: Company, stem: str, descriptor: str) -> None:
    """Give a firm that nobody knows yet another name, and a domain that fits it."""
    firm.stem, firm.descriptor = stem, descriptor
    firm.domain = world.domains.new(world.dice, firm.country, stem, descriptor)


def some(dice: Dice, most: int = 3) -> range:
    """Return a range of one to `most`, small numbers more often."""
    return range(1 + int(most * dice.random() ** 2))


def other_descriptor(world: World, base: Company) -> tuple[str, str]:
    """Return an industry and a word for it that is not the firm's."""
    industry = names.draw_industry(world.dice)
    descriptor = names.draw_descriptor(world.dice, industry)
    while descriptor == base.descriptor:
        industry = names.draw_industry(world.dice)
        descriptor = names.draw_descriptor(world.dice, industry)
    return industry, descriptor


def _same_name_other_country(world: World, base: Company) -> list[Company]:
    where = country(world.countries.spin(world.dice))
    while where.code == base.country.code:
        where = country(world.countries.spin(world.dice))
    label = base.domain.partition(".")[0]
    return [another(world, base, country=where, domain=world.domains.claim(world.dice, label, where.tlds))]


def _same_name_other_city(world: World, base: Company) -> list[Company]:
    address = base.country.draw_address(world.dice)
    while address.city.name == base.address.city.name:
        address = base.country.draw_address(world.dice)
    phone = base.country.draw_landline(world.dice, address.city.area)
    return [another(world, base, address=address, phone=phone)]


def _same_name_other_industry(world: World, base: Company) -> list[Company]:
    industry, descriptor = other_descriptor(world, base)
    base.descriptor = ""
    domain = world.domains.new(world.dice, base.country, base.stem, descriptor)
    return [another(world, base, descriptor="", industry=industry, domain=domain)]


def _one_token_differs(world: World, base: Company) -> list[Company]:
    industry, descriptor = other_descriptor(world, base)
    if " " in base.stem and world.dice.chance(0.4):
        words = base.stem.split(" ")
        words[world.dice.below(len(words))] = names.draw_noun(world.dice)
        return [another(world, base, stem=" ".join(words))]
    return [another(world, base, descriptor=descriptor, industry=industry)]


def _lookalike_domain(world: World, base: Company) -> list[Company]:
    dice = world.dice
    label, _, ending = base.domain.partition(".")
    changed = dice.pick(
        (misspelt(dice, label), label, f"{label[:3]}-{label[3:]}", f"{label}s", f"the{label}", label.replace("-", ""))
    )
    endings = [ending] if changed != label else ["com", "net", "org", "co", "io", "biz", "info", "eu"]
    domain = world.domains.claim(dice, changed.strip("-") or label, endings)
    industry, descriptor = other_descriptor(world, base)
    stem = misspelt(dice, base.stem) if dice.chance(0.5) else names.draw_name(dice, base.country, industry)[0]
    return [another(world, base, stem=stem, descriptor=descriptor, industry=industry, domain=domain)]


def _same_acronym(world: World, base: Company) -> list[Company]:
    rename(world, base, names.acronym(world.dice), base.descriptor)
    made = []
    for _ in some(world.dice, 3):
        industry, descriptor = other_descriptor(world, base)
        where = country(world.countries.spin(world.dice))
        made.append(another(world, base, country=where, descriptor=descriptor, industry=industry))
    return made


def _brand_family(world: World, base: Company) -> list[Company]:
    rename(world, base, names.coined(world.dice), base.descriptor or names.draw_descriptor(world.dice, base.industry))
    made = []
    for _ in some(world.dice, 5):
        industry, descriptor = other_descriptor(world, base)
        made.append(another(world, base, descriptor=descriptor, industry=industry))
    return made


def _similar_spelling(world: World, base: Company) -> list[Company]:
    rename(world, base, names.coined(world.dice), base.descriptor)
    industry, descriptor = other_descriptor(world, base)
    descriptor = base.descriptor if world.dice.chance(0.4) else descriptor
    return [another(world, base, stem=misspelt(world.dice, base.stem), descriptor=descriptor, industry=industry)]


NAMESAKES: dict[str, tuple[float, Maker]] = {
    "same_name_other_country": (10, _same_name_other_country),
    "same_name_other_city": (8, _same_name_other_city),
    "same_name_other_industry": (5, _same_name_other_industry),
    "one_token_differs": (10, _one_token_differs),
    "lookalike_domain": (7, _lookalike_domain),
    "same_acronym": (4, _same_acronym),
    "brand_family": (6, _brand_family),
    "similar_spelling": (4, _similar_spelling),
}
"""How often each type is drawn, relative to the others, and what it does."""
