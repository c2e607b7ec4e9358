"""Days to the plan's reporting deadline; where it states none, to the year's end (design.md §5 due_on)."""

from __future__ import annotations

from datetime import date

from markupsafe import Markup

from kpis.language import formatting as written
from kpis.store import sql
from kpis.store.database import Database
from kpis.ui.shared.html import tag
from kpis.ui.shared.page_view import PageView

_STATED_DAY_KEYS = (
    "Report due on {day}: {time} left.",
    "Report due today, {day}.",
    "Report was due on {day}: {time} ago.",
)
# Nothing is claimed about a report that nobody asked for.
_YEAR_END_KEYS = (
    "The plan states no reporting day; the year is judged on {day}: {time} left.",
    "The plan states no reporting day; the year ends today, {day}.",
    "The plan states no reporting day; the year ended on {day}, {time} ago.",
)


def render_deadline(db: Database, plan: str, view: PageView) -> Markup:
    """A line: which document, by which day of the year it must be reported, how long that still is."""
    row = db.fetch_rows(sql.load("kpis.ui.province", "deadline"), {"plan": plan})[0]
    title = str(row["title_vi" if view.lang == "vi" else "title_en"])
    number = f"{row['number']} · " if row["number"] else ""
    return tag(
        "p",
        tag("strong", _format_time_left(row["reporting_day"], view)),
        tag("span", f"{number}{title}", class_="kpis-under"),
        class_="kpis-deadline",
    )


def _format_time_left(reporting_day: object, view: PageView) -> str:
    month, day = (str(reporting_day) if reporting_day else "12-31").split("-")
    due = date(view.filters.year, int(month), int(day))
    left = (due - view.as_of).days
    before, on, after = _STATED_DAY_KEYS if reporting_day else _YEAR_END_KEYS
    key = before if left > 0 else after if left < 0 else on
    return view.t(key, day=view.format_day(due), time=written.format_weeks(abs(left), view.lang))
