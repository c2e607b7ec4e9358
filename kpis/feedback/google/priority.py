"""The order in which sheets get feedback: rows before running totals, oldest first, refused sheets last."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from kpis.feedback.google.records import FeedbackRecord

RETRY_INTERVAL = timedelta(minutes=15)
"""How often a watch retries a sheet that refused us: sharing it again does not change its modified time."""


def order_pending(
    source_ids: Iterable[str], records: Mapping[str, FeedbackRecord], now: datetime, *, is_manual: bool
) -> list[str]:
    """Return the sources with pending feedback, in the order in which it is written.

    `is_manual`: somebody waits for this sync, so sheets that refused us are tried again at once.
    """
    due = [
        source_id
        for source_id in source_ids
        if records[source_id].pending and (is_manual or not _is_waiting_to_retry(records[source_id], now))
    ]
    return sorted(due, key=lambda source_id: _get_sort_key(records[source_id], now))


def _is_waiting_to_retry(record: FeedbackRecord, now: datetime) -> bool:
    return record.refused and record.tried_at is not None and now - record.tried_at < RETRY_INTERVAL


def _get_sort_key(record: FeedbackRecord, now: datetime) -> tuple[bool, bool, datetime]:
    return record.refused, record.pending != "rows", record.since or now
