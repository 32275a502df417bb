"""A team's own model beside the judge: it can only make a verdict stricter (EVD-7). Which one: a setting, no code."""

from __future__ import annotations

import importlib
import os
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from wb_pipeline.errors import InputError
from wb_pipeline.evidence.support.claim import STRICTNESS, Support, stricter

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from wb_pipeline.evidence.passage import Passage
    from wb_pipeline.evidence.support.claim import Claim

SETTING = "WB_SUPPORT_MODEL"
"""The setting that names the model as `module:function`; a class without arguments will do as well."""
_MOST_WORDS = 500
_FAILED = "the support model gave no answer that can be used"


@runtime_checkable
class SupportModel(Protocol):
    """What a team plugs in. It sees claim, passages and quoted words, and never hears the judge's verdict."""

    def __call__(self, claim: Claim, passages: Sequence[Passage], quote: str | None) -> Support:
        """Return what the passages say of the claim. Whatever it raises or answers otherwise counts as `silent`."""
        ...


def combined(
    given: Support, model: SupportModel | None, claim: Claim, passages: Sequence[Passage], quote: str | None
) -> Support:
    """Return the stricter of the judge's verdict and the model's."""
    if model is None:
        return given
    return stricter(given, _asked(model, claim, passages, quote))


def _asked(model: Callable[..., object], claim: Claim, passages: Sequence[Passage], quote: str | None) -> Support:
    try:
        answer = model(claim, passages, quote)
        if isinstance(answer, Support) and answer.verdict in STRICTNESS:
            return Support(answer.verdict, f"the support model: {str(answer.reason)[:_MOST_WORDS]}")
    except Exception as error:  # noqa: BLE001 - a model's failure is no support, whatever it is
        return Support("silent", f"{_FAILED}: {type(error).__name__}")
    return Support("silent", _FAILED)


def model_from_settings() -> SupportModel | None:
    """Return the model that `WB_SUPPORT_MODEL` names, or None where it is not set.

    Raises InputError where it names nothing that can be called: a model that is asked for is never left out.
    """
    named = os.environ.get(SETTING, "").strip()
    if not named:
        return None
    module, colon, attribute = named.partition(":")
    try:
        found = getattr(importlib.import_module(module), attribute) if colon else None
        made = found() if isinstance(found, type) else found
    except Exception as error:
        raise InputError(
            f"{SETTING} names {named!r}, which cannot be loaded: {error}", hint="module:function"
        ) from error
    if not callable(made):
        raise InputError(f"{SETTING} names {named!r}, which cannot be called.", hint="Write it as module:function.")
    return made  # type: ignore[no-any-return]  # a model of a team's own has no types
