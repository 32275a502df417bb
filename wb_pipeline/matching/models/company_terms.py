"""What tells two companies apart beyond Splink's weights: brand families, franchises, subsidiaries, like domains."""

from __future__ import annotations

from wb_pipeline.matching.models.term import Levels, Number, Term, Together

_NAMES = ("name", "domain", "phone", "address", "place", "industry", "legal_form", "size")


def _log_count(column: str, how: str = "least") -> str:
    return f"ln(1 + {how}({column}_records_l, {column}_records_r))"


TERMS: tuple[Term, ...] = (
    *(Levels(name) for name in _NAMES),
    *(Together("name", other) for other in ("domain", "phone", "place")),
    *(Together("name", other, coarse=True) for other in ("address", "industry", "legal_form", "size")),
    Together("domain", "phone"),
    *(Together("domain", other, coarse=True) for other in ("address", "place", "industry", "size")),
    Number(
        "namesakes",
        f"if(name_meaning = 'agrees', {_log_count('name_joined')}, 0)",
        "name",
        "how many firms bear the name",
    ),
    Number(
        "brand",
        f"if(name_level not in ('same_name', 'different'), {_log_count('name_head')}, 0)",
        "name",
        "how many firms begin with the same word",
    ),
    Number(
        "domain_carriers",
        f"if(domain_level = 'same_domain', {_log_count('org')}, 0)",
        "domain",
        "how many records share the domain",
    ),
    # A franchise: one domain, many cities.
    Number(
        "branches",
        "if(domain_level = 'same_domain', ln(1 + greatest(org_cities_l, org_cities_r)), 0)",
        "domain",
        "from how many cities the domain is used",
    ),
    Number(
        "branches_apart",
        "if(domain_level = 'same_domain' and place_level <> 'same_city' and address_meaning <> 'agrees',"
        " ln(1 + greatest(org_cities_l, org_cities_r)), 0)",
        "place",
        "from how many cities the domain is used, where places do not agree",
    ),
    Number(
        "one_numbered",
        "((sequence_mark_l is null) <> (sequence_mark_r is null))::int",
        "name",
        "one name has a number behind it",
    ),
    Number(
        "door_carriers",
        f"if(address_level in ('same_address', 'same_door'), {_log_count('address_key')}, 0)",
        "address",
        "how many firms sit behind the same door",
    ),
    Number(
        "signs_that_agree",
        "(name_meaning = 'agrees')::int + (domain_meaning = 'agrees')::int + (phone_meaning = 'agrees')::int"
        " + (address_meaning = 'agrees')::int",
        "name",
        "how many signs agree",
    ),
    Number(
        "signs_that_conflict",
        "(name_meaning = 'conflicts')::int + (domain_meaning = 'conflicts')::int + (place_meaning = 'conflicts')::int",
        "name",
        "how many signs conflict",
    ),
)
