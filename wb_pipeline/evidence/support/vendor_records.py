"""What vendors' records, forms and verifications of mailboxes say of a value. Comparing: `attributes`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wb_pipeline.evidence.support.attributes import (
    NOTHING,
    attribute,
    compared,
    inside,
    name_part,
    text_key,
    words_key,
)
from wb_pipeline.evidence.support.claim import Support
from wb_pipeline.normalize.domains import normalize_domain, registrable_domain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wb_pipeline.evidence.support.claim import Claim, Verdict


def judge_enrichment(claim: Claim, payload: Mapping[str, Any]) -> Support:
    """Judge by a vendor's record; one of another company or person supports nothing."""
    found = _of_vendor(claim, payload)
    if found.verdict == "supports" and _is_of_another(claim, inside(payload, "subject")):
        return Support("silent", "the record is another company's or person's")
    return found


def _of_vendor(claim: Claim, payload: Mapping[str, Any]) -> Support:
    subject = inside(payload, "subject")
    attributes = inside(payload, "attributes")
    if claim.field == "domain" and subject.get("company_domain"):
        return compared(claim, subject["company_domain"], _domain_key)
    if claim.object == "company" and claim.field == "name" and subject.get("company_name") and "name" not in attributes:
        return compared(claim, subject["company_name"], words_key)
    return attribute(claim, attributes)


def _is_of_another(claim: Claim, subject: Mapping[str, Any]) -> bool:
    """Say whether a vendor's record names another domain or mailbox than the claim's."""
    theirs, mine = subject.get("company_domain"), claim.company_domain
    if claim.field not in ("domain", "website") and isinstance(theirs, str) and mine:
        one, other = normalize_domain(theirs), normalize_domain(mine)
        if one and other and registrable_domain(one) != registrable_domain(other):
            return True
    mailbox = subject.get("email")
    is_of_person = claim.object == "contact" and claim.field != "email" and bool(claim.person_email)
    return is_of_person and isinstance(mailbox, str) and text_key(mailbox) != text_key(claim.person_email)


def _domain_key(value: Any) -> str:
    """Return the domain that identifies a company, without `www.` (IDN-4)."""
    return normalize_domain(str(value)) or text_key(value)


def judge_form(claim: Claim, payload: Mapping[str, Any]) -> Support:
    """Judge by what somebody entered into a form."""
    fields = inside(payload, "fields")
    if claim.field == "email":
        return compared(claim, payload.get("email"), text_key)
    if claim.field in ("first_name", "last_name") and payload.get("name"):
        return name_part(claim, payload["name"])
    return attribute(claim, fields)


def judge_verification(claim: Claim, payload: Mapping[str, Any]) -> Support:
    """Judge by the check of a mailbox: it speaks of that address and of its status only."""
    if claim.field == "email_status":
        is_theirs = bool(claim.person_email) and text_key(payload.get("email")) == text_key(claim.person_email)
        return compared(claim, payload.get("result"), text_key) if is_theirs else NOTHING
    if claim.field != "email":
        return NOTHING
    if text_key(payload.get("email")) != text_key(claim.value):
        return Support("silent", "another address was verified")
    result = text_key(payload.get("result") or "")
    verdicts: dict[str, Verdict] = {"valid": "supports", "invalid": "contradicts"}
    return Support(verdicts.get(result, "hedged"), f"the verification says {result or 'nothing'}")
