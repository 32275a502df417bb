"""Reading from a CRM that fails now and then: again after a growing pause, a few times. Only for reads."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from wb_pipeline.apply.limits import Limits, Timing
from wb_pipeline.connectors.writing import CrmError, Throttled

_Found = TypeVar("_Found")


def patiently(read: Callable[[], _Found], limits: Limits, timing: Timing) -> _Found:
    """Return what was read; after a failure again, as long as there are tries. Raises the last CrmError."""
    for tried in range(1, limits.tries):
        try:
            return read()
        except CrmError as error:
            asked = (error.retry_after or 0.0) if isinstance(error, Throttled) else 0.0
            timing.sleep(max(timing.pause(limits, tried), min(asked, limits.group_seconds)))
    return read()
