"""Whose turn it is: verdicts of rows first, then the oldest; who shuts us out is tried now and then."""

from __future__ import annotations

from datetime import datetime, timedelta

from kpis.feedback.google.memory import Answered
from kpis.feedback.google.turns import in_turn

NOW = datetime(2026, 11, 21, 3)


def ago(**kept: float) -> datetime:
    return NOW - timedelta(**kept)


MEMORY = {
    "settled": Answered("a", owed=None),
    "shut since yesterday": Answered(owed="rows", since=ago(days=1), tried_at=ago(minutes=16), refused=True),
    "shut a moment ago": Answered(owed="rows", since=ago(days=1), tried_at=ago(minutes=14), refused=True),
    "totals of today": Answered(owed="totals", since=ago(hours=1)),
    "totals of last night": Answered(owed="totals", since=ago(hours=8)),
    "a look since noon": Answered(owed="look", since=ago(hours=2)),
    "a row typed now": Answered(owed="rows", since=NOW),
    "a row that waited": Answered(owed="rows", since=ago(minutes=5)),
}
OPEN = [
    "a row that waited",
    "a row typed now",
    "totals of last night",
    "a look since noon",
    "totals of today",
]


def test_rows_go_first_then_the_oldest_and_who_shuts_us_out_comes_last() -> None:
    assert in_turn(MEMORY, MEMORY, NOW, by_hand=False) == [*OPEN, "shut since yesterday"]


def test_a_sync_by_hand_tries_everyone() -> None:
    found = in_turn(MEMORY, MEMORY, NOW, by_hand=True)
    assert found[:5] == OPEN and set(found[5:]) == {"shut since yesterday", "shut a moment ago"}
