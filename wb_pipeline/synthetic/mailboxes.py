"""Addresses of people at firms and elsewhere, each given out once. Damaged ones: contact_channel_variants."""

from __future__ import annotations

from collections.abc import Callable

from wb_pipeline.synthetic.dice import Dice
from wb_pipeline.synthetic.domains import free_mail
from wb_pipeline.synthetic.entities import Company
from wb_pipeline.synthetic.places import Country
from wb_pipeline.synthetic.romanise import expanded, slug
from wb_pipeline.synthetic.world import World

_LOCAL_PARTS: dict[str, Callable[[str, str], str]] = {
    "first.last": lambda first, last: f"{first}.{last}",
    "flast": lambda first, last: f"{first[:1]}{last}",
    "first": lambda first, last: first or last,
    "firstl": lambda first, last: f"{first}{last[:1]}",
    "first_last": lambda first, last: f"{first}_{last}",
    "lastf": lambda first, last: f"{last}{first[:1]}",
    "last.first": lambda first, last: f"{last}.{first}",
    "f.last": lambda first, last: f"{first[:1]}.{last}",
    "last": lambda first, last: last or first,
    "firstlast": lambda first, last: f"{first}{last}",
    "first-last": lambda first, last: f"{first}-{last}",
    "initials": lambda first, last: f"{first[:1]}{last[:1]}",
}
PATTERNS = tuple(_LOCAL_PARTS)
_CROWDED = 40.0


def local_part(pattern: str, first: str, last: str) -> str:
    """Return the part before the @ of somebody's address."""
    made = _LOCAL_PARTS[pattern](slug(first.split(" ", maxsplit=1)[0]), slug(last))
    return made.strip(".-_") or "user"


def work_address(world: World, company: Company, first: str, last: str) -> str:
    """Return a new address at the firm, by the firm's pattern; a number tells apart who would get the same."""
    dice = world.dice
    spelled = expanded(last) if dice.chance(0.4) else last
    pattern = company.email_pattern
    if company.weight > _CROWDED and pattern in {"first", "last", "initials"}:
        pattern = "flast"
    return claimed(world, local_part(pattern, first, spelled), company.domain)


def private_address(world: World, where: Country, first: str, last: str) -> str:
    """Return a new address at a provider that anybody can use."""
    dice = world.dice
    pattern = dice.pick(("first.last", "firstlast", "flast", "first_last", "last.first", "lastf"))
    tail = dice.pick(("", "", str(dice.below(100)), str(1950 + dice.below(55)), str(dice.below(10_000))))
    return claimed(world, local_part(pattern, first, last) + tail, free_mail(dice, where))


def claimed(world: World, local: str, domain: str) -> str:
    """Return local@domain, with a number where somebody has it already."""
    address = f"{local}@{domain}"
    number = 1
    while address in world.mailboxes:
        number += 1 if number < 9 else 1 + world.dice.below(90)  # noqa: PLR2004 - then numbers jump, as years do
        address = f"{local}{number}@{domain}"
    world.mailboxes.add(address)
    return address


def other_pattern(dice: Dice, company: Company, first: str, last: str, domain: str = "") -> str:
    """Return an address by another pattern than the firm's: a guess, or an older one of the same person."""
    pattern = dice.pick(PATTERNS[:-1])
    while pattern == company.email_pattern:
        pattern = dice.pick(PATTERNS[:-1])
    return f"{local_part(pattern, first, last)}@{domain or company.domain}"
