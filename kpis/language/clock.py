"""Days and moments: a day is a day in Việt Nam, a moment is naive UTC (design.md §4 History)."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone

from kpis.errors import UsageError

# Việt Nam has kept UTC+7 without summer time since 1975, so no time zone file is read (Windows has none).
TIME_ZONE = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")

_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_VIETNAMESE_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


def get_utc_now() -> datetime:
    """Return the current moment, naive UTC. Only the top layers call it; others take `now` or `today`."""
    return datetime.now(UTC).replace(tzinfo=None)


def to_local(moment: datetime) -> datetime:
    """Return a moment (naive is UTC) in Vietnamese time."""
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(TIME_ZONE)


def to_local_day(now: datetime) -> date:
    """Return the Vietnamese day of `now` (naive is UTC)."""
    return to_local(now).date()


def to_utc(moment: datetime) -> datetime:
    """Return a moment as naive UTC; without a zone it is taken as Asia/Ho_Chi_Minh."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=TIME_ZONE)
    return aware.astimezone(UTC).replace(tzinfo=None)


def get_end_of_day(day: date) -> datetime:
    """Return the last moment of a Vietnamese day, naive UTC."""
    return to_utc(datetime.combine(day, time.max))


def parse_day(text: str) -> date:
    """Return a day written as 2026-11-21 or 21/11/2026. UsageError for any other text."""
    stripped = text.strip()
    try:
        if _ISO_DAY.fullmatch(stripped):
            return date.fromisoformat(stripped)
        if match := _VIETNAMESE_DAY.fullmatch(stripped):
            return date(int(match[3]), int(match[2]), int(match[1]))
    except ValueError as error:
        raise UsageError("“{text}” is not in the calendar. Write it like 2026-11-21.", text=text) from error
    raise UsageError("“{text}” is not a day. Write it like 2026-11-21 or 21/11/2026.", text=text)


def parse_moment(text: str) -> datetime:
    """Return a moment as naive UTC. A bare day means its end; a time without a zone is Asia/Ho_Chi_Minh."""
    stripped = text.strip()
    try:
        if _ISO_DAY.match(stripped) and len(stripped) > len("2026-11-21"):
            return to_utc(datetime.fromisoformat(stripped))
        return get_end_of_day(parse_day(stripped))
    except (ValueError, OverflowError) as error:
        raise UsageError(
            "“{text}” is not a time. Write it like 2026-11-21, 2026-11-21T09:00 or 2026-11-21T09:00+07:00.",
            text=text,
        ) from error
