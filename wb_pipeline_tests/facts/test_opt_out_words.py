"""What a field and its value say of a person's wish."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wb_pipeline.facts.opt_out_words import CONTRACT_FIELDS, is_consent_field, stance


@pytest.mark.parametrize(
    ("field", "value", "wanted"),
    [
        ("do_not_contact", True, "out"),
        ("Do Not Contact", "Yes", "out"),
        ("do_not_contact", False, "open"),
        ("do_not_contact", "", "silent"),
        ("do_not_contact", None, "silent"),
        ("email_opt_out", 1, "out"),
        ("hs_email_optout", "true", "out"),
        ("HasOptedOutOfEmail", "0", "open"),
        ("unsubscribed_at", "2026-02-01", "out"),
        ("opt_out_reason", "too many mails", "out"),
        ("lawful_basis", "legitimate_interest", "open"),
        ("lawful_basis", "consent withdrawn", "out"),
        ("lawful_basis", "", "silent"),
        ("hs_legal_basis", "Not applicable", "open"),
        ("consent_at", "2026-02-01T09:00:00Z", "open"),
        ("consent_at", None, "silent"),
        ("consent_status", "revoked", "out"),
        ("subscription_status", "UNSUBSCRIBED", "out"),
        ("subscription_status", "subscribed", "open"),
        ("email_subscription", "Opted out", "out"),
        ("marketing_consent", "no", "silent"),
        ("marketing_opt_in", True, "open"),
        ("email_opt_in", "Withdrawn", "out"),
        ("title", "Head of Opt-Outs", "silent"),
        ("email_status", "bounced", "silent"),
        ("lead_status", "unqualified", "silent"),
    ],
)
def test_field_and_value_say_a_wish(field: str, value: Any, wanted: str) -> None:
    """HIA-2: under the contract's names, vendors' names and names of the CRM's own making."""
    assert stance(field, None if value is None else json.dumps(value)) == wanted


@pytest.mark.parametrize("field", CONTRACT_FIELDS)
def test_fields_of_the_contract_are_about_consent(field: str) -> None:
    """HIA-2: none of them is overlooked."""
    assert is_consent_field(field)


@given(field=st.text(max_size=40), value=st.text(max_size=40) | st.none())
def test_any_field_and_value_have_a_stance(field: str, value: str | None) -> None:
    """HIA-2: nothing raises, whatever comes in."""
    assert stance(field, value) in ("out", "open", "silent")
