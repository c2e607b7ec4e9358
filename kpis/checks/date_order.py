"""Finds sources whose dates may have day and month swapped by the locale of the machine (design.md §5).

A machine set to month/day takes 05/03/2026 for 3 May and stores a date cell, and leaves 15/03/2026 as text.
Such a source has texts with a day after the 12th, and no date cell with one.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from kpis.checks.dates import is_text_after_12th
from kpis.sheet.layout import TabLayout
from kpis.sheet.model import Cell, Field

MIN_TEXT_DATES = 2
"""The fewest text dates after the 12th that make the date cells of a source doubtful."""
_DAY_FIELDS: tuple[Field, ...] = ("occurred_on", "finished_on")


def has_doubtful_order(layouts: Iterable[TabLayout]) -> bool:
    """True if a source has at least MIN_TEXT_DATES text dates after the 12th and no date cell after it."""
    text_dates = date_cells = 0
    for layout in layouts:
        for cell in _list_day_cells(layout):
            if isinstance(cell.value, date):
                if cell.value.day > 12:
                    return False
                date_cells += 1
            else:
                text_dates += is_text_after_12th(cell)
    return date_cells > 0 and text_dates >= MIN_TEXT_DATES


def swap_day_and_month(cell: Cell, today: date) -> date | None:
    """Return the other day that a date cell of a doubtful source may mean; None if it means only one.

    The swapped day has the same year, so it is in the plan whenever the day itself is. One after `today` is
    no doubt: the row could not have been accepted.
    """
    day = cell.value
    if not isinstance(day, date) or day.day > 12 or day.day == day.month:
        return None
    swapped = day.replace(month=day.day, day=day.month)
    return swapped if swapped <= today else None


def _list_day_cells(layout: TabLayout) -> Iterable[Cell]:
    columns = [layout.columns[name] for name in _DAY_FIELDS if name in layout.columns]
    for row in layout.iterate_rows():
        for column in columns:
            if column < len(row.cells):
                yield row.cells[column]
