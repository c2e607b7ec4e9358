"""The choice of week and scope; at first the week of the chosen day and the plan of the filters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import streamlit as st

from kpis.language import formatting
from kpis.language.messages import Language
from kpis.pack.edition.folders import get_default_folder
from kpis.pack.figures.scopes import list_scopes
from kpis.pack.figures.weeks import Week, get_week
from kpis.ui.shared import data
from kpis.ui.shared.choice_fields import choose_option
from kpis.ui.shared.page_view import PageView
from kpis.ui.shared.viewer import get_viewer

_WEEKS_OFFERED = 60
"""Weeks back from the current one: a little more than a year."""

_ALL_PLANS = ""
"""The option for all plans; None would be an empty box that can be cleared."""

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

    @property
    def editions_folder(self) -> Path:
        """The folder of the editions."""
        return get_default_folder(self.pointer)


def select_week_and_plan(view: PageView) -> PackSelection:
    """Draw two select boxes and return what is selected."""
    names = data.cache_per_version(list_scopes)()
    current = get_week(view.today)
    initial = min(get_week(view.as_of), current)
    weeks = [Week(current.monday - timedelta(weeks=back)) for back in range(_WEEKS_OFFERED)]
    if initial not in weeks:
        weeks.append(initial)
    # The editions of all plans are for who sees all of them.
    plans = [*([_ALL_PLANS] if get_viewer().may("download") else []), *names]
    # Of the only plan the editions of all plans are shown, which the weekly run of `pack` seals.
    is_chosen = len(names) > 1 and view.filters.plan in names
    initial_plan = view.filters.plan if is_chosen and view.filters.plan else plans[0]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        week = st.selectbox(
            view.t("Week"),
            weeks,
            index=weeks.index(initial),
            format_func=lambda week: format_week(week, view.lang),
            key="kpis_pack_week",
            width=SELECT_WIDTH,
        )
        plan = choose_option(
            view,
            view.t("Figures of"),
            plans,
            lambda plan: names[plan] if plan else view.t("All plans"),
            index=plans.index(initial_plan),
            key="kpis_pack_scope",
            width=SELECT_WIDTH,
        )
    return PackSelection(week, plan or None, view.lang, names, data.get_current_database().pointer)


def format_week(week: Week, lang: Language) -> str:
    """Return a week and its days, short enough for a phone: "2026-W47 · 16–22/11"."""
    first, last = (formatting.format_day_and_month(day, lang) for day in (week.monday, week.sunday))
    if lang == "vi" and week.monday.month == week.sunday.month:
        first = first[:2]
    return f"{week} · {first}–{last}"
