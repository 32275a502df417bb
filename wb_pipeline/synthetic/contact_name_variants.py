"""Other true forms of a person's name: nickname, initials, another script, a wedding. Slips: contact_name_slips."""

from __future__ import annotations

from wb_pipeline.synthetic.contact_name_slips import ContactVariant, set_name
from wb_pipeline.synthetic.mailboxes import local_part
from wb_pipeline.synthetic.persons import married_name
from wb_pipeline.synthetic.romanise import expanded, flattened, romanised
from wb_pipeline.synthetic.rows import ContactRow
from wb_pipeline.synthetic.word_files import word_file
from wb_pipeline.synthetic.world import World

_SHORTEST_TO_SHORTEN = 6


def _nickname(world: World, row: ContactRow) -> bool:
    person, table = row.entity, word_file("nicknames")
    first = row.first_name
    if not first:
        return False
    known = table.get(person.native_first) or table.get(first.replace(" ", "_"))
    if known:
        short = world.dice.pick(known.split()).replace("_", " ")
        return set_name(
            row,
            short if short.isascii() or not person.native_first else romanised(short, person.culture.script),
            row.last_name,
        )
    if len(first) < _SHORTEST_TO_SHORTEN or " " in first:
        return False
    return set_name(row, first[: 3 + world.dice.below(2)] + world.dice.pick(("", "", "i", "y")), row.last_name)


def _initial(world: World, row: ContactRow) -> bool:
    if not row.first_name:
        return False
    parts = row.first_name.replace("-", " ").split()
    mark = world.dice.pick((".", ""))
    letters = "".join(f"{part[0]}{mark}" for part in parts[:2])
    return set_name(row, letters, row.last_name)


def _middle(world: World, row: ContactRow) -> bool:
    person = row.entity
    if not person.middle or not row.first_name:
        return False
    if world.dice.chance(0.2) and row.last_name:
        return set_name(row, row.first_name, f"{person.middle} {row.last_name}")
    return set_name(row, f"{row.first_name} {person.middle}", row.last_name)


def _middle_as_first(world: World, row: ContactRow) -> bool:  # noqa: ARG001 - all variants are called alike
    middle = row.entity.middle
    return len(middle.rstrip(".")) > 1 and set_name(row, middle, row.last_name)


def _accents(world: World, row: ContactRow) -> bool:
    change = expanded if world.dice.chance(0.4) else flattened
    return set_name(
        row, change(row.first_name) if row.first_name else None, change(row.last_name) if row.last_name else None
    )


def _native_script(world: World, row: ContactRow) -> bool:
    person = row.entity
    if not (person.native_first and person.native_last):
        return False
    if person.culture.style == "family_first" and world.dice.chance(0.3):
        return set_name(row, f"{person.native_last}{person.native_first}", None)
    return set_name(row, person.native_first, person.native_last)


def _other_romanisation(world: World, row: ContactRow) -> bool:
    """Write a name from another script by another custom: Yuri and Iuri, Mohammed and Mohamed."""
    person, people = row.entity, row.entity.culture
    if people.script in {"cyrillic", "greek"}:
        first, last = (
            romanised(name, people.script, other=True) if name else None
            for name in (person.native_first, person.native_last)
        )
        return set_name(row, first or row.first_name, last or row.last_name)
    first, last = (
        world.dice.pick(people.others[name]) if name in people.others else name for name in (person.first, person.last)
    )
    return set_name(row, first, last)


def _compound_last(world: World, row: ContactRow) -> bool:
    last = row.last_name
    if not last or not (" " in last or "-" in last):
        return False
    mark = "-" if "-" in last else " "
    parts = last.split(mark)
    shorter = mark.join(
        parts[:-1] if world.dice.chance(0.6) and row.entity.culture.style == "two_surnames" else parts[1:]
    )
    changed = shorter if world.dice.chance(0.6) else last.replace(mark, world.dice.pick(("", "-", " ")))
    return set_name(row, row.first_name, changed)


def _particle(world: World, row: ContactRow) -> bool:
    """Write `van der Berg` as `Vanderberg`, `vd Berg` or `Berg`."""
    last = row.last_name or ""
    head, _, tail = last.rpartition(" ")
    if not head or not tail or row.entity.culture.style == "two_surnames":
        return False
    letters = "".join(word[0] for word in head.split())
    changed = world.dice.pick(
        (
            tail,
            f"{head}{tail}".replace(" ", "").capitalize(),
            f"{letters} {tail}",
            f"{head.title()} {tail}",
            f"{tail}, {head}",
        )
    )
    return set_name(row, row.first_name, changed)


def _married(world: World, row: ContactRow) -> bool:
    person = row.entity
    if not person.is_female and not world.dice.chance(0.15):
        return False
    new = married_name(world, person)
    if row.email and row.email == person.job.email and world.dice.chance(0.4):
        row.email = f"{local_part(row.job.company.email_pattern, person.first, new)}@{row.job.company.domain}"
    return set_name(row, row.first_name, new)


def _first_name_shortened(world: World, row: ContactRow) -> bool:  # noqa: ARG001 - all variants are called alike
    """Keep one half of a double first name: Jean-Pierre and Jean, María José and María."""
    first = row.first_name or ""
    mark = "-" if "-" in first else " "
    half = first.split(mark)[0]
    return half != first and set_name(row, half, row.last_name)


NAME_VARIANTS: dict[str, tuple[float, ContactVariant]] = {
    "p_nickname": (12, _nickname),
    "p_initial": (7, _initial),
    "p_middle": (5, _middle),
    "p_middle_as_first": (1.5, _middle_as_first),
    "p_translit": (8, _accents),
    "p_native_script": (8, _native_script),
    "p_romanised": (8, _other_romanisation),
    "p_compound_last": (8, _compound_last),
    "p_particle": (4, _particle),
    "p_married": (3, _married),
    "p_first_half": (4, _first_name_shortened),
}
"""How often each is drawn, and what it does. A name that has no such form is drawn again."""
