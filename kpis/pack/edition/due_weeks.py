"""The weeks for which an edition is due: those that have ended and have no edition as of their Sunday."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from kpis.language.messages import Language
from kpis.pack.edition.folders import ALL_PLANS, list_editions
from kpis.pack.figures.weeks import Week, get_week, parse_week

MAX_WEEKS = 8
"""At most so many of the latest weeks are due, however long nothing was sealed."""


def list_due_weeks(out: Path, plan: str | None, lang: Language, today: date) -> list[Week]:
    """Return the due weeks, oldest first: every gap since the earliest ended week that has an edition.

    If no ended week has an edition, only the last ended week is due. An edition sealed before its week's
    Sunday does not count: the week is still due.
    """
    last_ended = get_week(today).previous
    sealed_days: dict[Week, date] = {}
    for edition in list_editions(out, plan or ALL_PLANS, lang):  # the latest revision comes first
        sealed_days.setdefault(parse_week(edition.week), edition.as_of)
    first_week = min((week for week in sealed_days if week <= last_ended), default=last_ended)
    weeks = [Week(last_ended.monday - timedelta(weeks=back)) for back in reversed(range(MAX_WEEKS))]
    return [week for week in weeks if week >= first_week and sealed_days.get(week) != week.sunday]
