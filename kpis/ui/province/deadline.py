"""Time left to the plan's reporting day, or to the year's end if it states none (design.md §5 due_on)."""

from __future__ import annotations

from datetime import date

from markupsafe import Markup

from kpis.language import formatting
from kpis.measures.register_facts import YEAR_END, list_plans
from kpis.store.database import Database
from kpis.ui.shared.html import tag
from kpis.ui.shared.page_view import PageView

_STATED_DAY_KEYS = (
    "Report due on {day}: {time} left.",
    "Report due today, {day}.",
    "Report was due on {day}: {time} ago.",
)
# Without a stated reporting day, no report is mentioned.
_YEAR_END_KEYS = (
    "The plan states no reporting day; the year is judged on {day}: {time} left.",
    "The plan states no reporting day; the year ends today, {day}.",
    "The plan states no reporting day; the year ended on {day}, {time} ago.",
)


def render_deadline(db: Database, plan: str, view: PageView) -> Markup:
    """Return a line: the time left to the reporting day, then number and title of the document."""
    (facts,) = list_plans(db, plan)
    title = facts["title_vi"] if view.lang == "vi" else facts["title_en"]
    number = f"{facts['number']} · " if facts["number"] else ""
    return tag(
        "p",
        tag("strong", _format_time_left(facts["reporting_day"], view)),
        tag("span", f"{number}{title}", class_="kpis-under"),
        class_="kpis-deadline",
    )


def _format_time_left(reporting_day: str | None, view: PageView) -> str:
    due = date.fromisoformat(f"{view.filters.year}-{reporting_day or YEAR_END}")
    days_left = (due - view.as_of).days
    future_key, today_key, past_key = _STATED_DAY_KEYS if reporting_day else _YEAR_END_KEYS
    key = future_key if days_left > 0 else past_key if days_left < 0 else today_key
    return view.t(key, day=view.format_day(due), time=formatting.format_weeks(abs(days_left), view.lang))
