"""Intervals between two syncs as people write them: "5m", "90s", "1h"."""

from __future__ import annotations

import re
from datetime import timedelta

from kpis.errors import UsageError

MIN_INTERVAL = timedelta(seconds=10)
MAX_INTERVAL = timedelta(hours=24)

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours"}


def parse_interval(text: str) -> timedelta | None:
    """Return the interval of a text like "5m", "90s" or "1h"; None for "off". UsageError for others."""
    stripped = text.strip().lower()
    if stripped == "off":
        return None
    match = re.fullmatch(r"([0-9]{1,5})(s|m|h)", stripped)
    interval = timedelta(**{_UNITS[match[2]]: int(match[1])}) if match else None
    if interval is None or not MIN_INTERVAL <= interval <= MAX_INTERVAL:
        raise UsageError("“{text}” is not a valid interval. Write it like 5m, 90s or 1h.", text=text)
    return interval
