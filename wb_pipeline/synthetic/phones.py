"""Writes telephone numbers the way people do. Which number it is stands in places.py."""

from __future__ import annotations

from wb_pipeline.synthetic.dice import Dice
from wb_pipeline.synthetic.places import Country, Phone, country

STYLES = 11
_EXTENSIONS = (" x{}", " ext. {}", " ext {}", "x{}", " Ext.{}", " #{}")


def phone_text(dice: Dice, phone: Phone | None, style: int | None = None) -> str | None:
    """Return a number as somebody wrote it, None for None. `style` fixes the way of writing, 0 is E.164."""
    if phone is None:
        return None
    where = country(phone.country)
    chosen = dice.below(STYLES) if style is None else style
    return _WRITERS[chosen](where, phone)


def with_extension(dice: Dice, text: str) -> str:
    """Return the number with an extension behind it."""
    return text + dice.pick(_EXTENSIONS).format(dice.fill("%#" + "#" * dice.below(3)))


def grouped(digits: str, mark: str) -> str:
    """Return digits in groups of three and four: `5550143` becomes `555-0143`, eight digits two groups of four."""
    if len(digits) <= 4:  # noqa: PLR2004 - as long as the last group may be
        return digits
    first = 4 if len(digits) == 8 else 3  # noqa: PLR2004 - two equal groups
    return f"{digits[:first]}{mark}{grouped(digits[first:], mark)}"


def _national(where: Country, phone: Phone, mark: str) -> str:
    if not phone.area:
        return grouped(f"{where.trunk}{phone.line}", mark)
    return f"{where.trunk}{phone.area}{mark}{grouped(phone.line, mark)}"


def _international(where: Country, phone: Phone, mark: str) -> str:
    parts = [part for part in (f"+{where.calling_code}", phone.area, grouped(phone.line, mark)) if part]
    return mark.join(parts)


def _e164(where: Country, phone: Phone) -> str:
    return f"+{where.calling_code}{phone.area}{phone.line}"


def _bracketed(where: Country, phone: Phone) -> str:
    if not phone.area:
        return _national(where, phone, " ")
    return f"({where.trunk}{phone.area}) {grouped(phone.line, '-')}"


def _optional_zero(where: Country, phone: Phone) -> str:
    if not where.trunk:
        return _international(where, phone, " ")
    return f"+{where.calling_code} ({where.trunk}){phone.area}{' ' if phone.area else ''}{grouped(phone.line, ' ')}"


def _double_zero(where: Country, phone: Phone) -> str:
    start = "1" if where.calling_code == "1" else f"00{where.calling_code}"
    return f"{start}{phone.area}{phone.line}"


_WRITERS = (
    _e164,
    lambda where, phone: _national(where, phone, "-"),
    lambda where, phone: _national(where, phone, " "),
    lambda where, phone: _national(where, phone, "."),
    lambda where, phone: _national(where, phone, ""),
    lambda where, phone: _international(where, phone, " "),
    lambda where, phone: _international(where, phone, "-"),
    lambda where, phone: _international(where, phone, "."),
    _bracketed,
    _optional_zero,
    _double_zero,
)
