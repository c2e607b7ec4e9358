"""Dates whose day and month may be swapped, compared with when their rows were first read (design.md §5)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from kpis.language import clock
from kpis.sheet.model import CheckedRow, CheckedSheet
from kpis.sync.history import CurrentSet
from kpis.sync.result import Message

_CODE = "date_order_doubtful"
_NOTE = (
    "{n} date cells may have day and month swapped, first {cell}: no date cell of this sheet is after the "
    "12th of a month, and later days are text. Choose the locale Việt Nam and type these dates again, or "
    "write x under “Xác nhận” where they are right."
)


def drop_later_days(current_set: CurrentSet, checked: CheckedSheet) -> CheckedSheet:
    """Return a checked sheet without the doubt on rows first read before the swapped day.

    Nothing is accepted before its day, so such a row cannot mean the later one, however late it is checked.
    """
    if not any(row.entry is not None and row.entry.swapped_on is not None for row in checked.rows):
        return checked
    first_days = {key[0]: clock.to_local_day(at) for key, at in current_set.entries.items()}
    return replace(checked, rows=tuple(_drop_later_day(row, first_days) for row in checked.rows))


def describe_doubtful_dates(checked: CheckedSheet) -> Message | None:
    """Return the message on a source's doubtful dates; None if it has none that are open."""
    findings = [(row.tab_name, finding) for row in checked.rows for finding in row.warnings if finding.code == _CODE]
    if not findings:
        return None
    tab, first = findings[0]
    return Message(_NOTE, {"n": len(findings), "cell": f"{tab}!{first.cell}"})


def _drop_later_day(row: CheckedRow, first_days: dict[int, date]) -> CheckedRow:
    entry, first_day = row.entry, first_days.get(row.row_hash)
    if entry is None or entry.swapped_on is None or first_day is None or entry.swapped_on <= first_day:
        return row
    warnings = tuple(warning for warning in row.warnings if warning.code != _CODE)
    return replace(row, entry=replace(entry, swapped_on=None), warnings=warnings)
