"""The text types that all models share, with their bounds. No models."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, WithJsonSchema

from wb_pipeline.contract.limits import ID_CHARACTERS, KEY_CHARACTERS, TEXT_CHARACTERS

_IDENTIFIER_SCHEMA = {
    "anyOf": [
        {"type": "string", "minLength": 1, "maxLength": ID_CHARACTERS, "pattern": r"\S"},
        {"type": "integer"},
    ]
}


def _whole_number_as_text(value: Any) -> Any:
    # Several CRMs number their records, and a whole number has exactly one text. 17.0 or true have not.
    return str(value) if type(value) is int else value


# The constraints stand before the validator: behind it, pydantic would check them in Python, ten times slower.
Identifier = Annotated[
    str,
    StringConstraints(strict=True, min_length=1, max_length=ID_CHARACTERS, pattern=r"\S"),
    BeforeValidator(_whole_number_as_text),
    WithJsonSchema(_IDENTIFIER_SCHEMA),
]
"""What something is looked up by: text as given, or a whole number, which becomes its text."""

ShortText = Annotated[str, StringConstraints(strict=True, max_length=TEXT_CHARACTERS)]
"""A word that gates judge (action, object, operation, source) or a time: any text, bounded."""

RequiredText = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=TEXT_CHARACTERS, pattern=r"\S")]
"""A short text that must say something."""

LongText = Annotated[str, StringConstraints(strict=True)]
"""Text of any length that fits in a row."""

Key = Annotated[str, StringConstraints(strict=True, max_length=KEY_CHARACTERS)]
"""A key of an open object, such as a field name."""

OpenObject = Annotated[dict[Key, Any], Field(description="An object with keys of the sender's choice.")]


class ContractModel(BaseModel):
    """A shape of the contract: strict about what it knows (nothing is repaired), keeping what it does not know."""

    model_config = ConfigDict(extra="allow", strict=True, regex_engine="rust-regex", hide_input_in_errors=True)
