"""The order of pending feedback: rows first, then the oldest; sheets that refused us are retried at times."""

from __future__ import annotations

from datetime import datetime, timedelta

from kpis.feedback.google.priority import order_pending
from kpis.feedback.google.records import FeedbackRecord

NOW = datetime(2026, 11, 21, 3)


def subtract_from_now(**duration: float) -> datetime:
    return NOW - timedelta(**duration)


RECORDS = {
    "up to date": FeedbackRecord("a", pending=None),
    "refused 16 minutes ago": FeedbackRecord(
        pending="rows", since=subtract_from_now(days=1), tried_at=subtract_from_now(minutes=16), refused=True
    ),
    "refused 14 minutes ago": FeedbackRecord(
        pending="rows", since=subtract_from_now(days=1), tried_at=subtract_from_now(minutes=14), refused=True
    ),
    "totals of an hour ago": FeedbackRecord(pending="totals", since=subtract_from_now(hours=1)),
    "totals of last night": FeedbackRecord(pending="totals", since=subtract_from_now(hours=8)),
    "a read to compare": FeedbackRecord(pending="look", since=subtract_from_now(hours=2)),
    "a row typed now": FeedbackRecord(pending="rows", since=NOW),
    "a row typed earlier": FeedbackRecord(pending="rows", since=subtract_from_now(minutes=5)),
}
RETRYABLE_ORDER = [
    "a row typed earlier",
    "a row typed now",
    "totals of last night",
    "a read to compare",
    "totals of an hour ago",
]


def test_rows_come_first_then_the_oldest_and_refused_sheets_last() -> None:
    assert order_pending(RECORDS, RECORDS, NOW, is_manual=False) == [
        *RETRYABLE_ORDER,
        "refused 16 minutes ago",
    ]


def test_a_manual_sync_tries_every_sheet() -> None:
    order = order_pending(RECORDS, RECORDS, NOW, is_manual=True)
    assert order[:5] == RETRYABLE_ORDER and set(order[5:]) == {
        "refused 16 minutes ago",
        "refused 14 minutes ago",
    }
