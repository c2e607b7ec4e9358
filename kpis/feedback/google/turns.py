"""Whose turn it is to be answered: rows before running totals, the oldest first, who shuts us out last."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from kpis.feedback.google.memory import Answered

RETRY = timedelta(minutes=15)
"""How often a watch tries a sheet again that shuts us out: sharing it anew does not change its time."""


def in_turn(
    names: Iterable[str], memory: Mapping[str, Answered], now: datetime, *, by_hand: bool
) -> list[str]:
    """The sources that are owed something, in the order in which they are answered.

    `by_hand`: somebody waits for this sync, so what shut us out is tried again at once.
    """
    due = [name for name in names if memory[name].owed and (by_hand or not _rests(memory[name], now))]
    return sorted(due, key=lambda name: _turn(memory[name], now))


def _rests(one: Answered, now: datetime) -> bool:
    return one.refused and one.tried_at is not None and now - one.tried_at < RETRY


def _turn(one: Answered, now: datetime) -> tuple[bool, bool, datetime]:
    return one.refused, one.owed != "rows", one.since or now
