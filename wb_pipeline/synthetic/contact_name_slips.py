"""A person's name put down carelessly: swapped, half missing, misspelt. Other true forms: contact_name_variants."""

from __future__ import annotations

from collections.abc import Callable

from wb_pipeline.synthetic.rows import ContactRow
from wb_pipeline.synthetic.typos import misspelt
from wb_pipeline.synthetic.word_files import word_file
from wb_pipeline.synthetic.world import World

ContactVariant = Callable[[World, ContactRow], bool]
"""Changes a record and says whether it could: a record without a surname cannot have it misspelt."""


def set_name(row: ContactRow, first: str | None, last: str | None) -> bool:
    """Give the row these names; False if they are what it has already."""
    if (first, last) == (row.first_name, row.last_name):
        return False
    row.first_name, row.last_name = first, last
    return True


def _swap(world: World, row: ContactRow) -> bool:  # noqa: ARG001 - all variants are called alike
    return bool(row.first_name and row.last_name) and set_name(row, row.last_name, row.first_name)


def _full_in_first(world: World, row: ContactRow) -> bool:
    if not (row.first_name and row.last_name):
        return False
    if row.entity.culture.style == "family_first" and world.dice.chance(0.5):
        return set_name(row, f"{row.last_name} {row.first_name}", None)
    pattern = world.dice.pick(("{first} {last}", "{first} {last}", "{last}, {first}", "{last} {first}"))
    return set_name(row, pattern.format(first=row.first_name, last=row.last_name), None)


def _full_in_last(world: World, row: ContactRow) -> bool:
    if not (row.first_name and row.last_name):
        return False
    first = None if world.dice.chance(0.6) else row.first_name
    return set_name(row, first, f"{row.first_name} {row.last_name}")


def _last_missing(world: World, row: ContactRow) -> bool:
    return bool(row.first_name) and set_name(
        row, row.first_name, world.dice.pick((None, None, "-", ".", "Unknown", "n/a"))
    )


def _last_initial(world: World, row: ContactRow) -> bool:
    if not row.last_name:
        return False
    return set_name(row, row.first_name, row.last_name[0] + world.dice.pick((".", "")))


def _first_missing(world: World, row: ContactRow) -> bool:
    gender = ("Mrs.", "Ms", "Frau", "Mme") if row.entity.is_female else ("Mr.", "Mr", "Herr", "M.")
    return bool(row.last_name) and set_name(
        row, world.dice.pick((None, None, None, world.dice.pick(gender))), row.last_name
    )


def _prefix(world: World, row: ContactRow) -> bool:
    title = world.dice.pick(word_file("titles")["prefixes"])
    return bool(row.first_name) and set_name(row, f"{title} {row.first_name}", row.last_name)


def _suffix(world: World, row: ContactRow) -> bool:
    if not row.last_name:
        return False
    tail = world.dice.pick(word_file("titles")["suffixes"])
    return set_name(row, row.first_name, f"{row.last_name}{world.dice.pick((', ', ' '))}{tail}")


def _case(world: World, row: ContactRow) -> bool:
    change = world.dice.pick((str.upper, str.lower, str.lower))
    first, last = row.first_name, row.last_name
    if first and last and world.dice.chance(0.3):
        return set_name(row, first, last.upper())
    return set_name(row, change(first) if first else first, change(last) if last else last)


def _typo_first(world: World, row: ContactRow) -> bool:
    return bool(row.first_name) and set_name(row, misspelt(world.dice, row.first_name or ""), row.last_name)


def _typo_last(world: World, row: ContactRow) -> bool:
    return bool(row.last_name) and set_name(row, row.first_name, misspelt(world.dice, row.last_name or ""))


def _spaces(world: World, row: ContactRow) -> bool:
    first, last = row.first_name, row.last_name
    if not (first and last):
        return False
    return set_name(
        row,
        *world.dice.pick(
            ((f" {first}", last), (f"{first} ", f"{last} "), (first, f"{last}\u00a0"), (f"{first}.", last))
        ),
    )


def _name_from_email(world: World, row: ContactRow) -> bool:  # noqa: ARG001 - all variants are called alike
    """Put the local part of the address where the name belongs, as forms without a name field do."""
    if not row.email:
        return False
    return set_name(row, row.email.split("@")[0], None)


NAME_SLIPS: dict[str, tuple[float, ContactVariant]] = {
    "p_swap": (4, _swap),
    "p_full_in_first": (4, _full_in_first),
    "p_full_in_last": (1.5, _full_in_last),
    "p_last_missing": (3, _last_missing),
    "p_last_initial": (2, _last_initial),
    "p_first_missing": (2, _first_missing),
    "p_prefix": (4, _prefix),
    "p_suffix": (3, _suffix),
    "p_case": (8, _case),
    "p_typo_first": (6, _typo_first),
    "p_typo_last": (8, _typo_last),
    "p_spaces": (2, _spaces),
    "p_from_email": (0.8, _name_from_email),
}
"""How often each is drawn, and what it does. A name that has no such form is drawn again."""
