"""What structured evidence says of a value: profiles, vendors' records, forms, papers, meetings. No prose."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from wb_pipeline.contract.times import read_time
from wb_pipeline.evidence.support.claim import Support
from wb_pipeline.evidence.support.names_said import link_key, phone_key
from wb_pipeline.evidence.support.numbers_said import range_of
from wb_pipeline.evidence.support.titles_said import same_title
from wb_pipeline.evidence.support.tokens import word_list
from wb_pipeline.normalize.company_names import parse_company
from wb_pipeline.normalize.domains import normalize_domain, registrable_domain
from wb_pipeline.normalize.numbers import normalize_number
from wb_pipeline.normalize.person_names import parse_person

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

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
_SAME_MEETING = timedelta(hours=12)
"""Between an event's start and the time that is logged for it: zones and halls differ, days do not."""
_FREELY_SPELT = frozenset({"street", "city", "region", "postal_code", "country", "name", "company_name", "lead_source"})
_NOTHING = Support("silent", "the item says nothing of this field")
_NAMESAKE = Support("silent", "the profile is a namesake's: it names another employer")
_STATE_OF_STAGE = {
    "calendar_event": ("meeting_held", ("held",), ("cancelled", "canceled", "no_show")),
    "call_recording": ("meeting_held", ("held", "completed", "connected"), ("no_answer", "no_show", "voicemail")),
    "proposal_document": ("proposal_sent", ("sent",), ()),
    "order_form": ("order_signed", ("signed",), ("voided",)),
    "mutual_action_plan": ("plan_active", ("active",), ()),
}
_STATES = {"call_recording": "outcome"}


def judge_record(claim: Claim, evidence_type: str, payload: Mapping[str, Any]) -> Support | None:
    """Return what a structured item says of the claim; None for a type that is read as words."""
    judge = _JUDGES.get(evidence_type)
    return judge(claim, payload) if judge else None


def judge_state(claim: Claim, evidence_type: str, payload: Mapping[str, Any]) -> tuple[Support, str | None]:
    """Return whether the state of an item (held, sent, signed, active) supports a stage, and the sign that it is."""
    sign, good, bad = _STATE_OF_STAGE[evidence_type]
    state = str(payload.get(_STATES.get(evidence_type, "status")) or "").strip().lower()
    if state in bad:
        return Support("contradicts", f"its state is {state}"), None
    if state not in good:
        return Support("silent", f"its state, {state or 'none'}, shows nothing"), None
    if evidence_type == "calendar_event" and not _was_attended(claim, payload):
        return Support("contradicts", "nobody of the buyer's side was there"), None
    if str(claim.value).strip().lower() in claim.stages.get(sign, ()):
        return Support("supports", f"its state is {state}"), sign
    return Support("silent", f"its state is {state}, which does not stand for this stage"), sign


