"""What a value must look like to be written to a field (FLD-5)."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wb_pipeline.normalize.fields import DEFAULT_TEXT_LENGTH, FieldRule, Invalid, Valid, check_json, check_value

FORMATS = [
    None,
    "text",
    "email",
    "domain",
    "url",
    "phone",
    "number",
    "date",
    "datetime",
    "boolean",
    "list",
    "picklist",
    "id",
]
OPTIONS = frozenset({"Director", "VP"})
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


@pytest.mark.parametrize(
    ("value", "rule", "normalized"),
    [
        (" VP  IT ", FieldRule("text"), "VP IT"),
        ("Ana@Acme.com", FieldRule("email"), "ana@acme.com"),
        ("Acme.com", FieldRule("domain"), "acme.com"),
        ("https://Acme.com", FieldRule("url"), "https://acme.com/"),
        ("+1 202-555-0143", FieldRule("phone"), "+12025550143"),
        ("10.0", FieldRule("number"), 10),
        ("2026-03-02", FieldRule("date"), "2026-03-02"),
        ("2026-03-02T09:00:00+01:00", FieldRule("datetime"), "2026-03-02T08:00:00Z"),
        ("TRUE", FieldRule("boolean"), True),
        (["a ", "b", "a"], FieldRule("list"), ["a", "b"]),
        ("VP", FieldRule("picklist", options=OPTIONS), "VP"),
        (17, FieldRule("id"), "17"),
        (False, FieldRule(None), False),
        (None, FieldRule("email"), None),
        ("  ", FieldRule("number"), None),
        ([], FieldRule("list"), None),
    ],
)
def test_check_value_normalizes_when_valid(value: object, rule: FieldRule, normalized: object) -> None:
    """FLD-5, FLD-8: the comparison form by format; emptiness is another rule's question."""
    assert check_value(value, rule) == Valid(normalized)


@pytest.mark.parametrize(
    ("value", "rule", "reason"),
    [
        ("a\x00b", FieldRule("text"), "control_characters"),
        ("\u202egpj.exe", FieldRule("text"), "control_characters"),
        ("x" * (DEFAULT_TEXT_LENGTH + 1), FieldRule(None), "too_long"),
        ("abcdef", FieldRule("text", max_length=5), "too_long"),
        ({"a": 1}, FieldRule("text"), "nested_value"),
        (["a"], FieldRule(None), "nested_value"),
        (5, FieldRule("text"), "wrong_type"),
        ("ana at acme", FieldRule("email"), "not_an_email"),
        ("http://acme.com", FieldRule("domain"), "not_a_domain"),
        ("javascript:alert(1)", FieldRule("url"), "not_a_url"),
        ("call me", FieldRule("phone"), "not_a_phone"),
        (True, FieldRule("number"), "not_a_number"),
        (float("nan"), FieldRule("number"), "not_a_number"),
        (float("inf"), FieldRule(None), "not_a_number"),
        ("tomorrow", FieldRule("date"), "not_a_date"),
        ("2026-03-02T09:00:00", FieldRule("datetime"), "no_time_zone"),
        ("soon", FieldRule("datetime"), "not_a_datetime"),
        ("yes", FieldRule("boolean"), "not_a_boolean"),
        ("a,b", FieldRule("list"), "not_a_list"),
        (["a", {"b": 1}], FieldRule("list"), "nested_value"),
        (["a", None], FieldRule("list"), "empty_item"),
        (["x"] * 201, FieldRule("list"), "too_many_items"),
        (["VP", "King"], FieldRule("list", options=OPTIONS), "not_in_picklist"),
        ("vp", FieldRule("picklist", options=OPTIONS), "not_in_picklist"),
        ("VP", FieldRule("picklist"), "not_in_picklist"),
        ("King", FieldRule("text", options=OPTIONS), "not_in_picklist"),
        (1.5, FieldRule("id"), "not_an_id"),
        ("two\nlines", FieldRule("id"), "not_an_id"),
        ("x", FieldRule("colour"), "unknown_format"),
    ],
)
def test_check_value_names_the_reason_when_invalid(value: object, rule: FieldRule, reason: str) -> None:
    """FLD-5: each way of not fitting has its stable code."""
    verdict = check_value(value, rule)
    assert isinstance(verdict, Invalid)
    assert verdict.reason == reason
    assert verdict.words


@pytest.mark.parametrize("format_name", FORMATS)
@settings(max_examples=80, deadline=None)
@given(value=JSON_VALUES)
def test_check_value_is_idempotent_for_any_json(format_name: str | None, value: object) -> None:
    """FLD-8: what was normalized is valid and stays as it is."""
    rule = FieldRule(format_name)
    verdict = check_value(value, rule)
    if isinstance(verdict, Valid):
        assert check_value(verdict.normalized, rule) == verdict
        json.dumps(verdict.normalized, allow_nan=False)


@pytest.mark.parametrize("text", ["{bad", "[" * 100_000, "9" * 5_000, ""])
def test_check_json_is_invalid_when_the_text_cannot_be_read(text: str) -> None:
    """CON-7: deep nesting and huge numbers are a reason, not a crash."""
    verdict, _ = check_json(text, FieldRule("text"))
    assert isinstance(verdict, Invalid)


def test_check_json_lets_one_item_be_appended_to_a_list() -> None:
    """FLD-5: append adds one item; set needs the list."""
    assert check_json('"crm"', FieldRule("list"), is_append=True) == (Valid(["crm"]), False)
    assert isinstance(check_json('"crm"', FieldRule("list"))[0], Invalid)
