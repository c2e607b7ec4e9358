"""Times between two readings as people write them: "5m", "90s", "1h"."""

from __future__ import annotations

import re
from datetime import timedelta

from kpis.errors import UsageError

MIN_INTERVAL = timedelta(seconds=10)
MAX_INTERVAL = timedelta(hours=24)

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours"}


def parse_interval(text: str) -> timedelta | None:
    """The time between two readings: "5m", "90s", "1h"; None for "off". UsageError for anything else."""
    said = text.strip().lower()
    if said == "off":
        return None
    found = re.fullmatch(r"([0-9]{1,5})(s|m|h)", said)
    every = timedelta(**{_UNITS[found[2]]: int(found[1])}) if found else None
    if every is None or not MIN_INTERVAL <= every <= MAX_INTERVAL:
        raise UsageError("“{text}” is no time between readings. Write it like 5m, 90s or 1h.", text=text)
    return every
