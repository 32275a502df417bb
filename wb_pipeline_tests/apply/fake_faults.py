"""The faults of the fake CRM: what it does to a request instead of answering it well. Data and small functions."""

from __future__ import annotations

WRITE_FAULTS = {
    "throttle": "429 without Retry-After, nothing done",
    "throttle_after": "429 with Retry-After, nothing done",
    "down": "503, nothing done",
    "error_before": "500, nothing done",
    "error_after": "500 after everything was carried out",
    "reset_before": "the connection breaks before anything was done",
    "reset_after": "the connection breaks after everything was carried out",
    "cut_in_middle": "half of the calls are carried out, then the connection breaks",
    "timeout_lost": "no answer in time, nothing done",
    "timeout_late": "no answer in time, carried out a little later",
    "timeout_after": "carried out, no answer in time",
    "partial_throttled": "half of the calls carried out, the others throttled, each answered",
    "partial_failed": "half of the calls carried out, the others failed on the server's side, each answered",
    "partial_locked": "half of the calls carried out, the records of the others locked, each answered",
    "shuffled": "carried out, answered in another order",
    "slow": "carried out, answered late but in time",
    "locked": "423, every record is locked for now",
    "stale": "carried out; readers see the old values for a while",
    "stale_unknown": "carried out, no answer in time, and readers see the old values for a while",
    "moved": "somebody changes a record just before the call arrives",
    "moved_unknown": "somebody changes a record just before the call arrives, and no answer in time",
    "moved_after": "carried out; somebody changes the record right behind it",
}
"""What happens to one write request, by name."""

READ_FAULTS = {
    "throttle": "429",
    "down": "503",
    "reset_before": "the connection breaks",
    "slow": "answered late but in time",
}
"""What happens to one read request, by name."""

RETRY_AFTER_SECONDS = 0.05
SLOW_SECONDS = 0.15
LATE_SHARE = 0.6
"""At which share of the settle time a late call is carried out."""
