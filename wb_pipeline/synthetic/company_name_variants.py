"""Other ways of writing a firm's name. Each function returns another name, or None where the firm has no such form."""

from __future__ import annotations

from collections.abc import Callable

from wb_pipeline.synthetic import company_names as names
from wb_pipeline.synthetic.dice import Dice
from wb_pipeline.synthetic.entities import Company
from wb_pipeline.synthetic.romanise import expanded, flattened
from wb_pipeline.synthetic.typos import misspelt
from wb_pipeline.synthetic.word_files import word_file

NameVariant = Callable[[Dice, Company, str], str | None]
_MANY_WORDS = 3


def _legal_drop(dice: Dice, firm: Company, name: str) -> str | None:  # noqa: ARG001 - all variants are called alike
    return firm.trade_name if firm.legal else None


def _legal_long(dice: Dice, firm: Company, name: str) -> str | None:  # noqa: ARG001 - all variants are called alike
    return f"{firm.trade_name} {firm.legal_long}" if firm.legal and firm.legal_long else None


def _legal_other(dice: Dice, firm: Company, name: str) -> str | None:  # noqa: ARG001 - all variants are called alike
    other = dice.pick(firm.country.legal)[0]
    return f"{firm.trade_name} {other}" if other != firm.legal else None


def _legal_comma(dice: Dice, firm: Company, name: str) -> str | None:
    if not firm.legal:
        return None
    legal = firm.legal.replace(".", "") if dice.chance(0.3) else firm.legal
    return f"{firm.trade_name}, {legal}" if firm.trade_name in name else None


def _case(dice: Dice, firm: Company, name: str) -> str | None:  # noqa: ARG001 - all variants are called alike
    return dice.pick((name.upper(), name.lower(), name.title()))


def _typo(dice: Dice, firm: Company, name: str) -> str | None:  # noqa: ARG001 - all variants are called alike
    return misspelt(dice, name)


def _joined(dice: Dice, firm: Company, name: str) -> str | None:  # noqa: ARG001 - all variants are called alike
    joint = dice.pick(("", "", "-"))
    return joint.join(firm.trade_name.split(" ")) if " " in firm.trade_name else None


def _abbreviated(dice: Dice, firm: Company, name: str) -> str | None:  # noqa: ARG001 - all variants are called alike
    short = word_file("companies")["abbreviations"]
    words = name.split(" ")
    changed = [short.get(word, word) for word in words]
    return " ".join(changed) if changed != words else None


def _acronym(dice: Dice, firm: Company, name: str) -> str | None:  # noqa: ARG001 - all variants are called alike
    words = [word for word in firm.trade_name.replace("-", " ").split(" ") if word and word[0].isalpha()]
    if len(words) < _MANY_WORDS:
        return None
    letters = "".join(word[0].upper() for word in words if word.lower() not in {"of", "for", "and", "the"})
    return f"{letters} {firm.legal}".strip() if dice.chance(0.3) else letters


def _the(dice: Dice, firm: Company, name: str) -> str | None:  # noqa: ARG001 - all variants are called alike
    return name.removeprefix("The ") if name.startswith("The ") else f"The {name}"


def _ampersand(dice: Dice, firm: Company, name: str) -> str | None:
    word = {"DE": "und", "AT": "und", "FR": "et", "ES": "y", "IT": "e"}.get(firm.country.code, "and")
    word = word if dice.chance(0.5) else "and"
    if " & " in name:
        return name.replace(" & ", dice.pick((f" {word} ", "&", " + ")), 1)
    return name.replace(" and ", " & ", 1) if " and " in name else None


def _descriptor_added(dice: Dice, firm: Company, name: str) -> str | None:
    added = dice.pick(word_file("companies")["descriptors"].split())
    return f"{firm.trade_name} {added}" if added not in name else None


def _descriptor_dropped(dice: Dice, firm: Company, name: str) -> str | None:
    if not firm.descriptor:
        return None
    return f"{firm.stem} {firm.legal}".strip() if firm.legal in name and dice.chance(0.5) else firm.stem


def _geography(dice: Dice, firm: Company, name: str) -> str | None:  # noqa: ARG001 - all variants are called alike
    where = dice.pick(firm.country.geo) if dice.chance(0.6) else firm.address.city.name
    return f"{firm.trade_name}{dice.pick((' ({})', ' - {}', ' {}', ', {}', ' / {}')).format(where)}"


