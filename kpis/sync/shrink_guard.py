"""The shrink guard: hold a source that lost most of its rows until the loss is accepted (design.md §4)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from kpis.register.model import Period, Register
from kpis.register.periods import list_periods
from kpis.store import sql
from kpis.store.database import Database
from kpis.sync.history import SourceDifference
from kpis.sync.reading import SourceReading
from kpis.sync.result import Message
from kpis.sync.state import SourceState

_ALLOWED_LOSS = 10
"""Rows that a source may always lose; beyond that it may lose half of them."""


def find_shrinkage(state: SourceState | None, reading: SourceReading) -> Message | None:
    """Return which count fell too far since the last good read; None if none did."""
    if state is None:
        return None
    previous, current = state.counts, reading.counts
    if _is_large_drop(previous["accepted"], current["accepted"]):
        counts = {"before": previous["accepted"], "now": current["accepted"]}
        return Message("accepted rows fell from {before} to {now}", counts)
    if _is_large_drop(previous["read"], current["read"]):
        counts = {"before": previous["read"], "now": current["read"]}
        return Message("rows read fell from {before} to {now}", counts)
    return None


def _is_large_drop(previous: int, current: int) -> bool:
    return previous - current > _ALLOWED_LOSS and 2 * current < previous


def describe_finished_periods(
    base: Database | None, source: str, register: Register, difference: SourceDifference, today: date
) -> Message:
    """Return a message that names the finished periods that a difference changes, by target and years."""
    days = {(row.entry.target, row.entry.occurred_on) for row in difference.entries.to_record if row.entry}
    if base is not None:
        retired = {row_hash for row_hash, _ in difference.entries.to_retire}
        rows = base.fetch_table(sql.load("kpis.sync", "current_entry_days"), {"source": source}).to_pydict()
        current = zip(rows["row_hash"], rows["target"], rows["occurred_on"], strict=True)
        days |= {(target, day) for row_hash, target, day in current if row_hash in retired}
    names = sorted({_format_period(period) for period in _find_finished_periods(days, register, today)})
    if not names:
        return Message("No finished period changes.")
    return Message("Finished periods that change: {periods}.", {"periods": ", ".join(names)})


def _find_finished_periods(
    days: Iterable[tuple[str, date]], register: Register, today: date
) -> Iterable[Period]:
    for target, day in days:
        if target in register.targets:
            for period in list_periods(register, register.targets[target]):
                if period.start <= day <= period.end < today:
                    yield period


def _format_period(period: Period) -> str:
    first, last = period.start.year, period.end.year
    return f"{period.target} ({first})" if first == last else f"{period.target} ({first}–{last})"
