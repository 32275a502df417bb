"""What the making of one CRM shares: its chance, its firms, which addresses are taken, who looks like whom."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import accumulate

from wb_pipeline.synthetic.dice import Dice, Wheel
from wb_pipeline.synthetic.domains import Domains
from wb_pipeline.synthetic.entities import Company, Person
from wb_pipeline.synthetic.places import country_weights
from wb_pipeline.synthetic.rates import Rates


@dataclass(slots=True)
class World:
    """The state of one generation. `groups` lists (group id, entity id, look-alike type), one for each member.

    `largest_firm` bounds the contacts of one firm, relative to the smallest one's.
    """

    dice: Dice
    rates: Rates
    largest_firm: float = 900.0
    countries: Wheel = field(default_factory=lambda: Wheel(country_weights()))
    domains: Domains = field(default_factory=Domains)
    mailboxes: set[str] = field(default_factory=set)
    companies: list[Company] = field(default_factory=list)
    groups: list[tuple[int, str, str]] = field(default_factory=list)
    _sums: list[float] = field(default_factory=list)
    _wheels: dict[int, Wheel] = field(default_factory=dict)
    _made: int = 0
    _grouped: int = 0

    def next_id(self, prefix: str) -> str:
        """Return a new entity id. It says nothing of the order of records."""
        self._made += 1
        return f"{prefix}{self._made:08d}"

    def hire(self) -> Company:
        """Return a firm, large ones more often."""
        if len(self._sums) != len(self.companies):
            self._sums = list(accumulate(company.weight for company in self.companies))
        drawn = self.dice.random() * self._sums[-1]
        return self.companies[bisect_right(self._sums, drawn, 0, len(self.companies) - 1)]

    def hire_elsewhere(self, firm: Company) -> Company:
        """Return a firm other than the given one, large ones more often; the same only where there is no other."""
        for _ in range(_HIRING_TRIES):
            other = self.hire()
            if other is not firm:
                return other
        return next((other for other in self.companies if other is not firm), firm)

    def draw_kind(self, weights: Mapping[str, float]) -> str:
        """Return one of the kinds by weight and by the emphasis of the rates. `weights` has to be a constant."""
        wheel = self._wheels.get(id(weights))
        if wheel is None:
            wheel = self._wheels[id(weights)] = Wheel(self.rates.weighted(weights))
        return wheel.spin(self.dice)

    def note_group(self, kind: str, members: Iterable[Company] | Iterable[Person]) -> None:
        """Write down that these entities look alike and are different."""
        self._grouped += 1
        for member in members:
            self.groups.append((self._grouped, member.entity_id, kind))
            if kind not in member.lookalikes:
                member.lookalikes.append(kind)

    def repeats(self, share: float) -> int:
        """Return how many records more than one an entity has, when `share` of all records are repeats."""
        more = self.rates.larger_cluster
        average = 1 / (1 - more)
        if not self.dice.chance(min(share / (1 - share) / average, 1.0)):
            return 0
        count = 1
        while count < _MOST_REPEATS and self.dice.chance(more):
            count += 1
        return count

    def is_group(self, share: float) -> bool:
        """Say whether the next entity starts a group, when `share` of all entities stand in one."""
        return self.dice.chance(share / (share + _GROUP_SIZE * (1 - share)))


_MOST_REPEATS = 4
_HIRING_TRIES = 6
_GROUP_SIZE = 2.4
