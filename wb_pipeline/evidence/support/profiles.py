"""What a person's profile says of a value: whose it is, the title, the name. Records of vendors: `vendor_records`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wb_pipeline.evidence.support.attributes import NOTHING, compared, inside, name_part
from wb_pipeline.evidence.support.claim import Support
from wb_pipeline.evidence.support.names_said import link_key
from wb_pipeline.evidence.support.titles_said import same_title
from wb_pipeline.evidence.support.tokens import word_list
from wb_pipeline.normalize.company_names import parse_company
from wb_pipeline.normalize.domains import normalize_domain, registrable_domain
from wb_pipeline.normalize.person_names import parse_person

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wb_pipeline.evidence.support.claim import Claim

_NAMESAKE = Support("silent", "the profile is a namesake's: it names another employer")


def judge_profile(claim: Claim, payload: Mapping[str, Any]) -> Support:
    """Judge by a profile: it speaks for a person of this name at this company; anybody else is a namesake."""
    current = inside(payload, "current")
    is_on_record = bool(claim.profile_url) and link_key(claim.profile_url) == link_key(payload.get("url"))
    if not is_on_record and not _same_person(claim, payload.get("name")):
        return Support("silent", "the profile is another person's")
    is_here = _same_company(claim, current.get("company"), current.get("company_domain"))
    if claim.field == "linkedin_url":
        found = compared(claim, payload.get("url"), link_key)
        is_known = is_here or is_on_record or not current.get("company")
        return found if is_known or found.verdict != "supports" else _NAMESAKE
    if not is_here:
        return _NAMESAKE
    if claim.field == "title":
        return _title(claim, current.get("title"), payload.get("past"))
    if claim.field in ("first_name", "last_name"):
        return name_part(claim, payload.get("name"))
    return NOTHING


def _title(claim: Claim, current: Any, past: Any) -> Support:
    if not isinstance(current, str) or not current.strip():
        return Support("silent", "the profile names no current title")
    if same_title(current, str(claim.value)):
        return Support("supports", f"the current title is {current}")
    earlier = [each.get("title") for each in past if isinstance(each, dict)] if isinstance(past, list) else []
    was = any(isinstance(each, str) and same_title(each, str(claim.value)) for each in earlier)
    return Support(
        "contradicts", f"the current title is {current}{'; the wanted one is an earlier one' if was else ''}"
    )


def _same_person(claim: Claim, name: Any) -> bool:
    if not claim.person_name:
        return True
    if not isinstance(name, str):
        return False
    mine, theirs = parse_person(claim.person_name, None), parse_person(name, None)
    if not mine.core or not theirs.core:
        # One name only, on either side, has to be the same one or a part of the other.
        return bool(set(word_list(claim.person_name)) & set(word_list(name)))
    return mine.core == theirs.core and _same_given(mine.given, theirs.given)


def _same_given(one: str | None, other: str | None) -> bool:
    from wb_pipeline.normalize.given_names import roots_of

    if one is None or other is None or one == other or (len(one) == 1 and other.startswith(one)):
        return True
    return bool({one, *roots_of(one)} & {other, *roots_of(other)}) or (len(other) == 1 and one.startswith(other))


def _same_company(claim: Claim, name: Any, domain: Any) -> bool:
    """Say whether an employer is the company of the claim: by its registrable domain, else by its name."""
    theirs = normalize_domain(domain) if isinstance(domain, str) else None
    mine = normalize_domain(claim.company_domain) if claim.company_domain else None
    if theirs and mine:
        return registrable_domain(theirs) == registrable_domain(mine)
    if not claim.company_name or not isinstance(name, str):
        return not claim.company_name and not claim.company_domain
    return parse_company(name) == parse_company(claim.company_name) or word_list(name) == word_list(claim.company_name)
