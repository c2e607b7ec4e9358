"""Whose turn it is to be answered: rows before running totals, the oldest first, who shuts us out last."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from kpis.feedback.google.records import FeedbackRecord

RETRY_INTERVAL = timedelta(minutes=15)
"""How often a watch tries a sheet again that shuts us out: sharing it anew does not change its time."""


def order_pending(
    source_ids: Iterable[str], records: Mapping[str, FeedbackRecord], now: datetime, *, is_manual: bool
) -> list[str]:
    """The sources that are owed something, in the order in which they are answered.

    `by_hand`: somebody waits for this sync, so what shut us out is tried again at once.
    """
    due = [
        name
        for name in source_ids
        if records[name].pending and (is_manual or not _is_waiting_to_retry(records[name], now))
    ]
    return sorted(due, key=lambda name: _get_sort_key(records[name], now))


def _is_waiting_to_retry(record: FeedbackRecord, now: datetime) -> bool:
    return record.refused and record.tried_at is not None and now - record.tried_at < RETRY_INTERVAL


def _get_sort_key(record: FeedbackRecord, now: datetime) -> tuple[bool, bool, datetime]:
    return record.refused, record.pending != "rows", record.since or now
