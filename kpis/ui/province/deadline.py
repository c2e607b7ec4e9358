"""Time left to the plan's reporting days, or to the year's end if it states none of the year (design.md §5 due_on)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from markupsafe import Markup

from kpis.language import formatting
from kpis.measures.register_facts import PlanFacts, list_plans
from kpis.register.periods import YEAR_END
from kpis.store.database import Database
from kpis.ui.shared.html import tag
from kpis.ui.shared.page_view import PageView
from kpis.wording.reporting_days import format_countdown, list_next_reports

# Without a reporting day of the year, no report is mentioned.
_YEAR_END_KEYS = (
    "The plan states no reporting day; the year is judged on {day}: {time} left.",
    "The plan states no reporting day; the year ends today, {day}.",
    "The plan states no reporting day; the year ended on {day}, {time} ago.",
)


def render_deadline(db: Database, plan: str, view: PageView) -> Markup:
    """Return a line: the time left to each reporting day, then number and title of the document."""
    (facts,) = list_plans(db, plan)
    title = facts["title_vi"] if view.lang == "vi" else facts["title_en"]
    number = f"{facts['number']} · " if facts["number"] else ""
    return tag(
        "p",
        tag("strong", " ".join(_list_countdowns(facts, view))),
        tag("span", f"{number}{title}", class_="kpis-under"),
        class_="kpis-deadline",
    )


def _list_countdowns(facts: PlanFacts, view: PageView) -> Iterator[str]:
    days = facts["reporting_days"]
    if all(day.of != "year" for day in days):
        yield _format_year_end(view)
    for report in list_next_reports(days, view.as_of, view.filters.year, facts["start_year"]):
        yield format_countdown(report, view.as_of, view.lang)


def _format_year_end(view: PageView) -> str:
    end = date.fromisoformat(f"{view.filters.year}-{YEAR_END}")
    days_left = (end - view.as_of).days
    future_key, today_key, past_key = _YEAR_END_KEYS
    key = future_key if days_left > 0 else past_key if days_left < 0 else today_key
    return view.t(key, day=view.format_day(end), time=formatting.format_weeks(abs(days_left), view.lang))
