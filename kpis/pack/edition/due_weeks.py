"""What is due: the weeks that have ended and have no whole edition yet, however often it is asked."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from kpis.language.messages import Language
from kpis.pack.edition.folders import ALL_PLANS, list_editions
from kpis.pack.figures.weeks import Week, get_week, parse_week

MAX_WEEKS = 8
"""Weeks: after a longer standstill only the latest are made up for."""


def list_due_weeks(out: Path, plan: str | None, lang: Language, today: date) -> list[Week]:
    """The weeks to make, the oldest first: every hole from the first ended week that has an edition on.

    Without such a week it is the last that has ended. An edition that was sealed while its week still ran
    is not the week's: what stands for a week is known to its Sunday.
    """
    ended = get_week(today).previous
    latest: dict[Week, date] = {}
    for one in list_editions(out, plan or ALL_PLANS, lang):  # the latest revision comes first
        latest.setdefault(parse_week(one.week), one.as_of)
    begun = min((week for week in latest if week <= ended), default=ended)
    weeks = [Week(ended.monday - timedelta(weeks=back)) for back in reversed(range(MAX_WEEKS))]
    return [week for week in weeks if week >= begun and latest.get(week) != week.sunday]
