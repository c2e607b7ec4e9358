"""What keeps figures from being results, said over every page: unread, empty or old sheets, a day to come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from markupsafe import Markup

from kpis.measures.data_availability import Reach, reach
from kpis.store.database import Database
from kpis.sync.status import LastRead, last_read
from kpis.ui import pages
from kpis.ui.shared import data, html
from kpis.ui.shared.filters import PlanChoice, Scope
from kpis.ui.shared.page_view import View
from kpis.ui.shared.states import notice
from kpis.wording import missing_data
from kpis.wording.missing_data import Kind

_OF_TASKS = (pages.OVERVIEW, pages.PROVINCE, pages.AGENCY, pages.TASKS)
_LEADS_TO: Final[Mapping[Kind, str]] = {
    "never": pages.SOURCES,
    "empty": pages.SOURCES,
    "sent_back": pages.FINDINGS,
    "no_longer": pages.SOURCES,
}


def caveats(view: View, offered: Scope, page: str) -> list[Markup]:
    """One line for each; none where everything was read and counts."""
    shown = [choice for choice in offered.plans if view.plan in (None, choice)]
    return said_of(view, shown, data.per_version(reach)(), data.per_reading(_last_read)(view.today), page)


def said_of(
    view: View, shown: Sequence[PlanChoice], reached: Reach, days: Mapping[str, LastRead], page: str
) -> list[Markup]:
    """The same of what was read; `days` are those of `last_read`."""
    names = {choice.plan: choice.name for choice in shown}
    with_tasks = [choice.plan for choice in shown if choice.has_tasks and page in _OF_TASKS]
    said = missing_data.sentences(names, with_tasks, reached, days, view.lang)
    to_come = [notice(_to_come(view))] if view.as_of > view.today else []
    return [*to_come, *(_line(view, kind, sentence) for kind, sentence in said.items())]


def _last_read(db: Database, today: date) -> dict[str, LastRead]:
    return last_read(db, db.pointer, today)


def _to_come(view: View) -> str:
    key = "{day} has not come: late and overdue are what they will be if nothing more is done."
    return view.t(key, day=view.day(view.as_of))


def _line(view: View, kind: Kind, said: str) -> Markup:
    where = _LEADS_TO.get(kind)
    if where is None:
        return notice(said)
    text = view.t("See the sources.") if where == pages.SOURCES else view.t("See the rows to mend.")
    return notice(said, " ", html.link(view.address(where, agency=None), text))
