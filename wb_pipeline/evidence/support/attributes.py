"""The attributes that a record or form gives, held against a claim: names and spellings. Whose they are: not here."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from wb_pipeline.evidence.support.claim import Support
from wb_pipeline.evidence.support.names_said import link_key, phone_key
from wb_pipeline.evidence.support.numbers_said import range_of
from wb_pipeline.evidence.support.titles_said import same_title
from wb_pipeline.evidence.support.tokens import word_list
from wb_pipeline.normalize.numbers import normalize_number

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from wb_pipeline.evidence.support.claim import Claim, Verdict

# Under which names vendors and forms give a field. Letter case and `_` do not count.
_ATTRIBUTES = {
    "employee_range": (
        "employees",
        "headcount",
        "employeecount",
        "numberofemployees",
        "employeerange",
        "size",
        "companysize",
    ),
    "tech_stack_tags": ("technologies", "techstack", "techstacktags", "tech", "tools"),
    "title": ("title", "jobtitle", "position", "role"),
    "phone": (
        "phone",
        "phonenumber",
        "workphone",
        "telephone",
        "tel",
        "mobile",
        "mobilephone",
        "cell",
        "direct",
        "directdial",
        "directphone",
        "directline",
    ),
    "website": ("website", "websiteurl", "url", "homepage"),
    "industry": ("industry", "sector", "vertical"),
    "name": ("name", "companyname", "legalname", "company"),
    "company_name": ("company", "companyname", "organisation", "organization"),
    "country": ("country", "countrycode"),
    "city": ("city", "town"),
    "email": ("email", "workemail", "emailaddress"),
    "linkedin_url": ("linkedin", "linkedinurl", "profileurl"),
    "region": ("region", "state"),
    "postal_code": ("postalcode", "zip", "postcode"),
    "street": ("street", "address", "streetaddress"),
}
_FREELY_SPELT = frozenset({"street", "city", "region", "postal_code", "country", "name", "company_name", "lead_source"})
NOTHING = Support("silent", "the item says nothing of this field")


def inside(payload: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """Return the object under a key; empty where there is none."""
    found = payload.get(key)
    return found if isinstance(found, dict) else {}


def attribute(claim: Claim, attributes: Mapping[str, Any]) -> Support:
    """Compare every attribute that gives the field; the first that differs decides."""
    names = _ATTRIBUTES.get(claim.field, (claim.field.replace("_", ""),))
    given = [value for name, value in attributes.items() if re.sub(r"[\W_]", "", str(name)).lower() in names]
    found = [compared(claim, value, _keys(claim)) for value in given if value not in (None, "", [], {})]
    return next((each for each in found if each.verdict == "contradicts"), found[0] if found else NOTHING)


def _keys(claim: Claim) -> Callable[[Any], Any]:
    if claim.format == "phone" or claim.field in ("phone", "mobile"):
        return phone_key
    if claim.format == "url" or claim.field in ("website", "linkedin_url"):
        return link_key
    return words_key


def compared(claim: Claim, given: Any, key: Callable[[Any], Any]) -> Support:
    """Hold what is given against the claimed value; two agree when they have the same key, or mean the same."""
    if given in (None, "", [], {}):
        return NOTHING
    shown = str(given)[:120]
    if _agrees(claim, given, key):
        return Support("supports", f"it gives {shown}")
    verdict: Verdict = "silent" if _is_spelt_freely(claim, given) else "contradicts"
    return Support(verdict, f"it gives {shown}")


def _is_spelt_freely(claim: Claim, given: Any) -> bool:
    """Say whether two spellings that differ may still mean one thing: an address, a word that is not mapped."""
    if claim.field == "industry":
        return str(given).strip() not in claim.synonyms.values() and str(given).strip() not in claim.options
    return claim.field in _FREELY_SPELT


def _agrees(claim: Claim, given: Any, key: Callable[[Any], Any]) -> bool:
    wanted = range_of(claim.value)
    if wanted is not None and "employee" in claim.field:
        return _in_range(given, wanted)
    if isinstance(claim.value, list):
        have = {words_key(each) for each in (given if isinstance(given, list) else [given])}
        return all(words_key(each) in have for each in claim.value)
    if claim.field == "title":
        return same_title(str(given), str(claim.value))
    number = normalize_number(claim.value)
    if number is not None and claim.format in (None, "number"):
        return normalize_number(given if not isinstance(given, str) else given.replace(",", "")) == number
    mapped = claim.synonyms.get(str(given).strip().lower(), given)
    return bool(key(mapped) == key(claim.value))


def _in_range(given: Any, wanted: tuple[float, float]) -> bool:
    number = normalize_number(given.replace(",", "") if isinstance(given, str) else given)
    if number is not None:
        return wanted[0] <= number <= wanted[1]
    ends = range_of(given)
    return ends is not None and wanted[0] <= ends[0] and ends[1] <= wanted[1]


def name_part(claim: Claim, name: Any) -> Support:
    """Judge a first or last name by a full one."""
    is_in = set(word_list(str(claim.value))) <= set(word_list(str(name)))
    return Support("supports", f"the name is {name}") if is_in else Support("contradicts", f"the name is {name}")


def text_key(value: Any) -> str:
    """Return a text by which spellings agree that differ in letter case only."""
    return str(value).strip().lower()


def words_key(value: Any) -> tuple[str, ...]:
    """Return the words of a text: case, marks and spacing do not count."""
    return tuple(word_list(str(value)))
