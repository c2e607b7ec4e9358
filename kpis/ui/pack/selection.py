"""The choice of week and scope, held in the address; at first the week of the chosen day and the filters' plan."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import streamlit as st

from kpis.errors import UsageError
from kpis.language import formatting
from kpis.language.messages import Language
from kpis.pack.edition.folders import ALL_PLANS, get_default_folder, list_editions
from kpis.pack.figures.scopes import list_scopes
from kpis.pack.figures.weeks import Week, get_week, parse_week
from kpis.settings import load_settings
from kpis.store.database import Database
from kpis.ui import pages
from kpis.ui.shared import data, html, states
from kpis.ui.shared.list_links import build_list_url
from kpis.ui.shared.lists.filter_links import MAX_LINKED_CHOICES
from kpis.ui.shared.lists.search_fields import show_choice_field
from kpis.ui.shared.page_view import PageView, show_in_address
from kpis.ui.shared.table_query import TableQuery, get_table_query

T = TypeVar("T")

_OLDEST = timedelta(weeks=1_040)
"""How long before today a week of an address may be: no plan had begun earlier."""
_WEEKS_OFFERED = 60
"""Weeks back from the current one: a little more than a year."""

NO_SCOPE = "None of your plans is in the figures yet. Ask the administrator which plans are read."
"""What the page says to a reader for whose plans nothing has been read."""

SELECT_WIDTH = 340
"""Width of a select box in px: two fit side by side, on a phone one below the other."""


@dataclass(frozen=True)
class PackSelection:
    """What the page shows; `plan` None is all plans, `place_names` are plan -> name of its place."""

    week: Week
    plan: str | None
    lang: Language
    place_names: Mapping[str, str]
    pointer: Path
    shared: Path | None = None

    @property
    def editions_folder(self) -> Path:
        """The folder of the editions."""
        return get_default_folder(self.pointer, self.shared)

    @property
    def scope(self) -> str:
        """The scope in the address: a plan, or "all"."""
        return self.plan or ALL_PLANS


def find_selection(db: Database, view: PageView, query: TableQuery) -> PackSelection | None:
    """Return what an address selects; a week or scope that is no choice is replaced by the first one.

    None where there is no scope to choose: the reader's plans are not in the database.
    """
    names = data.call_cached(db, list_scopes)
    scopes = list_scope_choices(view, names)
    if not scopes:
        return None
    scope = query.scope if query.scope in scopes else _get_first_scope(view, names, scopes)
    week = _parse_choice(query.week, view) or _get_first_week(view)
    shared = load_settings(os.environ, read_only=True).shared
    return PackSelection(week, None if scope == ALL_PLANS else scope, view.lang, names, db.pointer, shared)


def list_scope_choices(view: PageView, names: Mapping[str, str]) -> list[str]:
    """Return the scopes that the reader may choose: all plans for who sees all their editions, then each plan."""
    return [*([ALL_PLANS] if view.sees_all_editions else []), *names]


def _get_first_scope(view: PageView, names: Mapping[str, str], scopes: Sequence[str]) -> str:
    """Return the plan of the filters. Of the only plan the editions of all are shown, which the weekly run seals."""
    is_chosen = len(names) > 1 and view.filters.plan in names
    return view.filters.plan if is_chosen and view.filters.plan else scopes[0]


def _get_first_week(view: PageView) -> Week:
    return min(get_week(view.as_of), get_week(view.today))


def _parse_choice(text: str, view: PageView) -> Week | None:
    """Return the week of an address; None for none, a text that is no week, one to come, or one too long ago."""
    if not text:
        return None
    try:
        week = parse_week(text)
    except UsageError:
        return None
    current = get_week(view.today)
    return week if current.monday - _OLDEST <= week.monday <= current.monday else None


def select_week_and_plan(view: PageView) -> PackSelection | None:
    """Draw the choices of week and scope, and return what the address selects; a sentence and None without a scope."""
    query = get_table_query()
    selection = find_selection(data.get_current_database(), view, query)
    if selection is None:
        html.show_markup(states.render_empty(view.lang, view.t(NO_SCOPE)))
        return None
    current, first_week = get_week(view.today), _get_first_week(view)
    weeks = [Week(current.monday - timedelta(weeks=back)) for back in range(_WEEKS_OFFERED)]
    weeks += [week for week in dict.fromkeys((first_week, selection.week)) if week not in weeks]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        choose_in_address(
            view,
            view.t("Week"),
            weeks,
            selection.week,
            lambda week: format_week(week, view.lang),
            lambda week: replace(query, week="" if week == first_week else str(week), page=1),
            key="kpis_pack_week",
        )
        _choose_scope(view, query, selection)
    week_text = "" if _parse_choice(query.week, view) else query.week
    show_refused_choices(view, [(week_text, str(selection.week)), (query.scope, selection.scope)])
    return selection


def _choose_scope(view: PageView, query: TableQuery, selection: PackSelection) -> None:
    """Draw the choice of the scope: a select box, or a text field where there are many."""
    scopes, label = list_offered_scopes(view, selection), view.t("Figures of")
    if len(scopes) < 2:
        return
    first_scope = _get_first_scope(view, selection.place_names, scopes)

    def build_query(scope: str) -> TableQuery:
        return replace(query, scope="" if scope == first_scope else scope, first="", second="", page=1)

    def format_scope(scope: str) -> str:
        if len(selection.place_names) > 1:
            return view.t("All plans") if scope == ALL_PLANS else selection.place_names[scope]
        [name] = selection.place_names.values()
        return name if scope == ALL_PLANS else view.t("{place}, sealed by the name of the plan", place=name)

    if len(scopes) <= MAX_LINKED_CHOICES:
        choose_in_address(view, label, scopes, selection.scope, format_scope, build_query, key="kpis_pack_scope")
        return
    plans = {name: plan for plan, name in selection.place_names.items()}
    chosen = selection.place_names[selection.plan] if selection.plan else None
    with st.container(width=SELECT_WIDTH):
        show_choice_field(
            view,
            "kpis_pack_scope_text",
            label,
            list(plans),
            chosen,
            lambda name: build_list_url(view, pages.PACK, build_query(plans.get(name, ALL_PLANS))),
            offers_all=ALL_PLANS in scopes,
        )


def list_offered_scopes(view: PageView, selection: PackSelection) -> list[str]:
    """Return the scopes of the choice. The only plan that there is stands once, and by its own id where that was used.

    The editions of all plans are then about it alone; `kpis pack --province` may have sealed some by its name.
    """
    scopes = list_scope_choices(view, selection.place_names)
    if len(selection.place_names) > 1 or ALL_PLANS not in scopes or selection.plan is not None:
        return scopes
    return [scope for scope in scopes if scope == ALL_PLANS or list_editions(selection.editions_folder, scope)]


def choose_in_address(
    view: PageView,
    label: str,
    options: Sequence[T],
    selected: T,
    format_option: Callable[[T], str],
    build_query: Callable[[T], TableQuery],
    *,
    key: str,
) -> None:
    """Draw a select box of what the address selects; choosing another option puts `build_query` of it there."""
    st.session_state[key] = selected

    def change_address() -> None:
        show_in_address(view, build_query(st.session_state[key]))

    st.selectbox(label, options, format_func=format_option, key=key, on_change=change_address, width=SELECT_WIDTH)


def show_refused_choices(view: PageView, choices: Iterable[tuple[str, str]]) -> None:
    """Say which values of the address are no choices; `choices` are (value in the address, what the page selects)."""
    sentence = "“{value}” in the address is no choice of this page; {shown} is shown instead."
    notices = [
        states.render_notice(view.t(sentence, value=value[:40], shown=selected))
        for value, selected in choices
        if value and value != selected
    ]
    if notices:
        html.show_markup(states.render_notices(notices))


def format_week(week: Week, lang: Language) -> str:
    """Return a week and its days, short enough for a phone: "2026-W47 · 16–22/11"."""
    first, last = (formatting.format_day_and_month(day, lang) for day in (week.monday, week.sunday))
    if lang == "vi" and week.monday.month == week.sunday.month:
        first = first[:2]
    return f"{week} · {first}–{last}"
