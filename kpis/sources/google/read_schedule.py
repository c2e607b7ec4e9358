"""When every sheet is read again, and how many reads a pass may make."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from kpis.language import clock
from kpis.sources.google.rate_limiter import REQUESTS_PER_MINUTE

NIGHTLY_READ_TIME = time(2)
"""From this time (Asia/Ho_Chi_Minh) every sheet is read again: formulas change without an edit."""
READS_PER_FEEDBACK = 2
"""Reads needed to write feedback in a sheet: before and after the write."""


def compute_read_budget(interval: timedelta) -> int:
    """Return the most reads of a pass that ends before the next one begins, with a tenth to spare."""
    return max(1, int(interval / timedelta(minutes=1) * REQUESTS_PER_MINUTE * 0.9))


def get_last_night(now: datetime) -> datetime:
    """Return the last `NIGHTLY_READ_TIME` in Việt Nam up to `now`; both naive UTC."""
    local_now = clock.to_local(now)
    today = datetime.combine(local_now.date(), NIGHTLY_READ_TIME, clock.TIME_ZONE)
    return clock.to_utc(today if today <= local_now else today - timedelta(days=1))
