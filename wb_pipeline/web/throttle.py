"""How often somebody may try to sign in. Counting only; what is refused is said by `sign_in`."""

from __future__ import annotations

import time
from collections import defaultdict, deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_FAILURES = 5
WINDOW_SECONDS = 300
_MOST_ADDRESSES = 10_000


class Throttle:
    """Counts failed tries by address. After five within five minutes the address waits until the oldest is old."""

    def __init__(self, seconds: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._failures: dict[str, deque[float]] = defaultdict(deque)

    def wait(self, address: str) -> int:
        """Return the seconds until an address may try again; 0 if it may now."""
        failures = self._recent(address)
        if len(failures) < MOST_FAILURES:
            return 0
        return max(1, round(failures[0] + WINDOW_SECONDS - self._seconds()))

    def failed(self, address: str) -> None:
        """Count a failed try."""
        if len(self._failures) >= _MOST_ADDRESSES:
            self._failures.clear()
        self._recent(address).append(self._seconds())

    def succeeded(self, address: str) -> None:
        """Forget the failures of an address."""
        self._failures.pop(address, None)

    def _recent(self, address: str) -> deque[float]:
        failures = self._failures[address]
        while failures and failures[0] <= self._seconds() - WINDOW_SECONDS:
            failures.popleft()
        return failures
