"""Whose turn it is: verdicts of rows first, then the oldest; who shuts us out is tried now and then."""

from __future__ import annotations

from datetime import datetime, timedelta

from kpis.feedback.google.priority import order_pending
from kpis.feedback.google.records import FeedbackRecord

NOW = datetime(2026, 11, 21, 3)


def subtract_from_now(**duration: float) -> datetime:
    return NOW - timedelta(**duration)


RECORDS = {
    "settled": FeedbackRecord("a", pending=None),
    "shut since yesterday": FeedbackRecord(
        pending="rows", since=subtract_from_now(days=1), tried_at=subtract_from_now(minutes=16), refused=True
    ),
    "shut a moment ago": FeedbackRecord(
        pending="rows", since=subtract_from_now(days=1), tried_at=subtract_from_now(minutes=14), refused=True
    ),
    "totals of today": FeedbackRecord(pending="totals", since=subtract_from_now(hours=1)),
    "totals of last night": FeedbackRecord(pending="totals", since=subtract_from_now(hours=8)),
    "a look since noon": FeedbackRecord(pending="look", since=subtract_from_now(hours=2)),
    "a row typed now": FeedbackRecord(pending="rows", since=NOW),
    "a row that waited": FeedbackRecord(pending="rows", since=subtract_from_now(minutes=5)),
}
RETRYABLE_ORDER = [
    "a row that waited",
    "a row typed now",
    "totals of last night",
    "a look since noon",
    "totals of today",
]


def test_rows_go_first_then_the_oldest_and_who_shuts_us_out_comes_last() -> None:
    assert order_pending(RECORDS, RECORDS, NOW, is_manual=False) == [*RETRYABLE_ORDER, "shut since yesterday"]


def test_a_sync_by_hand_tries_everyone() -> None:
    found = order_pending(RECORDS, RECORDS, NOW, is_manual=True)
    assert found[:5] == RETRYABLE_ORDER and set(found[5:]) == {"shut since yesterday", "shut a moment ago"}
