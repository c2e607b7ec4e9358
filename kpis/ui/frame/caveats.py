"""Warnings above every page that its figures are not results: unread, empty or old sheets, a future day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from markupsafe import Markup

from kpis.measures.data_availability import DataAvailability, get_data_availability
from kpis.store.database import Database
from kpis.sync.result import Message
from kpis.sync.status import LastRead, find_last_reads, find_unread_tabs
from kpis.ui import pages
from kpis.ui.shared import data, html
from kpis.ui.shared.filters import FilterOptions, PlanChoice
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.states import render_notice
from kpis.wording import missing_data
from kpis.wording.missing_data import MissingDataKind
from kpis.wording.unread_tabs import format_sentence

_PAGES_WITH_TASKS = (pages.OVERVIEW, pages.PROVINCE, pages.AGENCY, pages.TASKS)
_LINKED_PAGES: Final[Mapping[MissingDataKind, str]] = {
    "never": pages.SOURCES,
    "empty": pages.SOURCES,
    "sent_back": pages.FINDINGS,
    "no_longer": pages.SOURCES,
}


def render_caveats(view: PageView, options: FilterOptions, page: str) -> list[Markup]:
    """Return one line per caveat; none if everything was read and counts."""
    if page in pages.PAGES_WITHOUT_FIGURES:
        return []
    plans = [choice for choice in options.plans if view.plan in (None, choice)]
    caveats = render_plan_caveats(
        view,
        plans,
        data.cache_per_version(get_data_availability)(),
        data.cache_per_read(_load_last_reads)(view.today),
        page,
    )
    if page != pages.OVERVIEW:
        return caveats
    return [*caveats, *render_unread_tabs(view, plans, data.cache_per_read(_load_unread_tabs)())]


def render_unread_tabs(
    view: PageView, plans: Sequence[PlanChoice], unread_tabs: Mapping[str, Sequence[Message]]
) -> list[Markup]:
    """Return one line that names the tabs of these plans that look like ours and are not read."""
    sentence = format_sentence({choice.plan: choice.name for choice in plans}, unread_tabs, view.lang)
    if sentence is None:
        return []
    link = html.render_link(view.build_url(pages.SOURCES, agency=None), view.t("See the sources."))
    return [render_notice(sentence, " ", link)]


def render_plan_caveats(
    view: PageView,
    plans: Sequence[PlanChoice],
    availability: DataAvailability,
    last_reads: Mapping[str, LastRead],
    page: str,
) -> list[Markup]:
    """Return the caveats about `plans`, given what was read of them and when (plan -> last read)."""
    names = {choice.plan: choice.name for choice in plans}
    with_tasks = [choice.plan for choice in plans if choice.has_tasks and page in _PAGES_WITH_TASKS]
    sentences = missing_data.format_sentences(names, with_tasks, availability, last_reads, view.lang)
    future = [render_notice(_format_future_warning(view))] if view.as_of > view.today else []
    return [*future, *(_render_line(view, kind, sentence) for kind, sentence in sentences.items())]


def _load_unread_tabs(db: Database) -> dict[str, tuple[Message, ...]]:
    tabs = find_unread_tabs(db.pointer)
    return {plan: messages for plan, messages in tabs.items() if db.scope is None or plan in db.scope.plans}


def _load_last_reads(db: Database, today: date) -> dict[str, LastRead]:
    return find_last_reads(db, db.pointer, today)


def _format_future_warning(view: PageView) -> str:
    key = "{day} is in the future: late and overdue are what will hold if nothing more is done."
    return view.t(key, day=view.format_day(view.as_of))


def _render_line(view: PageView, kind: MissingDataKind, sentence: str) -> Markup:
    page = _LINKED_PAGES.get(kind)
    if page is None:
        return render_notice(sentence)
    text = view.t("See the sources.") if page == pages.SOURCES else view.t("See the rows to fix.")
    return render_notice(sentence, " ", html.render_link(view.build_url(page, agency=None), text))
