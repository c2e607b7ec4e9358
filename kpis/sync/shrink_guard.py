"""The shrink guard: hold a source that lost most rows of a tab until the loss is accepted (design.md §4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from functools import reduce
from typing import cast

from kpis.register.judged import Period
from kpis.register.model import Register
from kpis.register.periods import list_own_periods
from kpis.sheet.model import CheckedRow
from kpis.sheet.tab_headers import TAB_NAMES, TabKind
from kpis.store import sql
from kpis.store.version_store import RowReader
from kpis.sync.cross_source_duplicates import is_counted_elsewhere
from kpis.sync.history import SourceDifference, TableDifference
from kpis.sync.reading import SourceReading
from kpis.sync.result import Message

MIN_LOSS = 5
"""Rows that must be missing for a loss of more than half, or of a whole month, to hold a source."""

Month = tuple[int, int]
_NONE_LEFT = "“{tab}”: accepted rows fell from {before} to {now}"
_MONTH_GONE = "“{tab}”: all {rows} accepted rows of {month} are gone while another month gained rows"

_HELD_TEXT = (
    "On hold: {fell} since the last good read, whose figures are kept. {periods} If the rows were removed on "
    "purpose, accept the loss with --accept-shrink {source}; for a new year, a new source or tab is better."
)
_ACCEPTED_TEXT = "Accepted as requested: {fell} since the last good read. {periods}"


def find_shrinkage(
    reader: RowReader | None,
    source: str,
    reading: SourceReading,
    difference: SourceDifference,
    today: date,
    moved_hashes: Collection[int] = (),
) -> Message | None:
    """Return what a source lost since the last good read, tab by tab; None if that is not too much.

    Rows that another source of the plan counts are not lost, nor are those of `moved_hashes`, which others will
    count, nor are rows planned for after `today`: those were accepted by a clock that was ahead.
    """
    if reader is None:
        return None
    present = {row.row_hash for row in reading.checked.rows if is_counted_elsewhere(row)} | set(moved_hashes)
    losses = [
        message
        for tab, rows in (("progress", difference.entries), ("tasks", difference.reports))
        for message in _find_losses(reader, source, cast(TabKind, tab), rows, present, today)
    ]
    return _join(losses, "; ") if losses else None


def _find_losses(
    reader: RowReader,
    source: str,
    tab: TabKind,
    difference: TableDifference[CheckedRow],
    present: set[int],
    today: date,
) -> Iterable[Message]:
    recorded = {row.row_hash: row for row in difference.to_record}
    lost = {row_hash for row_hash, _ in difference.to_retire} - present - recorded.keys()
    if not lost:
        return
    days = _read_days(reader, source, tab, today)
    earlier = Counter(map(_get_month, days.values()))
    now = earlier - Counter(_get_month(day) for row_hash, day in days.items() if row_hash in lost)
    now += Counter(_get_month(_get_day(row)) for row_hash, row in recorded.items() if row_hash not in days)
    name, total_before, total_now = TAB_NAMES[tab], earlier.total(), now.total()
    fell = total_before - total_now
    if fell > 0 and (total_now == 0 or (fell >= MIN_LOSS and 2 * total_now < total_before)):
        yield Message(_NONE_LEFT, {"tab": name, "before": total_before, "now": total_now})
    if any(month is not None and now[month] > earlier[month] for month in now):
        for month, rows in sorted((month, rows) for month, rows in earlier.items() if month is not None):
            if rows >= MIN_LOSS and now[month] == 0:
                text = f"{month[1]:02}/{month[0]}"
                yield Message(_MONTH_GONE, {"tab": name, "rows": rows, "month": text})


def _read_days(reader: RowReader, source: str, tab: TabKind, today: date) -> dict[int, date | None]:
    query = "current_entry_days" if tab == "progress" else "current_report_days"
    rows = reader.fetch_table(sql.load("kpis.sync", query), {"source": source}).to_pydict()
    pairs = zip(rows["row_hash"], rows["day"], strict=True)
    return {row_hash: day for row_hash, day in pairs if day is None or day <= today}


def _get_day(row: CheckedRow) -> date | None:
    if row.entry is not None:
        return row.entry.occurred_on
    return row.report.finished_on if row.report else None


def _get_month(day: date | None) -> Month | None:
    return None if day is None else (day.year, day.month)


def _join(messages: Sequence[Message], separator: str) -> Message:
    return reduce(
        lambda first, second: Message(f"{{first}}{separator}{{second}}", {"first": first, "second": second}),
        messages,
    )


def describe_shrinkage(
    reader: RowReader | None,
    source: str,
    register: Register,
    difference: SourceDifference,
    today: date,
    loss: Message,
    *,
    is_accepted: bool,
) -> Message:
    """Return the message for a source that is held because of a loss, or whose loss is accepted."""
    periods = _describe_finished_periods(reader, source, register, difference, today)
    text = _ACCEPTED_TEXT if is_accepted else _HELD_TEXT
    return Message(text, {"fell": loss, "periods": periods, "source": source})


def _describe_finished_periods(
    reader: RowReader | None, source: str, register: Register, difference: SourceDifference, today: date
) -> Message:
    """Return a message that names the finished periods that a difference changes, by target and years."""
    days = {(row.entry.target, row.entry.occurred_on) for row in difference.entries.to_record if row.entry}
    if reader is not None:
        retired = {row_hash for row_hash, _ in difference.entries.to_retire}
        rows = reader.fetch_table(sql.load("kpis.sync", "current_entry_days"), {"source": source}).to_pydict()
        current = zip(rows["row_hash"], rows["target"], rows["day"], strict=True)
        days |= {(target, day) for row_hash, target, day in current if row_hash in retired}
    names = sorted({_format_period(period) for period in _find_finished_periods(days, register, today)})
    if not names:
        return Message("No finished period changes.")
    return Message("Finished periods that change: {periods}.", {"periods": ", ".join(names)})


def _find_finished_periods(days: Iterable[tuple[str, date]], register: Register, today: date) -> Iterable[Period]:
    for target, day in days:
        if target in register.targets:
            for period in list_own_periods(register, register.targets[target]):
                if period.start <= day <= period.end < today:
                    yield period


def _format_period(period: Period) -> str:
    first, last = period.start.year, period.end.year
    return f"{period.target} ({first})" if first == last else f"{period.target} ({first}–{last})"
