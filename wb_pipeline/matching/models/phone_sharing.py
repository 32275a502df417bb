"""From how many names on a phone belongs to a person, an office, a switchboard. Counting is `matching.frequencies`'."""

from __future__ import annotations

OWN_PHONE_NAMES = 1
"""A phone is somebody's own while all who carry it bear one surname (of companies: one name)."""
FEW_PHONE_NAMES = 4
"""Up to so many surnames are an office or a family; beyond that it is a switchboard."""
