"""Texts that state a time, with and without a zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wb_pipeline.contract.times import read_time, utc_text


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-02T09:00:00Z",
        "2026-03-02T09:00:00z",
        "2026-03-02t10:00+01:00",
        "2026-03-02 04:00:00-05",
        "20260302T090000Z",
        "2026-03-02T09:00:00.000Z",
        "2026-03-02T14:30:00,000000000+0530",
    ],
)
def test_read_time_gives_utc_when_the_text_states_a_zone(text):
    """CON-8: every ISO 8601 form with a zone means one moment in UTC."""
    assert read_time(text) == (datetime(2026, 3, 2, 9), False, False)  # noqa: DTZ001  (tables keep UTC without a zone)


@pytest.mark.parametrize("text", ["2026-03-02T09:00:00", "2026-03-02", "2026-03-02 09:00", "20260302T090000"])
def test_read_time_has_no_utc_when_the_zone_is_missing(text):
    """CON-8: a time without a zone is never guessed."""
    assert read_time(text) == (None, True, False)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "1767225600",
        "2026-02-30T09:00:00Z",
        "2026-13-01T09:00:00Z",
        "2026-03-02T24:00:00Z",
        "2026-03-02T09:00:60Z",
        "2026-03-02x09:00:00Z",
        "2026-W10-1T09:00:00Z",
        "2026-03-02T09:00:00Z; drop table",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "२०२६-03-02T09:00:00Z",
    ],
)
def test_read_time_is_unreadable_when_the_text_is_no_time(text):
    """CON-8: what is no ISO 8601 time is said to be unreadable, at the ends of the calendar too."""
    assert read_time(text) == (None, False, True)


def test_read_time_states_nothing_when_there_is_no_text():
    """CON-8: a time that is not stated is no fault of the text."""
    assert read_time(None) == (None, False, False)


@given(
    st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2200, 1, 1)),  # noqa: DTZ001  (hypothesis wants it)
    st.integers(-14 * 60, 14 * 60),
)
def test_read_time_agrees_with_python_whatever_the_offset(moment, minutes):
    """CON-8: the same moment in any zone is the same UTC time."""
    zoned = moment.replace(tzinfo=UTC).astimezone(timezone(timedelta(minutes=minutes)))
    assert read_time(zoned.isoformat()).at == moment
    assert read_time(utc_text(zoned.isoformat())).at == moment


def test_utc_text_leaves_alone_what_is_no_time_with_a_zone():
    """CON-8: what cannot be placed stays as it was given."""
    assert [utc_text(text) for text in ("soon", "2026-03-02", "2026-03-02T10:00:00+01:00")] == [
        "soon",
        "2026-03-02",
        "2026-03-02T09:00:00Z",
    ]
