"""Internet domains of made-up firms, each given out once. What a record says of a domain stands in company_variants."""

from __future__ import annotations

from wb_pipeline.synthetic.dice import Dice
from wb_pipeline.synthetic.places import Country
from wb_pipeline.synthetic.romanise import expanded, slug
from wb_pipeline.synthetic.word_files import word_file

_LONGEST = 24
_ADDED = ("group", "hq", "online", "get", "my", "the", "team", "co", "inc", "global", "app", "web", "shop")


class Domains:
    """Gives out domains; none twice."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def new(self, dice: Dice, country: Country, stem: str, descriptor: str) -> str:
        """Return a domain for a firm of this name."""
        label = label_of(dice, stem, descriptor)
        return self.claim(dice, label, country.tlds)

    def claim(self, dice: Dice, label: str, endings: list[str]) -> str:
        """Return the label with one of the endings; where it is taken, with something added."""
        domain = f"{label}.{dice.pick(endings)}"
        while domain in self._taken:
            label = dice.pick(
                (f"{label}{dice.pick(_ADDED)}", f"{dice.pick(_ADDED)}{label}", f"{label}{dice.below(1000)}")
            )
            domain = f"{label}.{dice.pick(endings)}"
        self._taken.add(domain)
        return domain


def label_of(dice: Dice, stem: str, descriptor: str) -> str:
    """Return the part before the ending that a firm of this name would choose."""
    words = (expanded(stem) if dice.chance(0.5) else stem).replace("&", dice.pick((" and ", " ", "n")))
    full = f"{words} {descriptor}"
    initials = slug("".join(word[0] for word in full.split() if word[0].isalnum()))
    separator = "-" if dice.chance(0.14) else ""
    label = slug(full if dice.chance(0.45) else words, separator)
    if len(label) > _LONGEST or (len(initials) > 2 and dice.chance(0.06)):  # noqa: PLR2004 - two letters are never free
        label = initials if len(initials) > 2 else label[:_LONGEST]  # noqa: PLR2004 - the same
    return label.strip("-") or f"firm{dice.below(100_000)}"


def free_mail(dice: Dice, country: Country) -> str:
    """Return a mail provider that anybody can use, often one of the country."""
    words = word_file("companies")
    local = words["local_free_mail"].get(country.code)
    provider: str = dice.pick(local) if local and dice.chance(0.5) else dice.pick(words["free_mail"])
    return provider
