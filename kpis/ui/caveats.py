"""What keeps figures from being results, said over every page: unread, empty or old sheets, a day to come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from markupsafe import Markup

from kpis.charts import unread
from kpis.language import clock
from kpis.measures.reach import Reach, reach
from kpis.store.database import Database
from kpis.sync.status import source_statuses
from kpis.ui import data, html, pages
from kpis.ui.filters import PlanChoice, Scope
from kpis.ui.freshness import behind
from kpis.ui.states import notice
from kpis.ui.view import View

_OF_TASKS = (pages.OVERVIEW, pages.PROVINCE, pages.AGENCY, pages.TASKS)


def caveats(view: View, offered: Scope, page: str) -> list[Markup]:
    """One line for each; none where everything was read and counts."""
    shown = [choice for choice in offered.plans if view.plan in (None, choice)]
    return said_of(view, shown, data.per_version(reach)(), data.per_reading(last_read)(view.today), page)


def said_of(
    view: View, shown: Sequence[PlanChoice], reached: Reach, days: Mapping[str, date], page: str
) -> list[Markup]:
    """The same of what was read; `days` are those of `last_read`."""
    lang = view.lang
    read = [choice for choice in shown if choice.plan in reached.read]
    nothing = [choice for choice in read if choice.plan not in reached.counted]
    empty = [choice for choice in nothing if not reached.rows[choice.plan]]
    sent_back = [choice for choice in nothing if reached.rows[choice.plan]]
    untold = [choice for choice in read if choice.has_tasks and choice.plan not in reached.tasks]
    never = [choice for choice in shown if choice not in read]
    old = [
        view.t("{place} (since {day})", place=choice.name, day=view.day(days[choice.plan]))
        for choice in read
        if choice.plan in days
    ]
    sentences = [
        (_to_come(view), None),
        (unread.sentence(_names(never), len(shown), lang), pages.SOURCES),
        (unread.empty(_names(empty), lang), pages.SOURCES),
        (unread.sent_back(_names(sent_back), lang), pages.FINDINGS),
        (unread.without_tasks(_names(untold) if page in _OF_TASKS else [], lang), None),
        (unread.no_longer(old, lang), pages.SOURCES),
    ]
    return [_line(view, said, where) for said, where in sentences if said]


def last_read(db: Database, today: date) -> dict[str, date]:
    """The plans with a source that was last read well before this day and is not any more; and that day."""
    now = clock.end_of_day(today)
    found: dict[str, date] = {}
    for status in source_statuses(db, db.pointer, now):
        if status.last_good_at is not None and behind(status, now):
            day = clock.today(status.last_good_at)
            if day < today:
                found[status.plan] = min(day, found.get(status.plan, day))
    return found


def _names(choices: Sequence[PlanChoice]) -> list[str]:
    return [choice.name for choice in choices]


def _to_come(view: View) -> str:
    if view.as_of <= view.today:
        return ""
    key = "{day} has not come: late and overdue are what they will be if nothing more is done."
    return view.t(key, day=view.day(view.as_of))


def _line(view: View, said: str, where: str | None) -> Markup:
    if where is None:
        return notice(said)
    text = view.t("See the sources.") if where == pages.SOURCES else view.t("See the rows to mend.")
    return notice(said, " ", html.link(view.address(where, agency=None), text))
