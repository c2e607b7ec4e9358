"""Which weeks a publication writes: one for every Sunday that has ended since the last (design.md §4, The trend)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from kpis.language import clock

WEEKS_UNTIL = "weeks_until"
"""The key in `meta` of the last Sunday whose week was written, or had nothing to write."""

FIRST_WEEKS = 12
"""Weeks that are written of the time before the first publication that writes any."""

MAX_MISSED_WEEKS = 260
"""A longer pause than five years is a clock that is wrong: only the last weeks are written then."""

_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class WeeksToWrite:
    """The Sundays whose weeks a publication writes, in order, and the last one that is written then."""

    sundays: tuple[date, ...]
    until: date


def find_last_ended_sunday(now: datetime) -> date:
    """Return the last Sunday that has ended in Việt Nam at `now` (naive UTC)."""
    today = clock.to_local_day(now)
    return today - timedelta(days=today.isoweekday())


def find_weeks_to_write(meta: Mapping[str, str] | None, now: datetime) -> WeeksToWrite:
    """Return the weeks that a publication at `now` writes on top of the version with this `meta`.

    Without a version (None) nothing was known at any earlier Sunday. A clock that is behind writes nothing.
    """
    last = find_last_ended_sunday(now)
    if meta is None:
        return WeeksToWrite((), last)
    text = meta.get(WEEKS_UNTIL)
    until = date.fromisoformat(text) if text else last - FIRST_WEEKS * _WEEK
    missed = (last - until) // _WEEK
    if missed > MAX_MISSED_WEEKS:
        missed = FIRST_WEEKS
    sundays = tuple(last - n * _WEEK for n in reversed(range(max(missed, 0))))
    return WeeksToWrite(sundays, max(last, until))
