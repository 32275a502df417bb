"""Slips of the finger and of the ear in one word or text. Which texts get one is drawn elsewhere."""

from __future__ import annotations

from collections.abc import Callable

from wb_pipeline.synthetic.dice import Dice

_NEIGHBOURS = {
    "a": "qsz", "b": "vgn", "c": "xvd", "d": "sfe", "e": "wrd", "f": "dgr", "g": "fht", "h": "gjy", "i": "uok",
    "j": "hkn", "k": "jli", "l": "kop", "m": "nj", "n": "bmh", "o": "ipl", "p": "ol", "q": "wa", "r": "etf",
    "s": "adw", "t": "ryg", "u": "yij", "v": "cbf", "w": "qes", "x": "zcs", "y": "tuh", "z": "xa",
    "0": "9", "1": "2", "2": "13", "3": "24", "4": "35", "5": "46", "6": "57", "7": "68", "8": "79", "9": "80",
}  # fmt: skip
_HEARD = (
    ("ph", "f"), ("f", "ph"), ("ck", "k"), ("c", "k"), ("k", "c"), ("ie", "ei"), ("ei", "ie"), ("y", "i"), ("i", "y"),
    ("tt", "t"), ("nn", "n"), ("ll", "l"), ("ss", "s"), ("mm", "m"), ("z", "s"), ("s", "z"), ("ou", "u"), ("ea", "ee"),
    ("sch", "sh"), ("w", "v"), ("v", "w"), ("dt", "t"), ("th", "t"), ("t", "tt"), ("n", "nn"), ("l", "ll"),
)  # fmt: skip
_SHORTEST = 3
_TRIES = 4


def misspelt(dice: Dice, text: str) -> str:
    """Return the text with one slip behind its first letter; the text itself if it is too short for one."""
    if len(text) < _SHORTEST:
        return text
    for _ in range(_TRIES):
        slipped = dice.pick(_SLIPS)(dice, text, 1 + dice.below(len(text) - 1))
        if slipped != text and slipped.strip():
            return slipped
    return text


def wrong_digit(dice: Dice, text: str) -> str:
    """Return a number with one digit wrong, doubled, lost, or swapped with its neighbour."""
    places = [at for at, mark in enumerate(text) if mark.isdigit()][3:]
    if not places:
        return text
    at = dice.pick(places)
    return dice.pick((_replaced, _doubled, _dropped, _swapped))(dice, text, at)


def _dropped(dice: Dice, text: str, at: int) -> str:  # noqa: ARG001 - all slips are called alike
    return text[:at] + text[at + 1 :]


def _doubled(dice: Dice, text: str, at: int) -> str:  # noqa: ARG001 - all slips are called alike
    return text[:at] + text[at] + text[at:]


def _swapped(dice: Dice, text: str, at: int) -> str:  # noqa: ARG001 - all slips are called alike
    if at < 2 or " " in text[at - 1 : at + 1]:  # noqa: PLR2004 - the first letter stays
        return text
    return text[: at - 1] + text[at] + text[at - 1] + text[at + 1 :]


def _replaced(dice: Dice, text: str, at: int) -> str:
    near = _NEIGHBOURS.get(text[at].lower())
    return text[:at] + dice.pick(near) + text[at + 1 :] if near else text


def _inserted(dice: Dice, text: str, at: int) -> str:
    near = _NEIGHBOURS.get(text[at].lower())
    return text[:at] + dice.pick(near) + text[at:] if near else text


def _misheard(dice: Dice, text: str, at: int) -> str:  # noqa: ARG001 - all slips are called alike
    heard = [(old, new) for old, new in _HEARD if old in text[1:]]
    if not heard:
        return text
    old, new = dice.pick(heard)
    return text[0] + text[1:].replace(old, new, 1)


_SLIPS: tuple[Callable[[Dice, str, int], str], ...] = (
    _dropped, _doubled, _swapped, _replaced, _inserted, _misheard, _dropped, _swapped,
)  # fmt: skip
