"""What a person sees while a run goes on: the name of each step as it starts."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from wb_pipeline.audit.terminal_text import plain

if TYPE_CHECKING:
    import dagster as dg

_STEP_STARTS = "STEP_START"
# What the orchestrator says of every step behind a failed one; the failure itself is told at the end.
_KNOCK_ON = "Dependencies for step"


class _StepNames(logging.Handler):
    """Hands on step names, and messages that steps themselves write at warning level or above."""

    def __init__(self, say: Callable[[str], None]) -> None:
        super().__init__()
        self._say = say

    def emit(self, record: logging.LogRecord) -> None:
        """Say which step begins, and pass on warnings of ours; what a failure brings after itself is left out."""
        event: Any = getattr(record, "dagster_event", None)
        if event is not None and event.event_type_value == _STEP_STARTS:
            self._say(f"  {event.step_key.replace('_', ' ')}")
        elif event is None and record.levelno >= logging.WARNING:
            said: Any = getattr(record, "dagster_meta", {})
            text = plain(said.get("orig_message", record.getMessage()))
            if not text.startswith(_KNOCK_ON):
                self._say(f"    note: {text}")


def progress_logger(say: Callable[[str], None]) -> dg.LoggerDefinition:
    """Return a logger for the orchestrator that only tells which step begins."""
    import dagster as dg

    @dg.logger
    def steps(_context: dg.InitLoggerContext) -> logging.Logger:
        logger = logging.Logger("wb.progress", level=logging.DEBUG)  # noqa: LOG001  (not to be found by name)
        logger.addHandler(_StepNames(say))
        return logger

    return steps
