"""Phone numbers in E.164. A number without a country code says nothing without knowing the country."""

from __future__ import annotations

import re
from functools import lru_cache

import phonenumbers

MAX_LENGTH = 40
_CACHED_NUMBERS = 65_536
_FORMATTING = re.compile(r"[ ().\-]")
# Nothing but digits, separators and an extension: the library would also read vanity letters and tel: parameters.
_SHAPE = re.compile(r"\+?[0-9 ().\-/]{5,30}(?:\s*(?:;ext=|ext\.?|x|#)\s*[0-9]{1,7})?", re.IGNORECASE)
_NORTH_AMERICAN = re.compile(r"\+1([2-9][0-9]{9})")


@lru_cache(maxsize=_CACHED_NUMBERS)
def normalize_phone(text: str, region: str | None = None) -> str | None:
    """Return `+12025550143` (`;ext=5` when there is an extension), or None when it is no valid number.

    `region` (two letters, such as "US") reads numbers that carry no country code; without it they are None.
    """
    given = text.strip()
    if len(given) > MAX_LENGTH or not _SHAPE.fullmatch(given):
        return None
    number = _parsed(given, region)
    if number is None or not _is_valid(number):
        return None
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return f"{e164};ext={number.extension}" if number.extension else e164


def _is_valid(number: phonenumbers.PhoneNumber) -> bool:
    # The main region of a country code is the library's first guess too; asking it alone takes half the time.
    main_region = phonenumbers.region_code_for_country_code(number.country_code or 0)
    return phonenumbers.is_valid_number_for_region(number, main_region) or phonenumbers.is_valid_number(number)


def _parsed(given: str, region: str | None) -> phonenumbers.PhoneNumber | None:
    north_american = _NORTH_AMERICAN.fullmatch(_FORMATTING.sub("", given))
    if north_american:
        # Ten digits after +1 leave nothing to guess; skipping the general parser halves the time.
        return phonenumbers.PhoneNumber(country_code=1, national_number=int(north_american[1]))
    try:
        return phonenumbers.parse(given, region)
    except phonenumbers.NumberParseException:
        return None
