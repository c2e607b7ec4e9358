"""The shrink guard: a source that lost most of its rows is held until that is meant (design.md §4)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from kpis.register.model import Period, Register
from kpis.register.periods import periods_of
from kpis.store import sql
from kpis.store.database import Database
from kpis.sync.history import Difference
from kpis.sync.reading import Reading
from kpis.sync.result import Message
from kpis.sync.state import SourceState

_SLACK = 10


def shrunk(state: SourceState | None, reading: Reading) -> Message | None:
    """What fell too far since the last good read; None where nothing did."""
    if state is None:
        return None
    before, now = state.counts, reading.counts
    if _fell(before["accepted"], now["accepted"]):
        fell = {"before": before["accepted"], "now": now["accepted"]}
        return Message("accepted rows fell from {before} to {now}", fell)
    if _fell(before["read"], now["read"]):
        return Message(
            "rows read fell from {before} to {now}", {"before": before["read"], "now": now["read"]}
        )
    return None


def _fell(before: int, now: int) -> bool:
    return before - now > _SLACK and 2 * now < before


def finished_periods(
    base: Database | None, source: str, register: Register, difference: Difference, today: date
) -> Message:
    """Which periods that are over a difference changes, by target and years."""
    days = {(row.entry.target, row.entry.occurred_on) for row in difference.entries.fresh if row.entry}
    if base is not None:
        gone = {row_hash for row_hash, _ in difference.entries.gone}
        rows = base.table(sql.load("kpis.sync", "current_entry_days"), {"source": source}).to_pydict()
        known = zip(rows["row_hash"], rows["target"], rows["occurred_on"], strict=True)
        days |= {(target, day) for row_hash, target, day in known if row_hash in gone}
    names = sorted({_name(period) for period in _finished(days, register, today)})
    if not names:
        return Message("No period that is over changes by it.")
    return Message("Periods that are over change by it: {periods}.", {"periods": ", ".join(names)})


def _finished(days: Iterable[tuple[str, date]], register: Register, today: date) -> Iterable[Period]:
    for target, day in days:
        if target in register.targets:
            for period in periods_of(register, register.targets[target]):
                if period.start <= day <= period.end < today:
                    yield period


def _name(period: Period) -> str:
    first, last = period.start.year, period.end.year
    return f"{period.target} ({first})" if first == last else f"{period.target} ({first}–{last})"