def _renamed(dice: Dice, firm: Company, name: str) -> str | None:  # noqa: ARG001 - all variants are called alike
    if not firm.old_stem:
        return None
    old = f"{firm.old_stem} {firm.descriptor}".strip()
    pattern = "{old}", "{old}", "{new} (formerly {old})", "{old} (now {new})", "{old} dba {new}", "{new} fka {old}"
    return dice.pick(pattern).format(old=old, new=firm.stem)


def _domain_as_name(dice: Dice, firm: Company, name: str) -> str | None:  # noqa: ARG001 - all variants are called alike
    label = firm.domain.split(".")[0]
    return dice.pick((firm.domain, firm.domain, label, label.capitalize(), f"www.{firm.domain}"))


def _transliterated(dice: Dice, firm: Company, name: str) -> str | None:  # noqa: ARG001 - all variants are called alike
    changed = expanded(name) if dice.chance(0.5) else flattened(name)
    return changed if changed != name else None


def _noise(dice: Dice, firm: Company, name: str) -> str | None:  # noqa: ARG001 - all variants are called alike
    pattern: str = dice.pick(word_file("companies")["noise"])
    return pattern.replace("{n}", str(1 + dice.below(99_999))).replace("{}", name)


def _punctuation(dice: Dice, firm: Company, name: str) -> str | None:  # noqa: ARG001 - all variants are called alike
    changed = (
        name.replace(".", "").replace(",", "") if dice.chance(0.6) else name.replace("-", " ").replace("'", "\u2019")
    )
    return changed if changed != name else name.replace(" ", "  ", 1) if " " in name else None


def _truncated(dice: Dice, firm: Company, name: str) -> str | None:  # noqa: ARG001 - all variants are called alike
    longest = dice.pick((18, 20, 25, 30))
    return name[:longest].strip() if len(name) > longest else None


def _department(dice: Dice, firm: Company, name: str) -> str | None:  # noqa: ARG001 - all variants are called alike
    unit = dice.pick(("Accounts Payable", "HQ", "Head Office", "IT Department", "Purchasing", "Sales", "Marketing"))
    return f"{firm.trade_name}{dice.pick((' - ', ', ', ' '))}{unit}"


def _inverted(dice: Dice, firm: Company, name: str) -> str | None:  # noqa: ARG001 - all variants are called alike
    return f"{firm.descriptor} {firm.stem}" if firm.descriptor else None


def _person_in_front(dice: Dice, firm: Company, name: str) -> str | None:
    return f"{names.draw_surname(dice, firm.country)} @ {name}" if dice.chance(0.5) else f"{name} c/o Reception"


def changed_name(dice: Dice, firm: Company, name: str, variant: str) -> str | None:
    """Return the name as the variant writes it, None where that is no other name.

    Variants that start from the firm's full name come first or not at all: they would undo what was done before.
    """
    if variant not in _ON_TOP and name != firm.name:
        return None
    changed = NAME_VARIANTS[variant][1](dice, firm, name)
    return changed if changed and changed != name else None


_ON_TOP = frozenset(
    {"co_case", "co_typo", "co_abbrev", "co_the", "co_amp", "co_translit", "co_noise", "co_punctuation", "co_truncated"}
)
NAME_VARIANTS: dict[str, tuple[float, NameVariant]] = {
    "co_legal_drop": (26, _legal_drop),
    "co_legal_long": (7, _legal_long),
    "co_legal_other": (4, _legal_other),
    "co_legal_comma": (9, _legal_comma),
    "co_case": (7, _case),
    "co_typo": (7, _typo),
    "co_joined": (4, _joined),
    "co_abbrev": (5, _abbreviated),
    "co_acronym": (3, _acronym),
    "co_the": (3, _the),
    "co_amp": (4, _ampersand),
    "co_desc_add": (4, _descriptor_added),
    "co_desc_drop": (6, _descriptor_dropped),
    "co_geo_suffix": (6, _geography),
    "co_rename": (5, _renamed),
    "co_domain_as_name": (4, _domain_as_name),
    "co_translit": (5, _transliterated),
    "co_noise": (5, _noise),
    "co_punctuation": (4, _punctuation),
    "co_truncated": (2, _truncated),
    "co_department": (2, _department),
    "co_inverted": (1, _inverted),
    "co_person": (0.6, _person_in_front),
}
"""How often each is drawn, and what it does. A name that has no such form is drawn again."""
