"""ISO weeks, Monday to Sunday, written "2026-W47", and the as-of day of a week's figures."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from kpis.errors import UsageError

_WEEK_PATTERN = re.compile(r"(\d{4})-?W(\d{1,2})", re.IGNORECASE)


@dataclass(frozen=True, order=True)
class Week:
    """One ISO week, from its Monday."""

    monday: date

    @property
    def sunday(self) -> date:
        """Its last day."""
        return self.monday + timedelta(days=6)

    @property
    def number(self) -> int:
        """1 to 53."""
        return self.monday.isocalendar().week

    @property
    def year(self) -> int:
        """The ISO year, which may differ from the Monday's."""
        return self.monday.isocalendar().year

    def __str__(self) -> str:
        return f"{self.year}-W{self.number:02}"

    def get_as_of(self, today: date) -> date:
        """Return the Sunday, or today in the running week. Raises UsageError if it has not begun."""
        if self.monday > today:
            raise UsageError("The week {week} has not begun.", week=str(self))
        return min(self.sunday, today)

    @property
    def previous(self) -> Week:
        """The week before."""
        return Week(self.monday - timedelta(days=7))


def get_week(day: date) -> Week:
    """Return the week that contains a day."""
    return Week(day - timedelta(days=day.isoweekday() - 1))


def parse_week(text: str) -> Week:
    """Parse "2026-W47". Raises UsageError for any other text or a week that the year does not have."""
    match = _WEEK_PATTERN.fullmatch(text.strip())
    if not match:
        raise UsageError("“{text}” is not a week. Write it like 2026-W47.", text=text)
    year, number = int(match[1]), int(match[2])
    try:
        return Week(date.fromisocalendar(year, number, 1))
    except ValueError:
        raise UsageError("The year {year} has no week {week}.", year=year, week=number) from None