def _was_attended(claim: Claim, payload: Mapping[str, Any]) -> bool:
    """Say whether somebody of the buyer's side came; where the event does not tell who came, its state stands."""
    listed = payload.get("attendees")
    told = [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
    absent = [each for each in told if each.get("attended") is False]
    present = [each for each in told if each.get("attended") is True]
    mine = registrable_domain(normalize_domain(claim.company_domain) or "") if claim.company_domain else None
    if not absent or mine is None:
        return True
    return any(_domain_of(each) == mine for each in present)


def _domain_of(attendee: Mapping[str, Any]) -> str | None:
    domain = normalize_domain(str(attendee.get("email") or "").rpartition("@")[2])
    return registrable_domain(domain) if domain else None


def _profile(claim: Claim, payload: Mapping[str, Any]) -> Support:
    """Judge by a profile: it speaks for a person of this name at this company; anybody else is a namesake."""
    current = _inside(payload, "current")
    is_on_record = bool(claim.profile_url) and link_key(claim.profile_url) == link_key(payload.get("url"))
    if not is_on_record and not _same_person(claim, payload.get("name")):
        return Support("silent", "the profile is another person's")
    is_here = _same_company(claim, current.get("company"), current.get("company_domain"))
    if claim.field == "linkedin_url":
        found = _compared(claim, payload.get("url"), link_key)
        is_known = is_here or is_on_record or not current.get("company")
        return found if is_known or found.verdict != "supports" else _NAMESAKE
    if not is_here:
        return _NAMESAKE
    if claim.field == "title":
        return _title(claim, current.get("title"), payload.get("past"))
    if claim.field in ("first_name", "last_name"):
        return _name_part(claim, payload.get("name"))
    return _NOTHING


def _inside(payload: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """Return the object under a key; empty where there is none."""
    found = payload.get(key)
    return found if isinstance(found, dict) else {}


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


def _name_part(claim: Claim, name: Any) -> Support:
    is_in = set(word_list(str(claim.value))) <= set(word_list(str(name)))
    return Support("supports", f"the name is {name}") if is_in else Support("contradicts", f"the name is {name}")


def _enrichment(claim: Claim, payload: Mapping[str, Any]) -> Support:
    found = _of_vendor(claim, payload)
    if found.verdict == "supports" and _is_of_another(claim, _inside(payload, "subject")):
        return Support("silent", "the record is another company's or person's")
    return found


def _of_vendor(claim: Claim, payload: Mapping[str, Any]) -> Support:
    subject = _inside(payload, "subject")
    attributes = _inside(payload, "attributes")
    if claim.field == "domain" and subject.get("company_domain"):
        return _compared(claim, subject["company_domain"], _domain_key)
    if claim.object == "company" and claim.field == "name" and subject.get("company_name") and "name" not in attributes:
        return _compared(claim, subject["company_name"], _words_key)
    return _attribute(claim, attributes)


def _is_of_another(claim: Claim, subject: Mapping[str, Any]) -> bool:
    """Say whether a vendor's record names another domain or mailbox than the claim's."""
    theirs, mine = subject.get("company_domain"), claim.company_domain
    if claim.field not in ("domain", "website") and isinstance(theirs, str) and mine:
        one, other = normalize_domain(theirs), normalize_domain(mine)
        if one and other and registrable_domain(one) != registrable_domain(other):
            return True
    mailbox = subject.get("email")
    is_of_person = claim.object == "contact" and claim.field != "email" and bool(claim.person_email)
    return is_of_person and isinstance(mailbox, str) and _text_key(mailbox) != _text_key(claim.person_email)


def _form(claim: Claim, payload: Mapping[str, Any]) -> Support:
    fields = _inside(payload, "fields")
    if claim.field == "email":
        return _compared(claim, payload.get("email"), _text_key)
    if claim.field in ("first_name", "last_name") and payload.get("name"):
        return _name_part(claim, payload["name"])
    return _attribute(claim, fields)


def _attribute(claim: Claim, attributes: Mapping[str, Any]) -> Support:
    """Compare every attribute that gives the field; the first that differs decides."""
    names = _ATTRIBUTES.get(claim.field, (claim.field.replace("_", ""),))
    given = [value for name, value in attributes.items() if re.sub(r"[\W_]", "", str(name)).lower() in names]
    found = [_compared(claim, value, _keys(claim)) for value in given if value not in (None, "", [], {})]
    return next((each for each in found if each.verdict == "contradicts"), found[0] if found else _NOTHING)


def _keys(claim: Claim) -> Callable[[Any], Any]:
    if claim.format == "phone" or claim.field in ("phone", "mobile"):
        return phone_key
    if claim.format == "url" or claim.field in ("website", "linkedin_url"):
        return link_key
    return _words_key


def _compared(claim: Claim, given: Any, key: Callable[[Any], Any]) -> Support:
    if given in (None, "", [], {}):
        return _NOTHING
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
        have = {_words_key(each) for each in (given if isinstance(given, list) else [given])}
        return all(_words_key(each) in have for each in claim.value)
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


def _text_key(value: Any) -> str:
    return str(value).strip().lower()


def _domain_key(value: Any) -> str:
    """Return the domain that identifies a company, without `www.` (IDN-4)."""
    return normalize_domain(str(value)) or _text_key(value)


def _words_key(value: Any) -> tuple[str, ...]:
    return tuple(word_list(str(value)))


def _verification(claim: Claim, payload: Mapping[str, Any]) -> Support:
    if claim.field == "email_status":
        is_theirs = bool(claim.person_email) and _text_key(payload.get("email")) == _text_key(claim.person_email)
        return _compared(claim, payload.get("result"), _text_key) if is_theirs else _NOTHING
    if claim.field != "email":
        return _NOTHING
    if _text_key(payload.get("email")) != _text_key(claim.value):
        return Support("silent", "another address was verified")
    result = _text_key(payload.get("result") or "")
    verdicts: dict[str, Verdict] = {"valid": "supports", "invalid": "contradicts"}
    return Support(verdicts.get(result, "hedged"), f"the verification says {result or 'nothing'}")


def _order_form(claim: Claim, payload: Mapping[str, Any]) -> Support:
    """Judge by an order form: signed by all it supports amount and currency, signed in part it is a reserve."""
    if claim.field not in ("amount", "currency"):
        return _NOTHING
    given = payload.get(claim.field)
    if given in (None, ""):
        return _NOTHING
    state = _text_key(payload.get("status") or "")
    if state == "voided":
        return Support("contradicts", "the order form is voided")
    is_amount = claim.field == "amount"
    same = _amount(given) == _amount(claim.value) if is_amount else _text_key(given) == _text_key(claim.value)
    if not same:
        return Support("contradicts", f"the order form gives {given}")
    currency = _text_key(payload.get("currency") or "")
    if is_amount and claim.currency and currency and currency != _text_key(claim.currency):
        return Support("contradicts", f"the order form is in {currency.upper()}")
    return (
        Support("supports", f"signed for {given}") if state == "signed" else Support("hedged", f"its state is {state}")
    )


def _amount(value: Any) -> float | None:
    return normalize_number(value.replace(",", "") if isinstance(value, str) else value)


def _meeting(claim: Claim, payload: Mapping[str, Any]) -> Support:
    if claim.field != "occurred_at" or not payload.get("start"):
        return _NOTHING
    status = _text_key(payload.get("status") or "")
    if status in ("cancelled", "canceled", "no_show"):
        return Support("contradicts", f"the meeting is {status}")
    began, claimed = read_time(str(payload["start"])).at, read_time(str(claim.value)).at
    if began is None or claimed is None:
        return Support("silent", "one of the two times has no zone")
    if abs(began - claimed) <= _SAME_MEETING:
        return Support("supports", "at that time")
    return Support("contradicts", f"it began at {payload['start']}")


def _silent(claim: Claim, payload: Mapping[str, Any]) -> Support:  # noqa: ARG001 - as the others
    return _NOTHING


_JUDGES: dict[str, Callable[[Claim, Mapping[str, Any]], Support]] = {
    "linkedin_profile": _profile,
    "enrichment": _enrichment,
    "form_submission": _form,
    "email_verification": _verification,
    "order_form": _order_form,
    "calendar_event": _meeting,
    "proposal_document": _silent,
    "mutual_action_plan": _silent,
    "web_visit": _silent,
    "crm_event": _silent,
}
STATED_TYPES: Iterable[str] = tuple(_STATE_OF_STAGE)
"""Types whose state is a sign for a stage."""
