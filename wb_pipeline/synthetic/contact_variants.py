"""All that can be done to a record of a person, by name; here also what concerns job, firm and place."""

from __future__ import annotations

from wb_pipeline.synthetic.company_name_variants import NAME_VARIANTS as COMPANY_NAMES
from wb_pipeline.synthetic.company_name_variants import changed_name
from wb_pipeline.synthetic.contact_channel_variants import CHANNEL_VARIANTS
from wb_pipeline.synthetic.contact_name_slips import NAME_SLIPS, ContactVariant
from wb_pipeline.synthetic.contact_name_variants import NAME_VARIANTS
from wb_pipeline.synthetic.persons import draw_title
from wb_pipeline.synthetic.rows import ContactRow
from wb_pipeline.synthetic.typos import misspelt
from wb_pipeline.synthetic.word_files import word_file
from wb_pipeline.synthetic.world import World


def apply_contact_variant(world: World, row: ContactRow, name: str) -> None:
    """Do what the variant says to the record, and write it down if anything changed."""
    if _VARIANTS[name][1](world, row) and name not in row.variants:
        row.variants.append(name)


def company_name_variant(name: str) -> ContactVariant:
    """Return the variant that writes the firm of a contact in another way."""

    def apply(world: World, row: ContactRow) -> bool:
        if row.company_name is None:
            return False
        changed = changed_name(world.dice, row.job.company, row.company_name, name)
        row.company_name = changed or row.company_name
        return changed is not None

    return apply


def _title_synonym(world: World, row: ContactRow) -> bool:  # noqa: ARG001 - all variants are called alike
    title = row.job_title or ""
    for old, new in word_file("titles")["synonyms"].items():
        if old in title:
            row.job_title = title.replace(old, new, 1)
            return True
    return False


def _title_new(world: World, row: ContactRow) -> bool:
    before, row.job_title = row.job_title, draw_title(world.dice)
    return row.job_title != before


def _title_case(world: World, row: ContactRow) -> bool:
    before = row.job_title
    if before is None:
        return False
    row.job_title = world.dice.pick((before.upper(), before.lower(), misspelt(world.dice, before)))
    return row.job_title != before


def _title_missing(world: World, row: ContactRow) -> bool:  # noqa: ARG001 - all variants are called alike
    had = row.job_title is not None
    row.job_title = None
    return had


def _place_missing(world: World, row: ContactRow) -> bool:
    before = (row.city, row.country)
    row.city, row.country = None, None if world.dice.chance(0.6) else row.country
    return (row.city, row.country) != before


def _place_moved(world: World, row: ContactRow) -> bool:
    before = row.city
    row.city = world.dice.pick(row.entity.country.cities).name
    return row.city != before


def _city_other(world: World, row: ContactRow) -> bool:  # noqa: ARG001 - all variants are called alike
    other = next((city.other for city in row.entity.country.cities if city.name == row.city), "")
    row.city = other or row.city
    return bool(other)


def _company_missing(world: World, row: ContactRow) -> bool:  # noqa: ARG001 - all variants are called alike
    had = row.company_name is not None or row.company_id is not None
    row.company_name = row.company_id = None
    return had


def _company_unlinked(world: World, row: ContactRow) -> bool:  # noqa: ARG001 - all variants are called alike
    had = row.company_id is not None
    row.company_id = None
    return had


_CONTEXT_VARIANTS: dict[str, tuple[float, ContactVariant]] = {
    "t_synonym": (6, _title_synonym),
    "t_new": (5, _title_new),
    "t_case": (2, _title_case),
    "t_missing": (5, _title_missing),
    "l_missing": (5, _place_missing),
    "l_moved": (3, _place_moved),
    "l_city_other": (2, _city_other),
    "c_company_missing": (6, _company_missing),
    "c_company_unlinked": (5, _company_unlinked),
}
_SHARE_OF_COMPANY_NAMES = 0.5
COMPANY_NAME_WEIGHTS = {f"c_{name}": weight * _SHARE_OF_COMPANY_NAMES for name, (weight, _) in COMPANY_NAMES.items()}
"""How often each way of writing the firm is drawn for a contact's record."""

_VARIANTS: dict[str, tuple[float, ContactVariant]] = {
    **NAME_SLIPS,
    **NAME_VARIANTS,
    **CHANNEL_VARIANTS,
    **_CONTEXT_VARIANTS,
    **{f"c_{name}": (COMPANY_NAME_WEIGHTS[f"c_{name}"], company_name_variant(name)) for name in COMPANY_NAMES},
}
CONTACT_VARIANT_WEIGHTS = {name: float(weight) for name, (weight, _) in _VARIANTS.items()}
"""How often each variant is drawn for a record of a person, relative to the others."""
