"""First names and surnames of one naming culture, ready to be drawn. Whole persons are made in persons.py."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import product

from wb_pipeline.synthetic.dice import Dice
from wb_pipeline.synthetic.romanise import romanised
from wb_pipeline.synthetic.word_files import split_words, word_file

Spelled = tuple[str, str]
"""A name in Latin letters, and in its own script ("" where that is Latin)."""

_TAIL_FLATNESS = 60
_FIRST_FLATNESS = 20
_RARE_FIRST, _JOINED_FIRST, _WITH_HYPHEN = 0.13, 0.4, 0.5
_MADE_UP_ENDS = {
    False: ("on", "an", "en", "us", "io", "ell", "ard", "er", "o", "in", "is", "am", "iel"),
    True: ("a", "ina", "elle", "ia", "ette", "ey", "lyn", "ika", "isa", "ora", "ea", "ana", "i"),
}
_STRIDE = 7919  # a prime: neighbours in the list of built surnames do not look alike


@dataclass(frozen=True, slots=True)
class Culture:
    """The names of one culture, frequent ones first. `others` knows further Latin spellings of a name."""

    name: str
    script: str
    style: str
    first: dict[bool, list[Spelled]]
    last: dict[bool, list[Spelled]]
    tail: dict[bool, list[Spelled]]
    tail_share: float
    particles: list[str]
    particle_share: float
    patronymics: list[str]
    others: dict[str, tuple[str, ...]]

    def draw_first(self, dice: Dice, *, female: bool) -> Spelled:
        """Return a first name; seldom one that parents made up or joined from two."""
        drawn = dice.random()
        if self.script == "latin" and drawn < _RARE_FIRST:
            return self._rare_first(dice, female=female)
        return dice.ranked(self.first[female], _FIRST_FLATNESS)

    def _rare_first(self, dice: Dice, *, female: bool) -> Spelled:
        name = dice.ranked(self.first[female], _FIRST_FLATNESS)[0]
        other = dice.ranked(self.first[female], _FIRST_FLATNESS)[0]
        if dice.random() < _JOINED_FIRST:
            return f"{name}{'-' if dice.random() < _WITH_HYPHEN else ' '}{other}", ""
        ends = _MADE_UP_ENDS[female]
        return f"{name[: max(3, len(name) - 2)].rstrip(' -')}{dice.pick(ends)}", ""

    def draw_middle(self, dice: Dice, *, female: bool) -> str:
        """Return a middle name or its initial; the father's name, where that is the custom."""
        if self.patronymics:
            return self.draw_first(dice, female=False)[0].rstrip("aeiouy") + self.patronymics[female]
        name = self.draw_first(dice, female=female)[0]
        return dice.pick((name, f"{name[0]}.", name[0]))

    def draw_last(self, dice: Dice, *, female: bool) -> Spelled:
        """Return a surname, with a particle where the culture has them."""
        if self.tail[female] and dice.random() < self.tail_share:
            latin, native = dice.ranked(self.tail[female], _TAIL_FLATNESS)
        else:
            latin, native = dice.ranked(self.last[female])
        if self.particles and " " not in latin and dice.random() < self.particle_share:
            return f"{dice.pick(self.particles)} {latin}", native
        return latin, native


@cache
def culture(name: str) -> Culture:
    """Return the culture whose names lie in `words/people/<name>.json`."""
    words = word_file(f"people/{name}")
    script, ends = words["script"], [end.split("=") for end in words.get("female_ends", "").split()]
    others: dict[str, tuple[str, ...]] = {}
    male, female, last = (_spelled(split_words(words[key]), script, others) for key in ("male", "female", "last"))
    tail = _tail(words, script)
    return Culture(
        name=name,
        script=script,
        style=words["style"],
        first={False: male, True: female},
        last={False: last, True: [_female(each, script, ends) for each in last]},
        tail={False: tail, True: [_female(each, script, ends) for each in tail]},
        tail_share=words["tail_share"],
        particles=words.get("particles", []),
        particle_share=words.get("particle_share", 0.0),
        patronymics=words.get("patronymics", []),
        others=others,
    )


def _spelled(words: list[str], script: str, others: dict[str, tuple[str, ...]]) -> list[Spelled]:
    if script == "latin":
        return [(word, "") for word in words]
    if script != "pairs":
        return [(romanised(word, script), word) for word in words]
    names = []
    for word in words:
        latin, _, native = word.partition("=")
        main, *rest = latin.split("|")
        if rest:
            others[main] = tuple(rest)
        names.append((main, native))
    return names


def _tail(words: dict[str, str], script: str) -> list[Spelled]:
    """Return every surname that can be built from the parts, in an order without pattern."""
    parts = [dict.fromkeys(words[key].replace("_", " ").split(" ")) for key in ("starts", "middles", "ends")]
    if script == "pairs":
        return _scattered(
            [_joined_pair(start, end) for start, end in product(_raw(words, "starts"), _raw(words, "ends"))]
        )
    built = ["".join((start, "" if middle == "-" else middle, end)) for start, middle, end in product(*parts)]
    if script == "latin":
        return _scattered([(_capital_inside(name), "") for name in built])
    return _scattered([(romanised(name, script), name) for name in built])


def _raw(words: dict[str, str], key: str) -> list[str]:
    return words[key].split()


def _joined_pair(start: str, end: str) -> Spelled:
    (latin, _, native), (latin_end, _, native_end) = start.partition("="), end.partition("=")
    return f"{latin}{latin_end}".replace("_", " "), f"{native}{native_end}"


def _scattered(names: list[Spelled]) -> list[Spelled]:
    return [names[number * _STRIDE % len(names)] for number in range(len(names))]


def _capital_inside(name: str) -> str:
    for start in ("Mc", "Mac", "O'"):
        if name.startswith(start):
            return start + name[len(start) :].capitalize()
    return name


def _female(name: Spelled, script: str, ends: list[list[str]]) -> Spelled:
    """Return the form that a woman bears, in cultures where it differs."""
    latin, native = name
    for male_end, female_end in ends:
        if (native or latin).endswith(male_end):
            changed = (native or latin).removesuffix(male_end) + female_end
            return (romanised(changed, script), changed) if native else (changed, "")
    return name
