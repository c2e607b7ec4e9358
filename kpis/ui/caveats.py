"""What keeps figures from being results, said over every page: unread, empty or old sheets, a day to come."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from kpis.charts import unread
from kpis.language import clock
from kpis.measures.reach import Reach, reach
from kpis.store.database import Database
from kpis.sync.status import SourceStatus, behind, source_statuses
from kpis.ui import data, html, pages
from kpis.ui.filters import PlanChoice, Scope
from kpis.ui.states import notice
from kpis.ui.view import View

_OF_TASKS = (pages.OVERVIEW, pages.PROVINCE, pages.AGENCY, pages.TASKS)


@dataclass(frozen=True)
class LastRead:
    """The day on which a plan was last read well, or one of its sources where not `whole`."""

    day: date
    whole: bool


def caveats(view: View, offered: Scope, page: str) -> list[Markup]:
    """One line for each; none where everything was read and counts."""
    shown = [choice for choice in offered.plans if view.plan in (None, choice)]
    return said_of(view, shown, data.per_version(reach)(), data.per_reading(last_read)(view.today), page)


def said_of(
    view: View, shown: Sequence[PlanChoice], reached: Reach, days: Mapping[str, LastRead], page: str
) -> list[Markup]:
    """The same of what was read; `days` are those of `last_read`."""
    lang = view.lang
    read = [choice for choice in shown if choice.plan in reached.read]
    nothing = [choice for choice in read if choice.plan not in reached.counted]
    empty = [choice for choice in nothing if not reached.rows[choice.plan]]
    sent_back = [choice for choice in nothing if reached.rows[choice.plan]]
    untold = [choice for choice in read if choice.has_tasks and choice.plan not in reached.tasks]
    never = [choice for choice in shown if choice not in read]
    old = [_since(view, choice, days[choice.plan]) for choice in read if choice.plan in days]
    sentences = [
        (_to_come(view), None),
        (unread.sentence(_names(never), len(shown), lang), pages.SOURCES),
        (unread.empty(_names(empty), lang), pages.SOURCES),
        (unread.sent_back(_names(sent_back), lang), pages.FINDINGS),
        (unread.without_tasks(_names(untold) if page in _OF_TASKS else [], lang), None),
        (unread.no_longer(old, lang), pages.SOURCES),
    ]
    return [_line(view, said, where) for said, where in sentences if said]


def last_read(db: Database, today: date) -> dict[str, LastRead]:
    """The plans of which a source that counts is not read any more, or not in full.

    A source that left the sources file counts only where the plan has no other that was read well: it was
    replaced.
    """
    now = clock.end_of_day(today)
    by_plan: dict[str, list[SourceStatus]] = defaultdict(list)
    for status in source_statuses(db, db.pointer, now):
        if status.last_good_at is not None:
            by_plan[status.plan].append(status)
    found = {}
    for plan, read in by_plan.items():
        current = [one for one in read if one.configured] or read
        days = [clock.today(one.last_good_at) for one in current if one.last_good_at and behind(one, now)]
        if days and min(days) < today:
            whole = len(days) == len(current)
            found[plan] = LastRead(max(days) if whole else min(days), whole)
    return found


def _since(view: View, choice: PlanChoice, last: LastRead) -> str:
    key = "{place} (since {day})" if last.whole else "one source of {place} (since {day})"
    return view.t(key, place=choice.name, day=view.day(last.day))


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
