"""What goes wrong in a record of a firm, beside its name: domain, telephone, address. Nothing about people."""

from __future__ import annotations

from collections.abc import Callable

from wb_pipeline.synthetic.company_name_variants import NAME_VARIANTS, changed_name
from wb_pipeline.synthetic.dice import Dice
from wb_pipeline.synthetic.phones import phone_text, with_extension
from wb_pipeline.synthetic.rows import CompanyRow
from wb_pipeline.synthetic.typos import misspelt, wrong_digit
from wb_pipeline.synthetic.world import World

RowVariant = Callable[[World, CompanyRow], bool]
"""Changes a record and says whether it could: a record without a street cannot have it abbreviated."""

_SUBDOMAINS = ("shop", "go", "info", "mail", "web", "app", "blog", "careers", "portal")


def apply_company_variant(world: World, row: CompanyRow, name: str) -> None:
    """Do what the variant says to the record, and write it down if anything changed."""
    if name in NAME_VARIANTS:
        changed = changed_name(world.dice, row.entity, row.name, name)
        done = changed is not None
        row.name = changed if changed is not None else row.name
    else:
        done = _ROW_VARIANTS[name][1](world, row)
    if done and name not in row.variants:
        row.variants.append(name)


def _domain(change: Callable[[Dice, str], str | None]) -> RowVariant:
    def apply(world: World, row: CompanyRow) -> bool:
        before = row.domain
        if before is not None:
            row.domain = change(world.dice, before)
        return row.domain != before

    return apply


def _alias_domain(world: World, row: CompanyRow) -> bool:  # noqa: ARG001 - all variants are called alike
    firm = row.entity
    if not firm.alias_domain or row.domain is None:
        return False
    row.domain = firm.alias_domain
    return True


def _regional_domain(world: World, row: CompanyRow) -> bool:
    firm = row.entity
    if row.domain is None:
        return False
    label = firm.domain.partition(".")[0]
    other = f"{label}.{world.dice.pick(firm.country.tlds)}"
    row.domain = world.dice.pick((f"{label}.com", f"{label}.eu", other)) if other == firm.domain else other
    return row.domain != firm.domain


def _phone_missing(world: World, row: CompanyRow) -> bool:  # noqa: ARG001 - all variants are called alike
    had = row.phone is not None
    row.phone = None
    return had


def _phone_other(world: World, row: CompanyRow) -> bool:
    firm = row.entity
    row.phone = phone_text(world.dice, firm.country.draw_landline(world.dice, firm.address.city.area))
    return True


def _phone_typo(world: World, row: CompanyRow) -> bool:
    before = row.phone
    row.phone = wrong_digit(world.dice, before) if before else before
    return row.phone != before


def _phone_extension(world: World, row: CompanyRow) -> bool:
    if row.phone is None:
        return False
    row.phone = with_extension(world.dice, row.phone)
    return True


def _phone_format(world: World, row: CompanyRow) -> bool:
    before = row.phone
    row.phone = phone_text(world.dice, row.entity.phone) if before else before
    return row.phone != before


def _address_missing(world: World, row: CompanyRow) -> bool:  # noqa: ARG001 - all variants are called alike
    had = row.street is not None
    row.street = row.postal_code = row.region = None
    return had


def _address_abbreviated(world: World, row: CompanyRow) -> bool:  # noqa: ARG001 - all variants are called alike
    before, address = row.street, row.entity.address
    row.street = address.short if before else before
    return row.street != before


def _address_moved(world: World, row: CompanyRow) -> bool:
    firm = row.entity
    if row.street is None:
        return False
    moved = firm.country.draw_address(world.dice, firm.address.city if world.dice.chance(0.6) else None)
    row.street, row.city, row.postal_code = moved.street, moved.city.name, moved.postal_code
    row.region = moved.city.region or None
    return True


def _address_postcode_only(world: World, row: CompanyRow) -> bool:  # noqa: ARG001 - all variants are called alike
    row.street = row.city = row.region = None
    row.postal_code = row.entity.address.postal_code
    return True


def _address_one_line(world: World, row: CompanyRow) -> bool:  # noqa: ARG001 - all variants are called alike
    if row.street is None:
        return False
    row.street = ", ".join(part for part in (row.street, row.postal_code, row.city) if part)
    row.city = row.postal_code = None
    return True


def _address_typo(world: World, row: CompanyRow) -> bool:
    before = row.street
    row.street = misspelt(world.dice, before) if before else before
    return row.street != before


def _city_other(world: World, row: CompanyRow) -> bool:  # noqa: ARG001 - all variants are called alike
    other = row.entity.address.city.other
    had = row.city is not None and bool(other)
    row.city = other if had else row.city
    return had


def _country_missing(world: World, row: CompanyRow) -> bool:  # noqa: ARG001 - all variants are called alike
    had = row.country is not None
    row.country = None
    return had


_ROW_VARIANTS: dict[str, tuple[float, RowVariant]] = {
    "dom_missing": (14, _domain(lambda _dice, _domain: None)),
    "dom_www": (6, _domain(lambda _dice, domain: f"www.{domain}")),
    "dom_url": (
        6,
        _domain(
            lambda dice, domain: dice.pick(
                ("https://{}/", "http://www.{}", "https://www.{}/en/home", "{}/contact")
            ).format(domain)
        ),
    ),
    "dom_subdomain": (4, _domain(lambda dice, domain: f"{dice.pick(_SUBDOMAINS)}.{domain}")),
    "dom_case": (2, _domain(lambda _dice, domain: domain.upper() if domain.islower() else None)),
    "dom_typo": (2, _domain(misspelt)),
    "dom_alias": (5, _alias_domain),
    "dom_regional": (4, _regional_domain),
    "phone_missing": (10, _phone_missing),
    "phone_other": (4, _phone_other),
    "phone_typo": (3, _phone_typo),
    "phone_extension": (3, _phone_extension),
    "phone_format": (5, _phone_format),
    "addr_missing": (14, _address_missing),
    "addr_abbrev": (9, _address_abbreviated),
    "addr_moved": (6, _address_moved),
    "addr_postcode_only": (3, _address_postcode_only),
    "addr_one_line": (2, _address_one_line),
    "addr_typo": (3, _address_typo),
    "addr_city_other": (4, _city_other),
    "addr_country_missing": (5, _country_missing),
}
_NAMES_MORE = 2.0
COMPANY_VARIANT_WEIGHTS = {
    **{name: weight * _NAMES_MORE for name, (weight, _) in NAME_VARIANTS.items()},
    **{name: float(weight) for name, (weight, _) in _ROW_VARIANTS.items()},
}
"""How often each variant is drawn for a record of a firm, relative to the others."""
