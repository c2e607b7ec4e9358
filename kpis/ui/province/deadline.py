"""Days to the plan's reporting deadline (design.md §5 due_on; 31 December where the plan states none)."""

from __future__ import annotations

from datetime import date

from markupsafe import Markup

from kpis.language import format as written
from kpis.store import sql
from kpis.store.database import Database
from kpis.ui.html import tag
from kpis.ui.view import View


def deadline(db: Database, plan: str, view: View) -> Markup:
    """A line: which document, by which day of the year it must be reported, how long that still is."""
    row = db.rows(sql.load("kpis.ui.province", "deadline"), {"plan": plan})[0]
    title = str(row["title_vi" if view.lang == "vi" else "title_en"])
    number = f"{row['number']} · " if row["number"] else ""
    return tag(
        "p",
        tag("strong", _left(row["reporting_day"], view)),
        tag("span", f"{number}{title}", class_="kpis-under"),
        class_="kpis-deadline",
    )


def _left(reporting_day: object, view: View) -> str:
    month, day = (str(reporting_day) if reporting_day else "12-31").split("-")
    due = date(view.filters.year, int(month), int(day))
    left = (due - view.as_of).days
    if not reporting_day:
        key = "The plan states no reporting day; the year is judged on {day}: {time} left."
    else:
        key = "Report due on {day}: {time} left."
    if left < 0:
        key, left = "Report was due on {day}: {time} ago.", -left
    elif left == 0:
        key = "Report due today, {day}."
    return view.t(key, day=view.day(due), time=written.weeks(left, view.lang))
