"""What is due: the weeks that have ended and have no edition yet, however often it is asked."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from kpis.language.messages import Language
from kpis.pack.place import EVERY, editions
from kpis.pack.weeks import Week, parse_week, week_of

LONGEST_GAP = 8
"""Weeks: after a longer standstill only the latest are made up for."""


def due(out: Path, plan: str | None, lang: Language, today: date) -> list[Week]:
    """The weeks to make, the oldest first: from the latest edition on, else the last week that has ended."""
    ended = week_of(today).before
    known = {parse_week(one.week) for one in editions(out, plan or EVERY, lang)}
    earliest = ended if not known else Week(ended.monday - timedelta(weeks=LONGEST_GAP - 1))
    first = max(earliest, max(known, default=earliest))
    weeks = [Week(first.monday + timedelta(weeks=n)) for n in range(LONGEST_GAP)]
    return [week for week in weeks if week <= ended and week not in known]
