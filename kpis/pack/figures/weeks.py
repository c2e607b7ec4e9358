"""ISO weeks, Monday to Sunday in Asia/Ho_Chi_Minh: "2026-W47" and the day its figures stand at."""

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
        """The Sunday, or today for the running week; UsageError for a week that has not begun."""
        if self.monday > today:
            raise UsageError("The week {week} has not begun.", week=str(self))
        return min(self.sunday, today)

    @property
    def previous(self) -> Week:
        """The week before."""
        return Week(self.monday - timedelta(days=7))


def get_week(day: date) -> Week:
    """The week that holds a day."""
    return Week(day - timedelta(days=day.isoweekday() - 1))


def parse_week(text: str) -> Week:
    """A week from "2026-W47"; UsageError for any other text or a week that the year does not have."""
    found = _WEEK_PATTERN.fullmatch(text.strip())
    if not found:
        raise UsageError("“{text}” is no week. Write it like 2026-W47.", text=text)
    try:
        return Week(date.fromisocalendar(int(found[1]), int(found[2]), 1))
    except ValueError:
        raise UsageError("The year {year} has no week {week}.", year=found[1], week=int(found[2])) from None
